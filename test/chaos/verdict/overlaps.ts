import { common } from '../clock.js';
import type { Facts } from './facts.js';
import { type Finding, fault, figure } from './finding.js';
import { type Run, activeSpans } from './runs.js';

/** Two that ran at the same time and must not. */
interface Overlap {
  readonly first: Run;
  readonly second: Run;
  readonly ms: number;
}

/**
 * Attempts of one job, and jobs of one lock, that ran at the same time. While a process stands still nothing of it
 * runs. One that stood still for so long that its jobs were given to others, and moves again, may go on for the moment
 * it takes to notice: such overlaps are told apart from those that nothing excuses.
 */
export function checkOverlaps(runs: readonly Run[], { jobs }: Pick<Facts, 'jobs'>): Finding[] {
  const lockOf = new Map(jobs.map(({ id, lock }) => [id, lock]));
  const locked = runs.filter(({ job }) => lockOf.get(job));
  const ofJob = overlapsIn(Map.groupBy(runs, ({ job }) => job));
  const ofLock = overlapsIn(Map.groupBy(locked, ({ job }) => lockOf.get(job)!)).filter(
    ({ first, second }) => first.job !== second.job,
  );
  const all = [...ofJob, ...ofLock];
  return [
    fault('two at once under one lock', ofLock.filter((overlap) => !isAfterFreeze(overlap)).map(tell)),
    fault('two attempts of a job at once', ofJob.filter((overlap) => !isAfterFreeze(overlap)).map(tell)),
    figure('overlaps with a process that had stood still', all.filter(isAfterFreeze).map(tell)),
  ];
}

function overlapsIn(groups: ReadonlyMap<string, Run[]>): Overlap[] {
  return [...groups.values()].flatMap((group) => {
    const inOrder = group.toSorted((a, b) => a.from - b.from);
    return inOrder.flatMap((second, index) =>
      inOrder
        .slice(0, index)
        .filter(({ to }) => to > second.from)
        .map((first) => ({ first, second, ms: commonTime(first, second) }))
        .filter(({ ms }) => ms > 0),
    );
  });
}

function commonTime(first: Run, second: Run): number {
  const others = activeSpans(second);
  return activeSpans(first).reduce(
    (sum, span) => sum + others.reduce((inner, other) => inner + common(span, other), 0),
    0,
  );
}

function isAfterFreeze({ first, second }: Overlap): boolean {
  return (
    first.life?.frozen.some(
      ({ from }) => from < second.from && from < first.to && from > first.from - 1_000,
    ) ?? false
  );
}

function tell({ first, second, ms }: Overlap): string {
  const name = ({ job, attempt, life }: Run) => `${job} attempt ${attempt} on ${life?.slot ?? 'its own'}`;
  return `${name(first)} and ${name(second)} for ${ms.toFixed(1)} ms`;
}
