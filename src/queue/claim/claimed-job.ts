import type { Job } from '../job.entity.js';

/** What a job's attempt needs to know of it. The rest of its row stays where it is: most claims bring hundreds. */
export type ClaimedJob = Pick<
  Job,
  | 'id'
  | 'type'
  | 'queue'
  | 'priority'
  | 'payload'
  | 'attempts'
  | 'maxAttempts'
  | 'interruptions'
  | 'interruptionsAlone'
  | 'timeout'
  | 'backoff'
  | 'createdAt'
  | 'scheduledAt'
  | 'startedAt'
  | 'traceParent'
> &
  Partial<Pick<Job, 'limited'>>;

/** The moment (by the database's clock) from which a job could have started. */
export function readyAt({ createdAt, scheduledAt }: Pick<ClaimedJob, 'createdAt' | 'scheduledAt'>): Date {
  return createdAt > scheduledAt ? createdAt : scheduledAt;
}
