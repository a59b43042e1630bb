import { createHash } from 'node:crypto';
import { type Fault, canonicalJson, invalid } from '../common/index.js';
import type { BackoffPolicy, JobType, UniqueKey } from '../queue/index.js';
import type { BackoffRequest, JobRequest } from './create-job.dto.js';
import type { UniqueRequest } from './unique.dto.js';

/** `retry: n` is n + 1 executions; for ever is null. */
export function attemptsOf({ max_attempts, retry }: JobRequest): number | null | undefined {
  if (retry === undefined) return max_attempts;
  if (typeof retry === 'number') return retry + 1;
  return retry === true ? null : (retry.max_attempts ?? null);
}

/** How the retries wait, where the request says so. */
export function backoffOf({ retry, backoff }: JobRequest, type: JobType): BackoffPolicy | undefined {
  if (typeof retry === 'object') {
    const { wait = 0, linear_wait: linearWait = 0, exponential_wait: exponentialWait = 0 } = retry;
    return { strategy: 'formula', wait, linearWait, exponentialWait };
  }
  return backoff && exponential(backoff, type.backoff);
}

/** What keeps a second job away; null = nothing, undefined = as the type says. */
export function uniqueOf(request: UniqueRequest | null | undefined): UniqueKey | null | undefined {
  if (!request) return request;
  const { key, by, while: held = 'waiting', on_conflict: onConflict = 'return' } = request;
  return { while: held, onConflict, ...(key === undefined ? {} : { key }), ...(by ? { by } : {}) };
}

/** Equal for equal requests for many jobs. */
export function requestFingerprint(request: object): string {
  return createHash('sha256').update(canonicalJson(request)).digest('hex');
}

/** Equal for equal requests; the key itself is no part of what was asked. */
export function fingerprintOf(type: JobType, request: object): string {
  const asked = Object.entries(request).filter(([name]) => name !== 'idempotency_key' && name !== 'type');
  const text = canonicalJson([type.type, Object.fromEntries(asked)]);
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Fields that say the same thing twice: which one holds would be a guess.
 * @throws DomainError validation_failed
 */
export function refuseContradictions(request: JobRequest): void {
  const faults = [
    ...both(request, '', ['scheduled_at', 'schedule_at', 'schedule_in']),
    ...both(request, '', ['max_attempts', 'retry']),
    ...(request.unique ? both(request.unique, '/unique', ['key', 'by']) : []),
  ];
  if (typeof request.retry === 'object' && request.backoff) {
    const detail = 'Give either the waits in retry or backoff, not both';
    faults.push({ pointer: '/backoff', detail, code: 'contradiction' });
  }
  if (faults.length > 0) throw invalid('validation_failed', faults);
}

function both<T extends object>(request: T, base: string, names: readonly (keyof T & string)[]): Fault[] {
  const [first, second] = names.filter((name) => request[name] !== undefined);
  if (!first || !second) return [];
  const detail = `Give either ${first} or ${second}, not both`;
  return [{ pointer: `${base}/${second}`, detail, code: 'contradiction' }];
}

/** A request for exponential waits, completed by what the type has. */
export function exponential(request: BackoffRequest, ofType: BackoffPolicy): BackoffPolicy {
  const base = ofType.strategy === 'exponential' ? ofType : { baseDelay: 1, maxDelay: 300, jitter: 0.1 };
  const baseDelay = request.base_delay ?? base.baseDelay;
  return {
    strategy: 'exponential',
    baseDelay,
    maxDelay: request.max_delay ?? Math.max(base.maxDelay, baseDelay),
    jitter: request.jitter ?? base.jitter,
  };
}
