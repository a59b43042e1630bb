export { Backoff } from './backoff/backoff.js';
export type {
  BackoffPolicy,
  BackoffStrategy,
  CustomPolicy,
  RetryDecision,
} from './backoff/backoff-policy.js';
export { BackoffStrategyProvider } from './backoff/custom-backoff.js';
export { ExponentialBackoff } from './backoff/exponential-backoff.js';
export type { Claimant } from './claimer.js';
export { Engine, migrateEngine } from './engine.js';
export type { Enqueued } from './job-intake.js';
export { JobEvents, type SettledJob } from './job-events.js';
export { JOB_STATUSES, JOB_STATUS_WORDS, type JobStatus, isFinal, parseJobStatus } from './job-status.js';
export { type ErrorClass, type JobType, JobTypes, type UniquePolicy } from './job-types.js';
export type { JobError } from './job-error.js';
export { Job, type JsonObject } from './job.entity.js';
export { Keys } from './keys.js';
export type { Managed } from './managed.js';
export { Line } from './line.js';
export { Mender } from './mender.js';
export type { NewJob, OnConflict, UniqueKey } from './new-job.js';
export type { AttemptOutcome, Claim, Outcome } from './outcome.js';
export { type Pause, Pauses } from './pauses.js';
export { Promoter } from './promoter.js';
export { QueueModule } from './queue.module.js';
export { QueueService } from './queue.service.js';
export type { JobChanges } from './placement.js';
export type { Settled, SettledWithin } from './settler.js';
export { IS_PAUSED } from './queues.sql.js';
export { StalledJobs } from './stalled-jobs.js';
export { storableError, toStorableJson } from './storable.js';
export { UNIQUE_FIELDS, type UniqueField } from './unique-key.js';
export {
  ALL_JOBS,
  ALL_QUEUES,
  ALL_WORKERS,
  EVERYTHING,
  WAKEUP_CHANNEL,
  type Wakeup,
  decodeWakeup,
  notifyWorkers,
} from './wakeups.js';
