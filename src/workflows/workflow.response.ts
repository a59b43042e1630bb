import { Choice, Counts, Integer, ListOf, Nested, NextCursor, Text, TextList } from '../common/http/index.js';
import {
  JOB_STATUSES,
  type JobStatus,
  type OnFailure,
  type StartedWorkflow,
  WORKFLOW_STATUSES,
  type Workflow,
  type WorkflowKind,
  type WorkflowStatus,
} from '../queue/index.js';

const ID = { maxLength: 36, format: 'uuid', example: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55' } as const;
const time = { maxLength: 30, format: 'date-time', example: '2026-02-01T14:30:00.000Z' } as const;

/** A job of a workflow, as the answer to its submission has it. */
export class StartedJobResponse {
  @Text({ description: 'Its name in the workflow.', maxLength: 100, example: 'process' })
  ref: string;

  @Text({ description: 'The id of the job.', ...ID })
  job_id: string;

  @Choice({ description: 'Where it is in its life.', choices: JOB_STATUSES, example: 'PENDING' })
  status: JobStatus;
}

/** A workflow that was accepted. */
export class StartedWorkflowResponse {
  @Text({ description: 'UUIDv7.', ...ID })
  workflow_id: string;

  @ListOf({ description: 'Its jobs, each after those that it waits for.', of: StartedJobResponse })
  jobs: StartedJobResponse[];
}

export function toStartedWorkflowResponse({ id, jobs }: StartedWorkflow): StartedWorkflowResponse {
  return { workflow_id: id, jobs: jobs.map((job) => ({ ref: job.ref, job_id: job.id, status: job.status })) };
}

/** The job that follows the end of a workflow. */
export class FollowingJobResponse {
  @Text({ description: 'Its type.', maxLength: 200, example: 'echo' })
  type: string;

  @Text({ description: 'The latest of them; null until the workflow has ended.', ...ID, nullable: true })
  job_id: string | null;
}

/** How far a workflow has come. */
export class WorkflowResponse {
  @Text({ description: 'UUIDv7.', ...ID })
  workflow_id: string;

  @Text({ description: 'Its name.', maxLength: 200, nullable: true, example: 'monthly-report' })
  name: string | null;

  @Choice({
    description: 'A group has no dependencies among its jobs (POST /jobs/batch).',
    choices: ['workflow', 'group'],
    open: true,
    example: 'workflow',
  })
  kind: WorkflowKind;

  @TextList({ description: 'Its labels.', maxItems: 20, maxLength: 100, example: ['reports'] })
  tags: string[];

  @Choice({
    description:
      'RUNNING until all jobs have ended. Then FAILED if one failed, else CANCELLED if one was cancelled, else COMPLETED.',
    choices: WORKFLOW_STATUSES,
    example: 'RUNNING',
  })
  status: WorkflowStatus;

  @Integer({ description: 'How many jobs it has.', min: 1, max: 10_000, example: 3 })
  jobs: number;

  @Counts({
    description: 'Its jobs by status; those that were deleted since their end included.',
    example: { BLOCKED: 1, PENDING: 0, PROCESSING: 1, COMPLETED: 1, FAILED: 0, CANCELLED: 0 },
  })
  counts: Record<JobStatus, number>;

  @Integer({ description: 'Percent of its jobs that have ended.', min: 0, max: 100, example: 33 })
  progress: number;

  @Nested({ description: 'What follows its end.', of: FollowingJobResponse, nullable: true })
  on_finished: FollowingJobResponse | null;

  @Text({ description: 'When it was accepted.', ...time })
  created_at: string;

  @Text({ description: 'When its last job ended.', ...time, nullable: true })
  finished_at: string | null;
}

export function toWorkflowResponse(workflow: Workflow): WorkflowResponse {
  const { blocked, pending, processing, completed, failed, cancelled } = workflow.counts;
  const ended = completed + failed + cancelled;
  return {
    workflow_id: workflow.id,
    name: workflow.name,
    kind: workflow.kind,
    tags: [...workflow.tags],
    status: workflow.status,
    jobs: workflow.jobs,
    counts: {
      BLOCKED: blocked,
      PENDING: pending,
      PROCESSING: processing,
      COMPLETED: completed,
      FAILED: failed,
      CANCELLED: cancelled,
    },
    progress: Math.floor((100 * ended) / workflow.jobs),
    on_finished:
      workflow.finisherType === null ? null : { type: workflow.finisherType, job_id: workflow.finisherJob },
    created_at: workflow.createdAt.toISOString(),
    finished_at: workflow.finishedAt?.toISOString() ?? null,
  };
}

/** A page of workflows, the newest first. */
export class WorkflowListResponse {
  @ListOf({ description: 'The newest first.', of: WorkflowResponse })
  workflows: WorkflowResponse[];

  @NextCursor()
  next_cursor: string | null;
}

/** A job of a workflow as it stands. */
export class NodeResponse {
  @Text({
    description: 'Its name in the workflow; of a group its place in the request.',
    maxLength: 100,
    example: 'process',
  })
  ref: string;

  @Text({ description: 'The id of the job.', ...ID })
  job_id: string;

  @Text({ description: 'What kind of job it is.', maxLength: 200, example: 'echo' })
  type: string;

  @Choice({ description: 'Where it is in its life.', choices: JOB_STATUSES, example: 'COMPLETED' })
  status: JobStatus;

  @Text({ description: "The latest attempt's start.", ...time, nullable: true })
  started_at: string | null;

  @Text({ description: 'When it ended for good.', ...time, nullable: true })
  finished_at: string | null;
}

/** A dependency. */
export class EdgeResponse {
  @Text({ description: 'The job that goes first.', maxLength: 100, example: 'process' })
  from: string;

  @Text({ description: 'The job that waits for it.', maxLength: 100, example: 'report' })
  to: string;

  @Choice({
    description: 'What becomes of it when the first one fails or is cancelled.',
    choices: ['cancel', 'continue'],
    example: 'cancel',
  })
  on_failure: OnFailure;
}

/** The jobs of a workflow and who waits for whom. */
export class GraphResponse {
  @ListOf({
    description: 'Each after those that it waits for; without those that were deleted.',
    of: NodeResponse,
  })
  nodes: NodeResponse[];

  @ListOf({ description: 'Who waits for whom.', of: EdgeResponse })
  edges: EdgeResponse[];
}

/** A workflow with its jobs. */
export class WorkflowDetailsResponse extends WorkflowResponse {
  @Nested({
    description:
      'Its jobs and their dependencies; null for a group, whose jobs GET /workflows/{workflow_id}/jobs lists.',
    of: GraphResponse,
    nullable: true,
  })
  graph: GraphResponse | null;
}

/** A page of the jobs of a workflow. */
export class NodeListResponse {
  @ListOf({ description: 'In the order in which they can start.', of: NodeResponse })
  jobs: NodeResponse[];

  @NextCursor()
  next_cursor: string | null;
}
