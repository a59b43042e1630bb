import type { BackoffPolicy } from './backoff/backoff-policy.js';
import type { JobTypes } from './job-types.js';
import type { JsonObject } from './job.entity.js';

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
}

/** The priority of a job that does not name one. */
const DEFAULT_PRIORITY = 5;

/** Fills in what the job's type decides. @throws DomainError unknown_job_type */
export function resolveJob(job: NewJob, types: JobTypes, nextId: () => string): ResolvedJob {
  const type = types.get(job.type);
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
    backoff: job.backoff ?? null,
    timeout: job.timeoutSeconds ?? null,
    tags: job.tags ?? [],
    created_by: job.createdBy ?? null,
  };
}
