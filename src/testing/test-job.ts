import { createHash } from 'node:crypto';
import { type Duration, after } from '../common/duration.js';
import { canonicalJson } from '../common/index.js';
import type { JsonObject, NewJob, UniqueKey } from '../queue/index.js';

/** A job that a test enqueues. What is left out comes from its type. */
export interface TestJob extends Omit<NewJob, 'payload' | 'delayMs' | 'unique' | 'idempotency' | 'at'> {
  /** Checked as a submission's; default `{}`. */
  readonly payload?: JsonObject;
  /** The wait before the earliest start: seconds, or amounts of calendar units. Instead of `scheduledAt`. */
  readonly delay?: Duration;
  /** Default: `while` waiting, `onConflict` return; null = not unique, also where the type says so. */
  readonly unique?: Partial<UniqueKey> | null;
  /** The same key again gives back the first job. */
  readonly idempotencyKey?: string;
}

/**
 * The job as the queue takes it.
 * @throws TypeError when it names both `delay` and `scheduledAt`
 */
export function toNewJob(job: TestJob, now: Date): NewJob {
  const { delay, unique, idempotencyKey, payload = {}, ...rest } = job;
  if (delay !== undefined && rest.scheduledAt)
    throw new TypeError('Give either delay or scheduledAt, not both');
  return {
    ...rest,
    payload,
    ...(delay === undefined ? {} : { scheduledAt: after(now, delay) }),
    ...(unique === undefined
      ? {}
      : { unique: unique && { while: 'waiting', onConflict: 'return', ...unique } }),
    ...(idempotencyKey === undefined
      ? {}
      : { idempotency: { key: idempotencyKey, fingerprint: fingerprintOf(job) } }),
  };
}

function fingerprintOf({ idempotencyKey: _, ...asked }: TestJob): string {
  return createHash('sha256').update(canonicalJson(asked)).digest('hex');
}
