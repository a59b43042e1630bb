import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { BackoffPolicy } from './backoff/backoff-policy.js';
import type { JobError } from './job-error.js';
import { JOB_STATUSES, type JobStatus } from './job-status.js';

export type JsonObject = Record<string, unknown>;

/** Until when a job holds its unique key: its first claim, its end, or a time after its creation. */
export type UniqueWhile = 'waiting' | 'unfinished' | 'seconds';

const moment = { type: 'timestamp with time zone', precision: 3 } as const;

/** A job: the one record of what was asked for and how far it has come. */
@Entity('jobs')
@Index('IDX_jobs_kind', ['queue', 'type', 'status', 'id'], { where: `(status = 'PROCESSING') IS NOT TRUE` })
@Index('IDX_jobs_running', ['workerId'], { where: `status = 'PROCESSING'` })
@Index('IDX_jobs_leased', ['leaseExpiresAt'], {
  where: `status = 'PROCESSING' AND lease_expires_at IS NOT NULL`,
})
@Index('IDX_jobs_lock', { synchronize: false })
@Index('IDX_jobs_lock_line', { synchronize: false })
@Index('IDX_jobs_failed', ['errorFingerprint', 'id'], { where: `status = 'FAILED'` })
@Index('IDX_jobs_finished', { synchronize: false })
@Index('IDX_jobs_failed_at', { synchronize: false })
@Index('IDX_jobs_failed_alike', { synchronize: false })
@Index('IDX_jobs_ends_that_do_not_fit', { synchronize: false })
@Index('IDX_jobs_dependents', { synchronize: false })
@Index('IDX_jobs_lock_holders', { synchronize: false })
@Index('IDX_jobs_unique', { synchronize: false })
@Index('IDX_jobs_limited', { synchronize: false })
@Index('IDX_jobs_limit_line', { synchronize: false })
@Check('CHK_jobs_limit_key', 'see the migration')
@Index('IDX_jobs_workflow', { synchronize: false })
@Index('IDX_jobs_workflow_open', { synchronize: false })
@Check('CHK_jobs_queue', 'see the migration')
@Check('CHK_jobs_times', 'see the migration')
@Index('IDX_jobs_unticketed', ['scheduledAt'], { where: `status = 'PENDING' AND NOT ticketed` })
export class Job {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'PK_jobs' })
  id: string;

  @Column('text')
  type: string;

  @Column('text')
  queue: string;

  @Column({ type: 'enum', enum: JOB_STATUSES, enumName: 'job_status', default: 'PENDING' })
  status: JobStatus;

  /** 1 (first) to 10 (last). */
  @Column('smallint', { default: 5 })
  priority: number;

  @Column('jsonb')
  payload: JsonObject;

  @Column('jsonb', { nullable: true })
  result: unknown;

  /** The last failure's message; null once completed. */
  @Column('text', { name: 'error_message', nullable: true })
  errorMessage: string | null;

  /** Claims so far, that is executions started; only grows. */
  @Column('integer', { default: 0 })
  attempts: number;

  /** The present limit of executions; null = none. */
  @Column('integer', { name: 'max_attempts', nullable: true })
  maxAttempts: number | null;

  /** The limit the job was submitted with: what a retry by hand adds. */
  @Column('integer', { name: 'base_max_attempts', nullable: true })
  baseMaxAttempts: number | null;

  /** How often an attempt of it was lost since it was submitted, or retried by hand. */
  @Column('integer', { default: 0 })
  interruptions: number;

  /** Those of them that came while it ran alone: only these count against it. */
  @Column('integer', { name: 'interruptions_alone', default: 0 })
  interruptionsAlone: number;

  /** Seconds an attempt may run; null = as its type says. */
  @Column('integer', { nullable: true })
  timeout: number | null;

  /** How retries wait; null = as its type says. */
  @Column('jsonb', { nullable: true })
  backoff: BackoffPolicy | null;

  @Column('text', { name: 'idempotency_key', nullable: true })
  idempotencyKey: string | null;

  @Column('text', { nullable: true })
  lock: string | null;

  @Column('text', { name: 'unique_key', nullable: true })
  uniqueKey: string | null;

  /** Jobs of a queue with the same key share the limits that the queue has per key. */
  @Column('text', { name: 'limit_key', nullable: true })
  limitKey: string | null;

  /** Whether the end of its attempt makes room for others, since its queue or key limits how many run at once. */
  @Column('boolean', { default: false })
  limited: boolean;

  /** How long it holds its unique key: `waiting`, `unfinished` or `seconds`. */
  @Column('text', { name: 'unique_while', nullable: true })
  uniqueWhile: UniqueWhile | null;

  /** Who is told of its end, beside the endpoints. */
  @Column('text', { name: 'callback_url', nullable: true })
  callbackUrl: string | null;

  /** The span in which it was enqueued (W3C traceparent); null = nobody traced that. */
  @Column('text', { name: 'trace_parent', nullable: true })
  traceParent: string | null;

  @Column('text', { array: true, default: () => `'{}'` })
  tags: string[];

  @Column('uuid', { name: 'workflow_id', nullable: true })
  workflowId: string | null;

  /** Its name within its workflow; null = none of the workflow's own, such as the job that follows its end. */
  @Column('text', { name: 'workflow_ref', nullable: true })
  workflowRef: string | null;

  @Column('uuid', { name: 'depends_on', array: true, default: () => `'{}'` })
  dependsOn: string[];

  @Column('integer', { name: 'open_dependencies', default: 0 })
  openDependencies: number;

  /** Whether other jobs wait, or have waited, for this one. */
  @Column('boolean', { name: 'has_dependents', default: false })
  hasDependents: boolean;

  /** Whether the engine holds a ticket, a place in line, for this job. */
  @Column('boolean', { default: false })
  ticketed: boolean;

  /** The latest attempt's worker. */
  @Column('uuid', { name: 'worker_id', nullable: true })
  workerId: string | null;

  /** Until when an external worker holds the job; null for our own workers. */
  @Column({ ...moment, name: 'lease_expires_at', nullable: true })
  leaseExpiresAt: Date | null;

  @Column({ ...moment, name: 'cancel_requested_at', nullable: true })
  cancelRequestedAt: Date | null;

  @Column('text', { name: 'created_by', nullable: true })
  createdBy: string | null;

  @Column({ ...moment, name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  /** The latest event's time. */
  @Column({ ...moment, name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;

  /** The earliest time of the next start. */
  @Column({ ...moment, name: 'scheduled_at', default: () => 'now()' })
  scheduledAt: Date;

  /** The latest attempt's start. */
  @Column({ ...moment, name: 'started_at', nullable: true })
  startedAt: Date | null;

  @Column({ ...moment, name: 'finished_at', nullable: true })
  finishedAt: Date | null;

  /** What the ledger's trigger writes down; every statement that changes a status sets it. */
  @Column('text', { name: 'last_event', default: 'submitted' })
  lastEvent: string;

  @Column('jsonb', { name: 'last_error', nullable: true })
  lastError: JobError | null;

  /** Equal for errors that have the same cause; of the last failure of a FAILED job. */
  @Column('text', { name: 'error_fingerprint', nullable: true })
  errorFingerprint: string | null;

  /** Who asked for the latest change; null when it came of itself. */
  @Column('text', { name: 'last_actor', nullable: true })
  lastActor: string | null;
}
