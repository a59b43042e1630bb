import type { JobStatus } from '../queue/index.js';

/** What can be done to many jobs at once. */
export const BULK_ACTIONS = ['cancel', 'retry', 'run_now', 'discard'] as const;

export type BulkAction = (typeof BULK_ACTIONS)[number];

/** Which jobs an action can change. */
interface Reach {
  readonly possible: readonly JobStatus[];
  /** Which of them are meant when a filter names neither a status nor jobs: nobody wants back what was cancelled. */
  readonly usual: readonly JobStatus[];
}

export const REACH: Readonly<Record<BulkAction, Reach>> = {
  cancel: { possible: ['BLOCKED', 'PENDING', 'PROCESSING'], usual: ['BLOCKED', 'PENDING', 'PROCESSING'] },
  retry: { possible: ['FAILED', 'CANCELLED'], usual: ['FAILED'] },
  run_now: { possible: ['PENDING'], usual: ['PENDING'] },
  discard: { possible: ['COMPLETED', 'FAILED', 'CANCELLED'], usual: ['FAILED', 'CANCELLED'] },
};
