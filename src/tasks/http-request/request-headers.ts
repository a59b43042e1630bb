import { isJsonObject } from '../../common/json-object.js';

/** What the connection needs for itself, or what could make one request look like two. */
const OF_THE_CONNECTION = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const IDEMPOTENCY_KEY = 'idempotency-key';
const JOB_ATTEMPT = 'x-job-attempt';

const MOST_HEADERS = 50;
/** Names and values together; many servers take 8 KiB in all. */
const MOST_CHARACTERS = 8_000;

/** RFC 9110: a token. */
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
/** Visible ASCII with spaces and tabs inside: more is not understood everywhere, and less would be two lines. */
const VALUE = /^[\t\x20-\x7e]*$/;

/** What is wrong with the headers of a payload, in words. */
export function headersFault(value: unknown): string | undefined {
  if (!isJsonObject(value)) {
    return 'headers must be an object of texts, such as {"Accept": "application/json"}';
  }
  const headers = Object.entries(value);
  if (headers.length > MOST_HEADERS) return `headers must not be more than ${MOST_HEADERS}`;
  const seen = new Set<string>();
  let characters = 0;
  for (const [name, content] of headers) {
    const fault = headerFault(name, content);
    if (fault) return fault;
    if (seen.has(name.toLowerCase())) return `headers names "${name}" twice: join the values with a comma`;
    seen.add(name.toLowerCase());
    characters += name.length + String(content).length;
  }
  return characters > MOST_CHARACTERS
    ? `headers must not be longer than ${MOST_CHARACTERS} characters in all`
    : undefined;
}

function headerFault(name: string, content: unknown): string | undefined {
  const shown = JSON.stringify(name.slice(0, 100));
  const key = name.toLowerCase();
  if (!NAME.test(name)) return `headers must not hold ${shown}: a name has letters, digits and hyphens only`;
  if (OF_THE_CONNECTION.has(key)) return `headers must not hold ${shown}: it is set for each connection`;
  if (key === IDEMPOTENCY_KEY) return `headers must not hold ${shown}: it is the id of the job`;
  if (key === JOB_ATTEMPT) return `headers must not hold ${shown}: it is the number of the attempt`;
  if (typeof content !== 'string') return `headers must hold a text under ${shown}`;
  return VALUE.test(content)
    ? undefined
    : `headers must hold visible ASCII characters only under ${shown}: encode others`;
}

/** What a request is sent with, beside what its payload says. */
interface Defaults {
  readonly jobId: string;
  readonly attempt: number;
  readonly userAgent: string;
  readonly contentType: string | undefined;
}

/** The headers to send, their names in lower case. */
export function headersToSend(
  own: Readonly<Record<string, string>>,
  { jobId, attempt, userAgent, contentType }: Defaults,
): Record<string, string> {
  return {
    'user-agent': userAgent,
    accept: '*/*',
    'accept-encoding': 'identity',
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value])),
    [IDEMPOTENCY_KEY]: jobId,
    [JOB_ATTEMPT]: String(attempt),
  };
}
