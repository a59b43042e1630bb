import type { IdempotencyKey, NewJob } from '../enqueue/new-job.js';
import type { JobStatus } from '../job-status.js';

/** A group is a workflow whose jobs do not wait for each other. */
export type WorkflowKind = 'workflow' | 'group';

/** A job of a workflow. */
export type WorkflowJob = Omit<NewJob, 'idempotency' | 'workflow' | 'heedsQuota'> & {
  /** Its name there; no other job of the workflow has it. */
  readonly ref: string;
};

/** Jobs that belong together, and what follows when all of them have ended. */
export interface NewWorkflow {
  /** An id of the caller's own (UUIDv7): starting it again gives back the first. */
  readonly id?: string;
  readonly kind?: WorkflowKind;
  /** At most 200 characters. */
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly createdBy?: string;
  /** 1 to 10,000, each after those that it depends on. */
  readonly jobs: readonly WorkflowJob[];
  /** A job that is enqueued in the transaction that ends the last one, whatever their outcomes. It has no key and no lock. */
  readonly onFinished?: Omit<
    NewJob,
    'id' | 'idempotency' | 'unique' | 'lock' | 'dependsOn' | 'workflow' | 'heedsQuota'
  >;
  /** A URL that is told of each of its ends, as endpoints of webhooks are; needs `WEBHOOK_SIGNING_SECRET`. */
  readonly callbackUrl?: string;
  readonly idempotency?: IdempotencyKey;
  /** Whether full queues refuse it, as of a job. */
  readonly heedsQuota?: boolean;
  /** Where it stands in the caller's request, as a JSON pointer: faults of its own are reported there. */
  readonly at?: string;
}

/** A job of a workflow as it stands. */
export interface StartedJob {
  readonly id: string;
  readonly ref: string;
  readonly status: JobStatus;
}

/** A workflow that was asked for. */
export interface StartedWorkflow {
  readonly id: string;
  /** False when it was there before: of the same id or idempotency key. */
  readonly created: boolean;
  /** Those that are there; retention may have deleted some of one that was there before. */
  readonly jobs: readonly StartedJob[];
}
