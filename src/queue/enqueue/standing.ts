import type { Parent } from '../blocking/dependencies.js';
import type { JobStatus } from '../job-status.js';
import type { ResolvedJob } from './new-job.js';

/** How a new job stands with others; a plain job waits for nobody. */
export interface Standing {
  readonly status: Extract<JobStatus, 'PENDING' | 'BLOCKED'>;
  readonly open_dependencies: number;
  readonly has_dependents: boolean;
  /** Whether nothing but its time keeps it from the line. */
  readonly may_line_up: boolean;
}

/** Of the jobs a job depends on, how many have not completed. */
export function openDependencies(
  jobs: readonly ResolvedJob[],
  parents: ReadonlyMap<string, Parent>,
): ReadonlyMap<string, number> {
  const isOpen = (id: string) => parents.get(id)?.status !== 'COMPLETED';
  return new Map(jobs.map((job) => [job.id, job.depends_on.filter(isOpen).length]));
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
