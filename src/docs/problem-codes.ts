import { OWN_PROBLEMS, isForProbes } from '../common/http/index.js';
import type { ProblemCode } from '../common/index.js';
import type { PlacedOperation } from './operations.js';

/** From pages of other sites, or under a name that anybody could give this server. */
const OF_SITES: readonly ProblemCode[] = ['foreign_site', 'unknown_host'];

/** Where a key is needed: none, a wrong one, one that may not do this, or nobody can tell whose it is. */
const OF_ACCESS: readonly ProblemCode[] = [
  'unauthenticated',
  'forbidden',
  'database_unavailable',
  'issuer_unavailable',
  'secrets_key_unavailable',
];

/** A part of the address that is badly encoded, or longer than anything that has a name here. */
const OF_ADDRESSES: readonly ProblemCode[] = ['bad_request', 'not_found'];

/** A body is read before the operation is reached, also where none is asked for. */
const OF_BODIES: readonly ProblemCode[] = [
  'malformed_json',
  'forbidden_key',
  'bad_encoding',
  'bad_request',
  'payload_too_large',
  'unsupported_media_type',
  'validation_failed',
  'invalid_unicode',
  'invalid_number',
  'too_deep',
  'overloaded',
  'storage_full',
];

/** What comes of taking a parameter, by its name. */
const OF_PARAMETERS: Readonly<Record<string, readonly ProblemCode[]>> = {
  cursor: ['invalid_cursor'],
  'Idempotency-Key': ['idempotency_key_reused', 'validation_failed'],
  'If-Match': ['precondition_required', 'precondition_failed'],
};

/** Every problem that an operation can answer: its own, and those of what it takes and of how it is reached. */
export function problemCodesOf({ path, method, operation }: PlacedOperation): ReadonlySet<ProblemCode> {
  const parameters = operation.parameters ?? [];
  return new Set([
    ...((operation[OWN_PROBLEMS] ?? []) as ProblemCode[]),
    ...OF_SITES,
    ...(isForProbes(path) ? [] : (['rate_limited'] as const)),
    ...(operation.security ? OF_ACCESS : []),
    ...(path.includes('{') ? OF_ADDRESSES : []),
    ...(method === 'get' ? [] : OF_BODIES),
    ...(parameters.some((parameter) => parameter.in === 'query') ? (['validation_failed'] as const) : []),
    ...parameters.flatMap(({ name }) => OF_PARAMETERS[name] ?? []),
  ]);
}
