import { type Changes, type ModelJob, type World, byUniqueKey, endedBadly, isFinal } from './model-job.js';

/** Who runs again when these are asked for. @param retakeKey gives a job its unique key again, if it can have it */
export function revivedBy(
  world: World,
  asked: readonly ModelJob[],
  retakeKey: (job: ModelJob) => boolean,
): ModelJob[] {
  const willing = [...asked, ...fallenBelow(world, asked)];
  const keyless = supported(world, willing, asked)
    .toSorted(byUniqueKey)
    .filter((job) => !retakeKey(job));
  return supported(
    world,
    willing.filter((job) => !keyless.includes(job)),
    asked,
  );
}

/** What becomes of a job that runs again. */
export function revival(
  world: World,
  job: ModelJob,
  again: readonly ModelJob[],
  asked: readonly ModelJob[],
): { job: ModelJob; event: string; changes: Changes } {
  job.open = parentsOf(world, job).filter((parent) => again.includes(parent) || !isFinal(parent)).length;
  job.cancelRequested = false;
  if (!asked.includes(job)) return { job, event: 'revived', changes: {} };
  job.lossesAlone = 0;
  if (job.limit !== null && job.base !== null) job.limit += job.base;
  return { job, event: 'retried', changes: { due: true } };
}

/** Jobs that were cancelled because of these, and because of those in turn. */
function fallenBelow({ jobs }: World, asked: readonly ModelJob[]): ModelJob[] {
  const above = new Set(asked.map(({ number }) => number));
  return jobs.filter((job) => {
    const isBelow = job.parents.some((parent) => above.has(parent) && !job.tolerates.includes(parent));
    if (above.has(job.number) || job.status !== 'CANCELLED' || !job.fallen || !isBelow) return false;
    above.add(job.number);
    return true;
  });
}

/** Those of the jobs that no failed parent keeps from running, and, unless they are asked for, that follow one of them. */
function supported(world: World, jobs: readonly ModelJob[], asked: readonly ModelJob[]): ModelJob[] {
  const kept = jobs.filter(
    (job) =>
      !lacksParent(world, job, jobs) &&
      (asked.includes(job) ||
        jobs.some(({ number }) => job.parents.includes(number) && !job.tolerates.includes(number))),
  );
  return kept.length === jobs.length ? kept : supported(world, kept, asked);
}

export function lacksParent(world: World, job: ModelJob, again: readonly ModelJob[]): boolean {
  return parentsOf(world, job).some(
    (parent) => endedBadly(parent) && !again.includes(parent) && !job.tolerates.includes(parent.number),
  );
}

/** Who went on after a failure, but still waits for others, waits again for those that run again. */
export function waitAgain({ jobs }: World, again: readonly ModelJob[]): void {
  const waiting = jobs.filter(({ status, open }) => status === 'BLOCKED' && open > 0);
  for (const job of waiting) job.open += again.filter(({ number }) => job.parents.includes(number)).length;
}

function parentsOf({ jobs }: World, { parents }: ModelJob): ModelJob[] {
  return parents.flatMap((parent) => jobs.find(({ number }) => number === parent) ?? []);
}
