import { didYouMean } from '../common/index.js';

/** Where a job is in its life; the only states there are. docs/state-machine.md has every move between them. */
export const JOB_STATUSES = ['BLOCKED', 'PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;

export type JobStatus = (typeof JOB_STATUSES)[number];

/** Whether a job in this state has ended: only a retry by hand brings it back. */
export function isFinal(status: JobStatus): boolean {
  return status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED';
}

/** Whether it has ended otherwise than by completing: what depends on it cannot run, and it may be retried. */
export function hasEndedBadly(status: JobStatus): boolean {
  return isFinal(status) && status !== 'COMPLETED';
}

/** Words other job systems use, accepted in filters. */
const ALIASES: Readonly<Record<string, JobStatus>> = {
  QUEUED: 'PENDING',
  TODO: 'PENDING',
  WAITING: 'PENDING',
  DOING: 'PROCESSING',
  RUNNING: 'PROCESSING',
  SUCCEEDED: 'COMPLETED',
  DONE: 'COMPLETED',
  ABORTED: 'CANCELLED',
};

/** The status a word stands for, in any case, or undefined. */
export function parseJobStatus(word: string): JobStatus | undefined {
  const upper = word.toUpperCase();
  return JOB_STATUSES.find((status) => status === upper) ?? ALIASES[upper];
}

/** What is wrong with a word that no status is called. */
export function unknownStatus(word: string): string {
  const near = didYouMean(word.toUpperCase(), JOB_STATUSES);
  return `"${word}" is not a status.${near || ` Send one of ${JOB_STATUSES.join(', ')}`}`;
}
