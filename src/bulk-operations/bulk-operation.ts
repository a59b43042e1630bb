import type { JobStatus } from '../queue/index.js';
import type { BulkAction } from './bulk-action.js';
import type { JobFilter } from './job-filter.js';

/** Why jobs were left as they are: by code, with the words of the first one. */
export type Reasons = Readonly<Record<string, { readonly count: number; readonly detail: string }>>;

/** A piece of work on many jobs. The job of the same id does it. */
export interface BulkOperation {
  readonly id: string;
  readonly action: BulkAction;
  readonly filter: JobFilter;
  /** No more jobs than these; null = all that match. */
  readonly most: number | null;
  readonly perSecond: number | null;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
  /** The attempt of its job that works on it. */
  readonly attempt: number;
  /** Null until counted. */
  readonly matched: number | null;
  readonly matchedIsExact: boolean;
  readonly sample: readonly string[];
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly reasons: Reasons;
  /** All matching jobs up to this id have been seen to. */
  readonly cursor: string | null;
  /** The jobs that are being seen to. */
  readonly chunk: readonly string[] | null;
}

/** The same, and how its job is doing. */
export interface BulkOperationWithJob extends BulkOperation {
  /** Null when the job is gone. */
  readonly jobStatus: JobStatus | null;
  readonly jobAttempts: number | null;
  readonly jobError: string | null;
  readonly jobFinishedAt: Date | null;
  readonly abortRequested: boolean | null;
}

/** Where an operation is. */
export const BULK_STATES = ['queued', 'running', 'completed', 'aborted', 'failed'] as const;

export type BulkState = (typeof BULK_STATES)[number];

/** Its job tells, unless it had done everything before its job ended otherwise. */
export function stateOf({ completedAt, jobStatus, jobAttempts }: BulkOperationWithJob): BulkState {
  if (completedAt) return 'completed';
  switch (jobStatus) {
    case 'FAILED':
      return 'failed';
    case 'BLOCKED':
    case 'PENDING':
    case 'PROCESSING':
      return jobAttempts === 0 ? 'queued' : 'running';
    default:
      return 'aborted';
  }
}

/** Who the ledger names for each change: the operation, and who wanted it. */
export function actorOf({ id, createdBy }: Pick<BulkOperation, 'id' | 'createdBy'>): string {
  return `${createdBy} (bulk operation ${id})`;
}
