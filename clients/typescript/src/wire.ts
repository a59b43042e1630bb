import type { components } from './generated/api.js';

type Schemas = components['schemas'];

/** A job as the service tells of it. A result of more than 256 KiB is `{ truncated: true, bytes, preview }` there. */
export type Job<Result = unknown> = Omit<Schemas['JobResponse'], 'result'> & { result: Result | null };

export type JobStatus = Job['status'];
export type Batch = Schemas['BatchResponse'];
export type Group = Schemas['GroupRequest'];
export type JobEvent = Schemas['EventResponse'];
export type JobProgress = Schemas['ProgressResponse'];
export type LogLine = Schemas['LogLineResponse'];
export type DeadLetter = Schemas['DeadLetterResponse'];
export type ErrorGroup = Schemas['ErrorGroupResponse'];
export type Queue = Schemas['QueueResponse'];
export type QueueChanges = Schemas['EditQueueRequest'];
export type Schedule = Schemas['ScheduleResponse'];
export type NewSchedule = Schemas['CreateScheduleRequest'];
export type ScheduleChanges = Schemas['EditScheduleRequest'];
export type NewWorkflow = Schemas['CreateWorkflowRequest'];
export type StartedWorkflow = Schemas['StartedWorkflowResponse'];
export type Workflow = Schemas['WorkflowDetailsResponse'];
export type Problem = Schemas['ProblemResponse'];
export type Fault = Schemas['FaultResponse'];
export type Lease = Schemas['LeaseResponse'];

/** A job, by its id or by itself. */
export type JobReference = string | { readonly job_id: string };

/** A workflow or group, by its id or by itself. */
export type WorkflowReference = string | { readonly workflow_id: string };

export const jobIdOf = (job: JobReference): string => (typeof job === 'string' ? job : job.job_id);

export const workflowIdOf = (workflow: WorkflowReference): string =>
  typeof workflow === 'string' ? workflow : workflow.workflow_id;
