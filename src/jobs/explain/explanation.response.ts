import { Choice, Integer, ListOf, Text, declare } from '../../common/http/index.js';
import { JOB_STATUSES, type JobStatus } from '../../queue/index.js';

const ID = { maxLength: 36, format: 'uuid', example: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55' } as const;
const time = { maxLength: 30, format: 'date-time', example: '2026-02-01T14:30:00.000Z' } as const;
const count = { min: 0, max: 2_147_483_647, optional: true } as const;

/** Why a job is not running, each as a stable code. */
const REASON_CODES = [
  'finished',
  'running',
  'cancel_requested',
  'waits_for_jobs',
  'waits_for_lock',
  'scheduled',
  'waits_for_retry',
  'queue_paused',
  'no_worker_for_queue',
  'no_worker_for_type',
  'circuit_open',
  'limit',
  'runs_alone',
  'in_line',
  'joins_line',
] as const;

export type ReasonCode = (typeof REASON_CODES)[number];

/** Another job, and where it is in its life. */
export class NamedJob {
  @Text({ description: 'Its id.', ...ID })
  job_id: string;

  @Choice({ description: 'Where it is in its life.', choices: JOB_STATUSES, example: 'PROCESSING' })
  status: JobStatus;

  @Text({ description: 'Its name in its workflow.', maxLength: 100, optional: true, example: 'process' })
  ref?: string;

  @Choice({
    description: 'Present when the job that waits for it goes on after its failure.',
    choices: ['continue'],
    optional: true,
    example: 'continue',
  })
  on_failure?: 'continue';
}

/** One reason; besides code and detail it has what belongs to its code. */
export class ReasonResponse {
  @Choice({
    description: 'The reason as a stable code.',
    choices: REASON_CODES,
    open: true,
    example: 'in_line',
  })
  code: ReasonCode;

  @Text({
    description: 'The reason in a plain sentence that says what to do.',
    maxLength: 10_000,
    example: '3 jobs of queue "default" are ahead of it.',
  })
  detail: string;

  @Text({ description: 'Since when it holds.', ...time, optional: true, nullable: true })
  since?: string | null;

  @Text({ description: 'Until when it holds; null = open-ended.', ...time, optional: true, nullable: true })
  until?: string | null;

  @Integer({ description: 'The attempt meant.', ...count })
  attempt?: number;

  @Text({ description: 'How that attempt failed.', maxLength: 5000, optional: true, nullable: true })
  error?: string | null;

  @Text({ description: 'The worker that runs it.', ...ID, optional: true, nullable: true })
  worker_id?: string | null;

  @Text({ description: 'Who did it.', maxLength: 200, optional: true, nullable: true })
  by?: string | null;

  @Text({ description: 'Why, as given by whoever did it.', maxLength: 5000, optional: true, nullable: true })
  reason?: string | null;

  @Text({ description: 'The lock it waits for.', maxLength: 1024, optional: true })
  lock?: string;

  @ListOf({
    description: 'The jobs it may have to wait for, the first twenty.',
    of: NamedJob,
    optional: true,
  })
  jobs?: NamedJob[];

  @Integer({ description: 'How many jobs it waits for in all.', ...count })
  open?: number;

  @Integer({ description: 'Jobs ahead of it.', ...count })
  ahead?: number;

  @declare(
    { description: 'Whether there may be more ahead than counted.', optional: true },
    { type: 'boolean' },
  )
  at_least?: boolean;

  @Integer({ description: 'Jobs that run under the limit.', ...count })
  running?: number;

  @Text({ description: 'The key whose limit it is.', maxLength: 255, optional: true })
  limit_key?: string;

  @Integer({ description: 'Live workers that serve its queue.', ...count })
  workers?: number;

  @Integer({ description: 'Jobs that those can run at once.', ...count })
  slots?: number;
}

/** Why a job is, or is not, running. */
export class ExplanationResponse {
  @Text({ description: 'The job.', ...ID })
  job_id: string;

  @Choice({ description: 'Where it is in its life.', choices: JOB_STATUSES, example: 'PENDING' })
  status: JobStatus;

  @ListOf({ description: 'All that keeps it from running, what has to go first, first.', of: ReasonResponse })
  reasons: ReasonResponse[];
}
