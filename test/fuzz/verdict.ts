import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FuzzAnswer } from './exchange.js';
import { type Operation, type Schema, document, operationAt, operations } from './operations.js';
import type { FuzzRequest } from './requests.js';

const SLOWEST_MS = 5_000;

/**
 * What a document need not say of every operation: what Node.js and the router answer before it is reached, and what
 * pages of other sites are answered.
 */
const BEFORE_ROUTING = [400, 403, 404, 405, 413, 415, 421, 422];

/** What must never leave: SQL, stacks, places on the machine. */
const INTERNAL =
  /pgboss\.|node_modules|\.[jt]s:\d|\bat (?:\S+ ){0,2}\(?(?:<anonymous>|(?:\/|file:|node:)\S*:\d+:\d+)|relation "|syntax error at|invalid input syntax|postgres/i;

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(closed(document), 'api');

/** Answers hold nothing that is not documented; problems may hold more, as RFC 9457 has it. */
function closed(api: Schema): Schema {
  const schemas = Object.entries<Schema>(api.components.schemas).map(([name, schema]) => {
    const isOpen = !schema.properties || name.startsWith('Problem') || 'additionalProperties' in schema;
    return [name, isOpen ? schema : { ...schema, additionalProperties: false }];
  });
  return { ...api, components: { schemas: Object.fromEntries(schemas) } };
}

/** Everything that is wrong with an answer, each fault with the operation in front. */
export function faultsOf(request: FuzzRequest, answer: FuzzAnswer): string[] {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const operation = operationAt(method, request.url);
  const name = operation ? `${request.method} ${operation.path}` : `${request.method} elsewhere`;
  return [
    ...statusFaults(operation, answer),
    ...(answer.ms > SLOWEST_MS ? [`took ${Math.round(answer.ms)} ms`] : []),
    ...(answer.status >= 400 && INTERNAL.test(answer.body) ? ['tells something internal'] : []),
    ...(request.method === 'HEAD' ? [] : bodyFaults(operation, answer)),
  ].map((fault) => `${name} → ${answer.status}: ${fault}`);
}

function statusFaults(operation: Operation | undefined, { status, body }: FuzzAnswer): string[] {
  if (status >= 500) return [`a failure: ${body.slice(0, 300)}`];
  if (!operation)
    return BEFORE_ROUTING.includes(status) ? [] : ['a status for an address that is not documented'];
  return operation.answers.has(status) ? [] : ['a status that is not documented'];
}

function bodyFaults(operation: Operation | undefined, answer: FuzzAnswer): string[] {
  const type = (answer.headers['content-type'] ?? '').split(';')[0]!.trim();
  if (answer.status >= 400 && !operation?.answers.get(answer.status)?.includes(type))
    return problemFaults(type, answer);
  const types = operation?.answers.get(answer.status);
  if (!types) return [];
  if (types.length === 0) return answer.body === '' ? [] : ['a body where none is documented'];
  if (types.includes('*/*')) return [];
  if (!types.includes(type)) return [`the type ${type}`];
  if (!type.endsWith('json')) return [];
  const faults = jsonFaults(schemaOf(operation!, answer.status, type), answer.body);
  return type === 'application/problem+json' ? [...problemFaults(type, answer), ...faults] : faults;
}

function problemFaults(type: string, { status, headers, body }: FuzzAnswer): string[] {
  if (type !== 'application/problem+json') return [`no problem but ${type}`];
  const problem = JSON.parse(body) as Schema;
  return [
    ...(problem.status === status ? [] : ['a problem of another status']),
    ...(/^[a-z_]+$/.test(String(problem.code)) ? [] : ['no code']),
    ...(problem.request_id === headers['x-request-id'] ? [] : ['no request id, or another one']),
  ];
}

function jsonFaults(validate: ValidateFunction | undefined, body: string): string[] {
  if (!validate) return ['no schema'];
  try {
    if (validate(JSON.parse(body))) return [];
  } catch {
    return [`no JSON: ${body.slice(0, 100)}`];
  }
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath.replace(/\d+/g, 'n')} ${message ?? ''} ${JSON.stringify(params).slice(0, 200)}`,
  );
}

function schemaOf({ method, path }: Operation, status: number, type: string): ValidateFunction | undefined {
  const escape = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
  const steps = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema'];
  return ajv.getSchema(`api#/${steps.map(escape).join('/')}`);
}

/** Every documented operation and success, to tell at the end which ones no request has reached. */
export const successes: readonly string[] = operations.flatMap(({ method, path, answers }) =>
  [...answers.keys()].filter((status) => status < 300).map((status) => `${method} ${path} ${status}`),
);
