import type { Parent } from '../blocking/dependencies.js';
import { DEPENDENCY_FAILED, edgeBetween } from '../blocking/fates.js';
import { NOW, type Placing } from '../blocking/place.js';
import type { Job } from '../job.entity.js';
import { hasEndedBadly, isFinal } from '../job-status.js';
import { type Managed, refused } from './managed.js';

/** Jobs that are to run again, and what decides whether they may. */
export interface Candidates {
  /** Those that somebody wants to run again. */
  readonly asked: readonly Job[];
  /** Those that were cancelled because of such jobs, or of one another. */
  readonly followers: readonly Job[];
  /** All that these depend on, as far as they are there. */
  readonly parents: ReadonlyMap<string, Parent>;
  /** The edges on which a failure changes nothing. */
  readonly tolerated: ReadonlySet<string>;
  /** Other jobs that have taken the unique key of a candidate, by its id. */
  readonly keyHolders: ReadonlyMap<string, string>;
}

/** Who runs again, and why others do not. */
export interface Revival {
  readonly jobs: readonly Job[];
  readonly ids: ReadonlySet<string>;
  /** Of those, the ones that come back because of another. */
  readonly followers: ReadonlySet<string>;
  readonly refusals: readonly Managed[];
}

/** Whether somebody may let it run once more. */
export function mayRetry({ status }: Pick<Job, 'status'>): boolean {
  return hasEndedBadly(status);
}

/** Whether it was cancelled only because a job failed that it depends on: it comes back when that one does. */
export function hasFallen(
  job: Pick<Job, 'status' | 'lastEvent' | 'lastError' | 'cancelRequestedAt'>,
): boolean {
  return (
    job.status === 'CANCELLED' &&
    job.lastEvent === 'cancelled' &&
    job.cancelRequestedAt === null &&
    job.lastError?.name === DEPENDENCY_FAILED
  );
}

/**
 * Of the candidates those that run again: all but who may not, and who depends, on an edge that cancels, on a job that
 * has failed and does not run again itself. Pure.
 */
export function revivalOf(candidates: Candidates): Revival {
  const { asked, keyHolders, parents } = candidates;
  const named = new Set(asked.map(({ id }) => id));
  const all = [...asked, ...candidates.followers.filter(({ id }) => !named.has(id))];
  const willing = all.filter((job) => (named.has(job.id) ? mayRetry(job) : hasFallen(job)));
  const jobs = supported(
    willing.filter(({ id }) => !keyHolders.has(id)),
    named,
    candidates,
  );
  const ids = new Set(jobs.map(({ id }) => id));
  const refusals = asked
    .filter(({ id }) => !ids.has(id))
    .map((job) =>
      refusalOf(job, keyHolders.get(job.id), failedParentOf(job, ids, parents, candidates.tolerated)),
    );
  return { jobs, ids, followers: new Set([...ids].filter((id) => !named.has(id))), refusals };
}

/** Its place as if it came anew, with its history; one that was asked for has its limit raised by its first one. */
export function reviving(
  job: Job,
  actor: string,
  { ids, followers }: Revival,
  parents: Candidates['parents'],
): Placing {
  const openDependencies = openAmong(job, ids, parents);
  if (followers.has(job.id)) return { job, event: 'revived', actor, openDependencies };
  const raise = job.baseMaxAttempts ?? 0;
  return { job, event: 'retried', actor, openDependencies, raise, changes: { scheduledAt: NOW } };
}

/** Parents that were deleted meanwhile are waited for no more; those that run again are. */
function openAmong({ dependsOn }: Job, again: ReadonlySet<string>, parents: Candidates['parents']): number {
  return dependsOn.filter((id) => {
    const status = parents.get(id)?.status;
    return again.has(id) || (status !== undefined && !isFinal(status));
  }).length;
}

function supported(
  willing: readonly Job[],
  asked: ReadonlySet<string>,
  { parents, tolerated }: Candidates,
): Job[] {
  let jobs = willing.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  // Parents are older than their dependents, so that one round tells nearly always.
  for (let before = Infinity; jobs.length < before;) {
    before = jobs.length;
    const ids = new Set(jobs.map(({ id }) => id));
    jobs = jobs.filter((job) => {
      const isWanted =
        asked.has(job.id) ||
        job.dependsOn.some((id) => ids.has(id) && !tolerated.has(edgeBetween(id, job.id)));
      const isSupported = isWanted && failedParentOf(job, ids, parents, tolerated) === undefined;
      if (!isSupported) ids.delete(job.id);
      return isSupported;
    });
  }
  return jobs;
}

function failedParentOf(
  { id, dependsOn }: Job,
  again: ReadonlySet<string>,
  parents: Candidates['parents'],
  tolerated: Candidates['tolerated'],
): Parent | undefined {
  return dependsOn
    .flatMap((parent) => parents.get(parent) ?? [])
    .find(
      (parent) =>
        hasEndedBadly(parent.status) && !again.has(parent.id) && !tolerated.has(edgeBetween(parent.id, id)),
    );
}

function refusalOf(job: Job, keyHolder: string | undefined, failed: Parent | undefined): Managed {
  if (!mayRetry(job)) return refused(job, 'only a FAILED or CANCELLED job can be retried');
  if (failed)
    return refused(
      job,
      `it depends on job ${failed.id}, which is ${failed.status}: retry that one first`,
      'dependency_failed',
    );
  return refused(
    job,
    `job ${keyHolder ?? ''} has taken its unique key: wait until that one has ended`,
    'job_already_exists',
  );
}
