import { invalid, tracer } from '../../common/index.js';
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

/** What becomes of a job when one that it depends on fails or is cancelled. */
export type OnFailure = 'cancel' | 'continue';

/** A job that another one waits for. */
export interface Dependency {
  readonly jobId: string;
  /** Default `cancel`. */
  readonly onFailure?: OnFailure;
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
  /** Whose share of its queue's limits it takes, if the queue has limits per key; at most 255 characters. */
  readonly limitKey?: string;
  /** Default: as the type says; null = none. */
  readonly unique?: UniqueKey | null;
  /** Jobs that must end first; of the same call only jobs that stand before this one. */
  readonly dependsOn?: readonly (string | Dependency)[];
  /** A URL that is told of the job's end, as endpoints of webhooks are; needs `WEBHOOK_SIGNING_SECRET`. */
  readonly callbackUrl?: string;
  /** The trace that it goes on, as a W3C traceparent; null = none. Default: the one in which it is enqueued. */
  readonly traceParent?: string | null;
  /** Where the job stands in the caller's request, as a JSON pointer: faults are reported there. */
  readonly at?: string;
  /** Whether a full queue refuses it (`max_waiting`): what somebody asks for, not what follows from what was accepted. */
  readonly heedsQuota?: boolean;
  /** The workflow that it is of, and its name there: `Workflows` starts those. */
  readonly workflow?: { readonly id: string; readonly ref: string | null };
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
  readonly limit_key: string | null;
  readonly unique_key: string | null;
  readonly unique_while: UniqueWhile | null;
  readonly unique_seconds: number | null;
  readonly on_conflict: OnConflict;
  readonly depends_on: readonly string[];
  readonly callback_url: string | null;
  /** Those of them after whose failure it goes on. */
  readonly tolerates: readonly string[];
  readonly workflow_id: string | null;
  readonly workflow_ref: string | null;
  readonly trace_parent: string | null;
  readonly at: string;
  /** External workers run it. */
  readonly is_external: boolean;
  readonly heeds_quota: boolean;
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
    limit_key: job.limitKey ?? null,
    ...resolveUnique(job, type),
    ...resolveDependencies(job.dependsOn),
    callback_url: job.callbackUrl ?? null,
    workflow_id: job.workflow?.id ?? null,
    workflow_ref: job.workflow?.ref ?? null,
    trace_parent: (job.traceParent === undefined ? tracer()?.current() : job.traceParent) ?? null,
    at: job.at ?? '',
    is_external: carried !== undefined,
    heeds_quota: job.heedsQuota ?? false,
  };
}

/** Whether a job takes more than a row and a ticket: it must ask keys, locks or other jobs first, or is not as most are. */
export function isGuarded({
  idempotency_key,
  lock,
  unique_key,
  callback_url,
  depends_on,
}: ResolvedJob): boolean {
  const isPlain = idempotency_key === null && lock === null && unique_key === null && callback_url === null;
  return !isPlain || depends_on.length > 0;
}

/** A fault of one job, told where the job stands in the caller's request. */
export function faultOf(job: Pick<ResolvedJob, 'at'>, path: string, detail: string, code: string) {
  return invalid('validation_failed', [{ pointer: `${job.at}${path}`, detail, code }]);
}

/** Most jobs have none, and thousands are submitted at once. */
const NO_DEPENDENCIES = { depends_on: [], tolerates: [] } as const;

/** Of a job that is named twice the stricter word counts. */
function resolveDependencies(dependencies: readonly (string | Dependency)[] = []) {
  if (dependencies.length === 0) return NO_DEPENDENCIES;
  const named = dependencies.map((one) => (typeof one === 'string' ? { jobId: one } : one));
  const strict = new Set(named.filter(({ onFailure }) => onFailure !== 'continue').map(({ jobId }) => jobId));
  const ids = [...new Set(named.map(({ jobId }) => jobId))];
  return { depends_on: ids, tolerates: ids.filter((id) => !strict.has(id)) };
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
