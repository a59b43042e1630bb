import { Choice, Integer, JsonObjectField, Nested, Text, TextList, declare } from '../common/http/index.js';
import { JOB_STATUSES, type Job, type JobStatus, type JsonObject, type Shown } from '../queue/index.js';

const ID = { maxLength: 36, format: 'uuid' } as const;
const EXAMPLE_ID = '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55';
const EXAMPLE_TIME = '2026-02-01T14:30:00.000Z';
const time = { maxLength: 30, format: 'date-time', example: EXAMPLE_TIME } as const;

/** A result may be anything that JSON can say. */
export const ANY_JSON = [
  { type: 'object', additionalProperties: true },
  { type: 'array', items: {} },
  ...['string', 'number', 'boolean', 'null'].map((type) => ({ type })),
];

/** How far a running job has come. */
export class ProgressResponse {
  @Integer({ description: 'From 0 to 100.', min: 0, max: 100, example: 40 })
  percent: number;

  @Text({ description: 'What is being done.', maxLength: 1000, nullable: true, example: 'Reading rows' })
  message: string | null;
}

/** The same as it is stored. */
export interface JobProgress extends ProgressResponse {
  readonly jobId: string;
  readonly attempt: number;
  readonly at: Date;
}

/** A job as it leaves. All fields are always present. */
export class JobResponse {
  @Text({ description: 'UUIDv7.', ...ID, example: EXAMPLE_ID })
  job_id: string;

  @Text({ description: 'What kind of job it is.', maxLength: 200, example: 'echo' })
  type: string;

  @Text({ description: 'The queue it waits in.', maxLength: 63, example: 'default' })
  queue_name: string;

  @Choice({ description: 'Where it is in its life.', choices: JOB_STATUSES, example: 'COMPLETED' })
  status: JobStatus;

  @Integer({ description: '1 (first) to 10 (last).', min: 1, max: 10, example: 5 })
  priority: number;

  @JsonObjectField({
    description: 'What the handler gets; `[Redacted]` where its type does not show it.',
    example: { hello: 'world' },
  })
  payload: JsonObject;

  @declare(
    { description: 'What the handler returned; null until completed.', example: { hello: 'world' } },
    { oneOf: ANY_JSON },
  )
  result: unknown;

  @Text({ description: "The last failure's message; null once completed.", maxLength: 5000, nullable: true })
  error_message: string | null;

  @Integer({ description: 'Executions started.', min: 0, max: 2_147_483_647, example: 1 })
  attempts: number;

  @Integer({
    description: 'The limit of executions; null = none.',
    min: 1,
    max: 2_147_483_647,
    nullable: true,
    example: 3,
  })
  max_attempts: number | null;

  @Text({ description: 'The key it was submitted with.', maxLength: 255, nullable: true })
  idempotency_key: string | null;

  @Text({ description: 'Jobs of one lock run one after the other.', maxLength: 1024, nullable: true })
  lock: string | null;

  @Text({
    description: 'Whose share of the limits of its queue it takes.',
    maxLength: 255,
    nullable: true,
  })
  limit_key: string | null;

  @Text({ description: 'What makes it unique.', maxLength: 255, nullable: true })
  unique_key: string | null;

  @TextList({ description: 'Labels to find it by.', maxItems: 20, maxLength: 100, example: ['signup'] })
  tags: string[];

  @Text({ description: 'The workflow it belongs to.', ...ID, nullable: true })
  workflow_id: string | null;

  @TextList({ description: 'Jobs it waits for.', maxItems: 1000, maxLength: 36, example: [] })
  depends_on: string[];

  @Nested({ description: 'How far it has come.', of: ProgressResponse, nullable: true })
  progress: ProgressResponse | null;

  @Text({ description: "The latest attempt's worker.", ...ID, nullable: true })
  worker_id: string | null;

  @Text({ description: 'When it was accepted.', ...time })
  created_at: string;

  @Text({ description: "The latest event's time.", ...time })
  updated_at: string;

  @Text({ description: 'The earliest time of the next start.', ...time })
  scheduled_at: string;

  @Text({ description: "The latest attempt's start.", ...time, nullable: true })
  started_at: string | null;

  @Text({ description: 'When it ended for good.', ...time, nullable: true })
  finished_at: string | null;
}

/** The job as it leaves. */
export function toJobResponse(job: Shown<Job>, progress?: JobProgress): JobResponse {
  return {
    job_id: job.id,
    type: job.type,
    queue_name: job.queue,
    status: job.status,
    priority: job.priority,
    payload: job.payload,
    result: job.result,
    error_message: job.errorMessage,
    attempts: job.attempts,
    max_attempts: job.maxAttempts,
    idempotency_key: job.idempotencyKey,
    lock: job.lock,
    limit_key: job.limitKey,
    unique_key: job.uniqueKey,
    tags: job.tags,
    workflow_id: job.workflowId,
    depends_on: job.dependsOn,
    progress: progress ? { percent: progress.percent, message: progress.message } : null,
    worker_id: job.workerId,
    created_at: job.createdAt.toISOString(),
    updated_at: job.updatedAt.toISOString(),
    scheduled_at: job.scheduledAt.toISOString(),
    started_at: job.startedAt?.toISOString() ?? null,
    finished_at: job.finishedAt?.toISOString() ?? null,
  };
}
