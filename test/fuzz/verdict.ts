import { answerFaults } from '../support/openapi/answer-faults.js';
import { type Operation, operationAt, operations } from '../support/openapi/operations.js';
import type { FuzzAnswer } from './exchange.js';
import type { FuzzRequest } from './requests.js';

const SLOWEST_MS = 5_000;

/** What an address that is not documented may answer, or a method of it. */
const ELSEWHERE = [400, 403, 404, 405, 413, 415, 421, 422];

/** What must never leave: SQL, stacks, places on the machine. */
const INTERNAL =
  /pgboss\.|node_modules|\.[jt]s:\d|\bat (?:\S+ ){0,2}\(?(?:<anonymous>|(?:\/|file:|node:)\S*:\d+:\d+)|relation "|syntax error at|invalid input syntax|postgres/i;

/** Everything that is wrong with an answer, each fault with the operation in front. */
export function faultsOf(request: FuzzRequest, answer: FuzzAnswer): string[] {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const operation = operationAt(method, request.url);
  const name = operation ? `${request.method} ${operation.path}` : `${request.method} elsewhere`;
  const faults = [
    ...statusFaults(operation, answer),
    ...(answer.ms > SLOWEST_MS ? [`took ${Math.round(answer.ms)} ms`] : []),
    ...(answer.status >= 400 && INTERNAL.test(answer.body) ? ['tells something internal'] : []),
    ...(operation || request.method === 'HEAD' ? [] : problemFaults(answer)),
  ].map((fault) => `${name} → ${answer.status}: ${fault}`);
  return request.method === 'HEAD' ? faults : [...faults, ...documentedFaults(request, answer)];
}

function statusFaults(operation: Operation | undefined, { status, body }: FuzzAnswer): string[] {
  if (status >= 500) return [`a failure: ${body.slice(0, 300)}`];
  if (!operation) return ELSEWHERE.includes(status) ? [] : ['a status for an address that is not documented'];
  return operation.answers.has(status) ? [] : ['a status that is not documented'];
}

/** The value that is wrong differs from request to request, and the fault is the same. */
function documentedFaults({ method, url }: FuzzRequest, { status, headers, body }: FuzzAnswer): string[] {
  const single = Object.entries(headers).map(([name, value]) => [name, value?.toString()]);
  return answerFaults({ method, url, status, headers: Object.fromEntries(single), body }).map((fault) =>
    fault.replace(/: [^:]*$/, ''),
  );
}

function problemFaults({ status, headers, body }: FuzzAnswer): string[] {
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim();
  if (type !== 'application/problem+json') return status < 400 ? [] : [`no problem but ${type}`];
  const problem = JSON.parse(body) as Record<string, unknown>;
  return [
    ...(problem.status === status ? [] : ['a problem of another status']),
    ...(/^[a-z_]+$/.test(String(problem.code)) ? [] : ['no code']),
    ...(problem.request_id === headers['x-request-id'] ? [] : ['no request id, or another one']),
  ];
}

/** Every documented operation and success, to tell at the end which ones no request has reached. */
export const successes: readonly string[] = operations.flatMap(({ method, path, answers }) =>
  [...answers.keys()].filter((status) => status < 300).map((status) => `${method} ${path} ${status}`),
);
