import type { ClassConstructor } from 'class-transformer';
import { Choice, Decimal, Integer, declare, says } from '../../common/http/index.js';
import { EgressRules, LONGEST_URL } from '../../egress/index.js';
import { type ExpectedStatus, expectedStatusFault } from './expected-status.js';
import { headersFault } from './request-headers.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const DEFAULT_TIMEOUT_SECONDS = 10;
const LONGEST_TIMEOUT_SECONDS = 30;
const DEFAULT_RESPONSE_BYTES = 64 * 1024;
const MOST_RESPONSE_BYTES = 256 * 1024;
const MOST_REDIRECTS = 3;

/** What a payload that says nothing of it means. */
const DEFAULTS = {
  method: 'GET',
  headers: {} as Record<string, string>,
  expected_status: ['2xx'] as ExpectedStatus[],
  timeout: DEFAULT_TIMEOUT_SECONDS,
  response_max_bytes: DEFAULT_RESPONSE_BYTES,
  follow_redirects: MOST_REDIRECTS,
};

/** A request, as it is asked for. */
export abstract class HttpRequestPayload {
  abstract url: string;

  @Choice({ description: 'The method.', choices: METHODS, optional: true, default: DEFAULTS.method })
  method?: string;

  @declare(
    {
      description:
        'Headers, up to 50 and 8,000 characters. Not those of the connection (Host, Content-Length, Transfer-Encoding …), nor Idempotency-Key and X-Job-Attempt, which are sent with the id of the job and the number of the attempt.',
      optional: true,
      example: { Accept: 'application/json' },
    },
    { type: 'object', additionalProperties: { type: 'string' }, maxProperties: 50 },
    says('areHeaders', headersFault),
  )
  headers?: Record<string, string>;

  @declare(
    {
      description:
        'The body, sent as UTF-8; as text/plain unless the headers say otherwise. Not with GET and HEAD.',
      optional: true,
      example: 'a=1&b=2',
    },
    { type: 'string' },
    says('isBody', (value: unknown, of: HttpRequestPayload) => bodyFault('body', value, of)),
  )
  body?: string;

  @declare(
    {
      description: 'Any JSON value in place of `body`, sent as application/json.',
      optional: true,
      example: { event: 'signup' },
    },
    {},
    says('isOnlyBody', (value: unknown, of: HttpRequestPayload) => bodyFault('json', value, of)),
  )
  json?: unknown;

  @declare(
    {
      description: 'Statuses that count as success: codes, and classes such as "2xx".',
      optional: true,
      default: DEFAULTS.expected_status,
      example: [200, 404],
    },
    {
      type: 'array',
      items: {
        oneOf: [
          { type: 'integer', minimum: 200, maximum: 599 },
          { type: 'string', enum: ['2xx', '3xx', '4xx', '5xx'] },
        ],
      },
      minItems: 1,
      maxItems: 20,
    },
    says('areStatuses', expectedStatusFault),
  )
  expected_status?: ExpectedStatus[];

  @Decimal({
    description: 'Seconds for all of it, redirects and the whole answer included.',
    min: 1,
    max: LONGEST_TIMEOUT_SECONDS,
    optional: true,
    default: DEFAULTS.timeout,
  })
  timeout?: number;

  @Integer({
    description: "How much of the answer's body is kept, in bytes, decompressed; what is beyond is cut.",
    min: 0,
    max: MOST_RESPONSE_BYTES,
    optional: true,
    default: DEFAULTS.response_max_bytes,
  })
  response_max_bytes?: number;

  @Integer({
    description: 'How many redirects are followed; 0 = none, and the redirect itself is the answer.',
    min: 0,
    max: MOST_REDIRECTS,
    optional: true,
    default: DEFAULTS.follow_redirects,
  })
  follow_redirects?: number;
}

/** The payload's class where these rules say which URLs may be asked. */
export function httpRequestPayload(rules: EgressRules): ClassConstructor<HttpRequestPayload> {
  class RuledHttpRequestPayload extends HttpRequestPayload {
    @declare(
      {
        description: `Where to, up to ${LONGEST_URL} characters: a public address, by https, at port 443, 80 or 8443. HTTP_ALLOW_HTTP and HTTP_ALLOW_PRIVATE allow more.`,
        example: 'https://example.com/hooks',
      },
      { type: 'string', format: 'uri', maxLength: LONGEST_URL },
      says('isAllowedUrl', (value) => {
        const fault = rules.faultOf(value);
        return fault && `url ${fault}`;
      }),
    )
    url: string;
  }
  return RuledHttpRequestPayload;
}

/** A payload with all that it leaves to the defaults, and its body as it is sent. */
export function resolve({ json, ...payload }: HttpRequestPayload) {
  const body = json === undefined ? payload.body : JSON.stringify(json);
  const type = json === undefined ? 'text/plain;charset=UTF-8' : 'application/json';
  return { ...DEFAULTS, ...payload, body, contentType: body === undefined ? undefined : type };
}

function bodyFault(name: string, value: unknown, { method = 'GET', body, json }: HttpRequestPayload) {
  if (method === 'GET' || method === 'HEAD') return `${name} cannot be sent with ${method}: use POST`;
  if (name === 'body' && typeof value !== 'string') return 'body must be a text: JSON belongs in json';
  return body !== undefined && json !== undefined ? 'body and json exclude each other: send one' : undefined;
}
