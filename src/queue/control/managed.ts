import type { ProblemCode } from '../../common/index.js';
import type { Job } from '../job.entity.js';

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
