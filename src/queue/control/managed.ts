import type { Session } from '../../database/index.js';
import type { ProblemCode } from '../../common/index.js';
import type { Job } from '../job.entity.js';
import { isFinal } from '../job-status.js';

/** What came of a wish to intervene in a job's life. */
export interface Managed {
  readonly id: string;
  /** `requested` = it runs, and its worker is told. */
  readonly result: 'done' | 'requested' | 'conflict' | 'not_found';
  /** The job as it is now; of a discarded one as it was. */
  readonly job?: Job;
  /** Of a conflict: why, and what to do. */
  readonly code?: ProblemCode;
  readonly detail?: string;
}

/**
 * Told within the transaction what has become of the jobs, and how they were before; what it writes is written with that,
 * or not at all.
 */
export type Witness = (
  session: Session,
  managed: readonly Managed[],
  before: readonly Job[],
) => Promise<void>;

/** What a job's state says against a wish; undefined = nothing. */
export const objections = {
  cancel: ({ status }: Job) =>
    isFinal(status) ? 'only a job that waits or runs can be cancelled' : undefined,
  runNow: ({ status }: Job) =>
    status === 'PENDING' ? undefined : 'only a PENDING job can be told to run now',
  edit: (job: Job) =>
    isWaiting(job) ? undefined : 'only a job that waits (PENDING or BLOCKED) can be changed',
  discard: ({ status }: Job) =>
    isFinal(status) ? undefined : 'only a job that has ended can be discarded: cancel it first',
};

export function isWaiting({ status }: Job): boolean {
  return status === 'PENDING' || status === 'BLOCKED';
}

/** A wish that the job's state, or the given reason, does not allow. */
export function refused(job: Job, objection: string, code: ProblemCode = 'job_state_conflict'): Managed {
  return {
    id: job.id,
    result: 'conflict',
    job,
    code,
    detail: `Job ${job.id} is ${job.status}: ${objection}`,
  };
}

/** One answer for each id that was named, in that order. */
export function inOrder(ids: readonly string[], managed: readonly Managed[]): Managed[] {
  const byId = new Map(managed.map((one) => [one.id, one]));
  return ids.map((id) => byId.get(id) ?? { id, result: 'not_found' });
}
