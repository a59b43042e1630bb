export { Roundhouse } from './client.js';
export type { DeadLetterFilter, DeadLetters, ErrorGroupFilter, Redrive } from './dead-letters.js';
export {
  ConnectionError,
  JobFailedError,
  ProblemError,
  RoundhouseError,
  WaitTimeoutError,
  WebhookVerificationError,
  WorkflowFailedError,
} from './errors.js';
export type { components, operations, paths } from './generated/api.js';
export type { FollowOptions } from './jobs/follow-job.js';
export type { JobNews } from './jobs/job-news.js';
export type { BuiltInType, JobOptions, NewJob, PayloadOf, ResultOf, TypeName } from './jobs/job-types.js';
export type { BatchOptions, JobFilter, Jobs } from './jobs/jobs.js';
export type { WaitOptions } from './jobs/wait-for-job.js';
export type { RequestOptions, RoundhouseOptions } from './options.js';
export type { Page, Pages } from './pages.js';
export type { EditOptions, Queues } from './queues.js';
export type { Schedules } from './schedules.js';
export type { AnswerOf, ArgumentsOf, Route } from './transport/routes.js';
export { type WebhookEvent, type WebhookHeaders, verifyWebhook } from './webhooks.js';
export type {
  Batch,
  DeadLetter,
  ErrorGroup,
  Fault,
  Group,
  Job,
  JobEvent,
  JobProgress,
  JobReference,
  JobStatus,
  Lease,
  LogLine,
  NewSchedule,
  NewWorkflow,
  Queue,
  QueueChanges,
  Schedule,
  ScheduleChanges,
  StartedWorkflow,
  Workflow,
  WorkflowReference,
} from './wire.js';
export type { LogLevel } from './work/lease-words.js';
export { PermanentFailure, RetryLater, TaskAbortedError } from './work/outcomes.js';
export type { Task } from './work/task.js';
export type { Handler, Handlers, WorkOptions } from './work/work.js';
export type { SubmitWorkflowOptions, WorkflowFilter, Workflows } from './workflows.js';
