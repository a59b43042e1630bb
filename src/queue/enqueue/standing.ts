import type { Parent } from '../blocking/dependencies.js';
import type { EndedParent } from '../blocking/fates.js';
import { type JobStatus, hasEndedBadly } from '../job-status.js';
import type { ResolvedJob } from './new-job.js';

/** How a new job stands with others; a plain job waits for nobody. */
export interface Standing {
  readonly status: Extract<JobStatus, 'PENDING' | 'BLOCKED'>;
  readonly open_dependencies: number;
  readonly has_dependents: boolean;
  /** Whether nothing but its time keeps it from the line. */
  readonly may_line_up: boolean;
}

/** What the parents of new jobs, as they stand, mean for these. */
export interface Prospects {
  /** For how many others each has to wait. */
  readonly open: ReadonlyMap<string, number>;
  /** Those that cannot run, with the parent that has failed. A dependent that comes later ends as one that was there then. */
  readonly doomed: ReadonlyMap<string, EndedParent>;
}

/** @param jobs each after those of the same call that it depends on */
export function prospectsOf(jobs: readonly ResolvedJob[], parents: ReadonlyMap<string, Parent>): Prospects {
  const open = new Map<string, number>();
  const doomed = new Map<string, EndedParent>();
  const lost = new Map<string, EndedParent>([...parents].filter(([, { status }]) => hasEndedBadly(status)));
  for (const job of jobs) {
    const tolerated = new Set(job.tolerates);
    const cause = job.depends_on.find((id) => lost.has(id) && !tolerated.has(id));
    const parent = cause === undefined ? undefined : lost.get(cause);
    if (parent) doomed.set(job.id, parent);
    // An id that is taken is another job's, which stands as it stands.
    if (parent && !parents.has(job.id)) lost.set(job.id, { id: job.id, status: 'CANCELLED' });
    const isOpen = (id: string) =>
      parents.get(id)?.status !== 'COMPLETED' && !(lost.has(id) && tolerated.has(id));
    open.set(job.id, job.depends_on.filter(isOpen).length);
  }
  return { open, doomed };
}

/**
 * Whether a new job must ask for its lock: nothing else keeps it from the line.
 * @param now the database's time, epoch ms
 */
export function joinsLock(job: ResolvedJob, open: ReadonlyMap<string, number>, now: number): boolean {
  const isDue = job.delay_ms <= 0 && (job.scheduled_at === null || Date.parse(job.scheduled_at) <= now);
  return job.lock !== null && open.get(job.id) === 0 && isDue;
}

/** How new jobs stand, given who of them asked for a lock (`joining`) and who holds those. */
export function standings(
  jobs: readonly ResolvedJob[],
  open: ReadonlyMap<string, number>,
  joining: readonly ResolvedJob[],
  holders: ReadonlySet<string>,
): (job: ResolvedJob) => Standing {
  const joins = new Set(joining.map((job) => job.id));
  const wanted = new Set(jobs.flatMap((job) => job.depends_on));
  return ({ id, lock }) => {
    const isFree = open.get(id) === 0;
    return {
      status: isFree && (!joins.has(id) || holders.has(id)) ? 'PENDING' : 'BLOCKED',
      open_dependencies: open.get(id) ?? 0,
      has_dependents: wanted.has(id),
      may_line_up: isFree && (lock === null || holders.has(id)),
    };
  };
}

/** Ids grow in the order in which jobs are asked for. */
export function byIdOf(a: ResolvedJob, b: ResolvedJob): number {
  return a.id < b.id ? -1 : 1;
}
