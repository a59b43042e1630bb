import { invalid } from '../../common/index.js';
import type { BackoffPolicy } from '../backoff/backoff-policy.js';
import type { JobType } from '../job-types.js';
import type { JsonObject, UniqueWhile } from '../job.entity.js';
import { type UniqueField, uniqueKeyOf } from './unique-key.js';

/** A key that makes asking again safe: the same key gives back the first job. */
export interface IdempotencyKey {
  readonly key: string;
  /** Equal for equal requests: another request under the same key is refused. */
  readonly fingerprint: string;
}

/** What happens to a job whose unique key is taken. */
export type OnConflict = 'return' | 'replace' | 'reject';

/** A key that at most one job holds at a time. */
export interface UniqueKey {
  /** At most 255 characters. Without it the key is made of `by`. */
  readonly key?: string;
  /** What makes two jobs the same: default type and payload. */
  readonly by?: readonly UniqueField[];
  /** Until when it is held: its job's first claim, its job's end, or so many seconds after its job's creation. */
  readonly while: 'waiting' | 'unfinished' | { readonly seconds: number };
  readonly onConflict: OnConflict;
}

/** A job to be enqueued. What is left out comes from its type. */
export interface NewJob {
  readonly type: string;
  readonly payload: JsonObject;
  /** An id of the caller's own (UUIDv7): enqueuing it again gives back the first job. */
  readonly id?: string;
  readonly queue?: string;
  /** 1 (first) to 10 (last). */
  readonly priority?: number;
  /** The earliest start; a time that has passed means now. */
  readonly scheduledAt?: Date;
  /** The same, in milliseconds from the moment the database stores the job. */
  readonly delayMs?: number;
  /** Executions; null = no limit. */
  readonly maxAttempts?: number | null;
  readonly backoff?: BackoffPolicy;
  readonly timeoutSeconds?: number;
  readonly tags?: readonly string[];
  readonly createdBy?: string;
  readonly idempotency?: IdempotencyKey;
  /** Jobs of the same lock run one after the other, in the order of their creation. */
  readonly lock?: string;
  /** Default: as the type says; null = none. */
  readonly unique?: UniqueKey | null;
  /** Ids of jobs that must complete first; of the same call only jobs that stand before this one. */
  readonly dependsOn?: readonly string[];
  /** Where the job stands in the caller's request, as a JSON pointer: faults are reported there. */
  readonly at?: string;
}

/** A job with everything decided, in the shape the INSERT reads. */
export interface ResolvedJob {
  readonly id: string;
  readonly type: string;
  readonly queue: string;
  readonly priority: number;
  readonly payload: JsonObject;
  readonly scheduled_at: string | null;
  readonly delay_ms: number;
  readonly max_attempts: number | null;
  readonly backoff: BackoffPolicy | null;
  readonly timeout: number | null;
  readonly tags: readonly string[];
  readonly created_by: string | null;
  readonly idempotency_key: string | null;
  readonly fingerprint: string | null;
  readonly lock: string | null;
  readonly unique_key: string | null;
  readonly unique_while: UniqueWhile | null;
  readonly unique_seconds: number | null;
  readonly on_conflict: OnConflict;
  readonly depends_on: readonly string[];
  readonly at: string;
  /** External workers run it. */
  readonly is_external: boolean;
}

/** The priority of a job that does not name one. */
const DEFAULT_PRIORITY = 5;

/** What a job takes from its type. */
export type TypeDefaults = Pick<JobType, 'type' | 'queue' | 'maxAttempts' | 'unique'> &
  Partial<Pick<JobType, 'backoff' | 'timeoutSeconds' | 'external'>>;

/** Fills in what the job's type decides. */
export function resolveJob(job: NewJob, type: TypeDefaults, nextId: () => string): ResolvedJob {
  // Who settles or takes back a job of an external worker may not know its type: it carries its policy along.
  const carried = type.external ? type : undefined;
  return {
    id: job.id ?? nextId(),
    type: type.type,
    queue: job.queue ?? type.queue,
    priority: job.priority ?? DEFAULT_PRIORITY,
    payload: job.payload,
    // PostgreSQL knows no year 0, and what has passed means now.
    scheduled_at: job.scheduledAt && job.scheduledAt.getTime() > 0 ? job.scheduledAt.toISOString() : null,
    delay_ms: job.delayMs ?? 0,
    max_attempts: job.maxAttempts === undefined ? type.maxAttempts : job.maxAttempts,
    backoff: job.backoff ?? carried?.backoff ?? null,
    timeout: job.timeoutSeconds ?? carried?.timeoutSeconds ?? null,
    tags: job.tags ?? [],
    created_by: job.createdBy ?? null,
    idempotency_key: job.idempotency?.key ?? null,
    fingerprint: job.idempotency?.fingerprint ?? null,
    lock: job.lock ?? null,
    ...resolveUnique(job, type),
    depends_on: [...new Set(job.dependsOn)],
    at: job.at ?? '',
    is_external: carried !== undefined,
  };
}

/** Whether a job takes more than a row and a ticket: it must ask keys, locks or other jobs first. */
export function isGuarded(job: ResolvedJob): boolean {
  return (
    job.idempotency_key !== null || job.lock !== null || job.unique_key !== null || job.depends_on.length > 0
  );
}

/** A fault of one job, told where the job stands in the caller's request. */
export function faultOf(job: Pick<ResolvedJob, 'at'>, path: string, detail: string, code: string) {
  return invalid('validation_failed', [{ pointer: `${job.at}${path}`, detail, code }]);
}

function resolveUnique({ unique: own, queue, payload }: NewJob, type: TypeDefaults) {
  const unique = own === undefined ? type.unique : own;
  if (!unique)
    return { unique_key: null, unique_while: null, unique_seconds: null, on_conflict: 'return' as const };
  const { key, by = ['type', 'payload'], while: held, onConflict }: UniqueKey = unique;
  return {
    unique_key: key ?? uniqueKeyOf(by, { type: type.type, queue: queue ?? type.queue, payload }),
    unique_while: typeof held === 'string' ? held : ('seconds' as const),
    unique_seconds: typeof held === 'string' ? null : held.seconds,
    on_conflict: onConflict,
  };
}
