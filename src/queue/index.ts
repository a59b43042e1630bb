export { Backoff } from './backoff/backoff.js';
export type {
  BackoffPolicy,
  BackoffStrategy,
  CustomPolicy,
  RetryDecision,
} from './backoff/backoff-policy.js';
export { BackoffStrategyProvider } from './backoff/custom-backoff.js';
export { ExponentialBackoff } from './backoff/exponential-backoff.js';
export { Canary } from './claim/canary.js';
export { type ClaimedJob, readyAt } from './claim/claimed-job.js';
export type { Claimant } from './claim/claimant.js';
export { Engine, migrateEngine } from './line/engine.js';
export { examineEngine } from './line/engine-examination.js';
export { type ExternalType, ExternalTypes, TYPE_NAME } from './external-types/external-types.js';
export { ExternalTypesStore } from './external-types/external-types.store.js';
export { JobTypeCatalog } from './external-types/job-type-catalog.js';
export { PayloadSchema } from './external-types/payload-schema.js';
export type { Enqueued } from './enqueue/job-intake.js';
export { type EndedAttempt, type JobEventMap, JobEvents } from './job-events.js';
export { FINAL_STATUSES } from './job-status.sql.js';
export { JOB_STATUSES, type JobStatus, isFinal, parseJobStatus, unknownStatus } from './job-status.js';
export {
  type CircuitPolicy,
  type ErrorClass,
  type JobType,
  JobTypes,
  type UniquePolicy,
} from './job-types.js';
export type { JobError } from './job-error.js';
export { Job, type JsonObject } from './job.entity.js';
export { JobResultsQuery } from './job-results.query.js';
export { SELECT_JOBS } from './jobs.sql.js';
export { copyOf } from './in-memory/copy.js';
export { InMemoryQueue } from './in-memory/in-memory-queue.js';
export { JobMemory, type LedgerEntry } from './in-memory/memory.js';
export { inMemoryQueue } from './in-memory/providers.js';
export { Keys } from './keys/keys.js';
export { JOBS_OF_KIND, kindsOf, walkKinds, walkRunning } from './counts/kinds.sql.js';
export { type JobCount, JobCounts, type JobRate } from './counts/job-counts.js';
export { QueueWork, type Work } from './counts/queue-work.js';
export type { Managed } from './control/managed.js';
export { jobWitness } from './control/witnesses.js';
export type { Limit, Limits } from './limits/limits.js';
export { LimitSettings } from './limits/limit-settings.js';
export { type LimitUsage, LimitUsages, type QueueLimits } from './limits/limit-usages.js';
export { Line, type WaitingLine } from './line/line.js';
export { MENDED, type MendedKind } from './mend/kinds.js';
export { Mender } from './mend/mender.js';
export type { Dependency, NewJob, OnConflict, OnFailure, UniqueKey } from './enqueue/new-job.js';
export {
  type AttemptOutcome,
  type Claim,
  type Evidence,
  type Outcome,
  isFault,
  OutcomesHeldError,
} from './settle/outcome.js';
export { type Pause, Pauses } from './claim/pauses.js';
export { PermanentFailure } from './permanent-failure.js';
export { Promoter } from './line/promoter.js';
export { QueueReadiness } from './line/queue-readiness.js';
export { QueueModule } from './queue.module.js';
export { QueueService } from './queue.service.js';
export type { JobChanges } from './blocking/place.js';
export type { Settled, SettledWithin } from './settle/settler.js';
export { ForgetfulQueues } from './retention/forgetful-queues.js';
export { QueueSweeps } from './retention/queue-sweeps.js';
export { faultOfPointer, LONGEST_POINTER, MOST_POINTERS } from './redaction/pointers.js';
export { Redactions } from './redaction/redactions.js';
export { refuseRedacted } from './redaction/refuse-redacted.js';
export type { Shown } from './redaction/shown.js';
export { Retention } from './retention/retention.js';
export { IS_PAUSED } from './claim/queues.sql.js';
export {
  DELIVERY_QUEUE,
  DELIVERY_TYPE,
  WEBHOOK_EVENTS,
  type WebhookEvent,
  type WebhookEventType,
  bodyOf,
} from './settle/webhook-event.js';
export { type NewDelivery, WebhookEvents } from './settle/webhook-events.js';
export { SUSPECT_AFTER, isSuspect } from './suspicion.js';
export { StalledJobs } from './settle/stalled-jobs.js';
export type { ParentJob } from './job-results.query.js';
export type { NewWorkflow, StartedWorkflow, WorkflowJob, WorkflowKind } from './workflows/new-workflow.js';
export { WORKFLOW_STATUSES, type Workflow, type WorkflowStatus } from './workflows/workflow.js';
export { WorkflowControl } from './workflows/workflow-control.js';
export { Workflows } from './workflows/workflows.js';
export { type WorkflowFilter, WorkflowsQuery } from './workflows/workflows.query.js';
export { storableResult, toStorableJson } from './settle/storable.js';
export { storableError } from './settle/storable-error.js';
export { UNIQUE_FIELDS, type UniqueField } from './enqueue/unique-key.js';
export {
  ALL_JOBS,
  ALL_QUEUES,
  ALL_WORKERS,
  CHANGES_CHANNEL,
  EVERYTHING,
  WAKEUP_CHANNEL,
  type Wakeup,
  announceEverywhere,
  announceSchedule,
  decodeWakeup,
  notifyWorkers,
} from './line/wakeups.js';
