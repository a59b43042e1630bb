import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { closed } from './closed-schemas.js';
import { type DocumentedAnswer, type Operation, document, operationAt } from './operations.js';

/** An answer as it arrived. */
export interface SeenAnswer {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly status: number;
  /** By name, in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** undefined = it was not read. */
  readonly body: string | undefined;
}

/** What Node.js and the router answer before any operation is reached. */
const BEFORE_ROUTING = [405, 408, 431];

/** Headers of any answer: of HTTP itself, for browsers, and those that the introduction of the document names. */
const ANY_ANSWER =
  /^(connection|keep-alive|date|content-(type|length|security-policy)|transfer-encoding|cache-control|vary|x-accel-buffering|x-request-id|ratelimit(-policy)?|access-control-.*|cross-origin-.*|origin-agent-cluster|referrer-policy|strict-transport-security|x-(content-type-options|dns-prefetch-control|download-options|frame-options|permitted-cross-domain-policies|xss-protection))$/;

const PROBLEM = 'application/problem+json';
const LONGEST_VALUE = 80;

const ajv = new Ajv2020({
  strict: false,
  validateSchema: false,
  allErrors: true,
  verbose: true,
  inlineRefs: false,
  code: { optimize: false },
});
addFormats.default(ajv);
ajv.addSchema(closed(document), 'api');

/** All that the document does not say of an answer, or says otherwise, each fault with the operation in front. */
export function answerFaults(answer: SeenAnswer): string[] {
  const operation = operationAt(answer.method, answer.url);
  if (!operation || BEFORE_ROUTING.includes(answer.status)) return [];
  const documented = operation.answers.get(answer.status);
  const faults = documented
    ? [...headerFaults(documented, answer), ...bodyFaults(documented, answer)]
    : [`the status is not documented: ${short(answer.body)}`];
  return faults.map((fault) => `${named(operation)} → ${answer.status}: ${fault}`);
}

function named({ id, method, path }: Operation): string {
  return `${id} (${method} ${path})`;
}

function headerFaults({ headers }: DocumentedAnswer, answer: SeenAnswer): string[] {
  const missing = [...headers].filter(([name, required]) => required && answer.headers[name] === undefined);
  const unknown = Object.entries(answer.headers).filter(
    ([name, value]) => value !== undefined && !headers.has(name) && !ANY_ANSWER.test(name),
  );
  return [
    ...missing.map(([name]) => `the header ${name} is missing`),
    ...unknown.map(([name, value]) => `the header ${name} is not documented: ${short(value)}`),
  ];
}

function bodyFaults(documented: DocumentedAnswer, { headers, body }: SeenAnswer): string[] {
  const { types } = documented;
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim();
  if (types.length === 0) return body ? [`a body where none is documented: ${short(body)}`] : [];
  if (types.includes('*/*')) return [];
  if (!types.includes(type)) return [`the type ${type} is not documented`];
  if (!type.endsWith('json') || body === undefined) return [];
  return jsonFaults(documented, type, headers, body);
}

function jsonFaults(
  documented: DocumentedAnswer,
  type: string,
  headers: SeenAnswer['headers'],
  text: string,
): string[] {
  let body: Record<string, unknown>;
  try {
    body = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return [`no JSON: ${short(text)}`];
  }
  const validate = schemaOf(documented, type);
  const isOtherRequest = type === PROBLEM && body.request_id !== headers['x-request-id'];
  const faults = validate(body) ? [] : [...new Set((validate.errors ?? []).map(told))];
  return isOtherRequest ? [...faults, 'the request_id is not that of the header'] : faults;
}

/** Compiled once it is needed; ajv keeps it. */
function schemaOf({ steps }: DocumentedAnswer, type: string): ValidateFunction {
  const escape = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
  return ajv.getSchema(`api#/${[...steps, 'content', type, 'schema'].map(escape).join('/')}`)!;
}

/** The same place of every item of a list is one fault. */
function told({ instancePath, message = '', params, data }: ErrorObject): string {
  const member = Object.entries(params as Record<string, unknown>)
    .filter(([name]) => name.endsWith('Property'))
    .map(([, value]) => ` "${String(value)}"`);
  const place = instancePath.replace(/\/\d+/g, '/n') || '/';
  return `${place} ${message}${member.join('')}: ${short(JSON.stringify(data))}`;
}

function short(text = ''): string {
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}
