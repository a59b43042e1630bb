import type { DueSchedule } from './plan.js';

/** Jobs that are started in one transaction; a single workflow may have more. They take about half a second. */
const MOST_JOBS = 1_000;

/**
 * The first of those that are due, as many as one transaction starts without delaying all of them for long; the others stay
 * due.
 */
export function shareOf(due: readonly DueSchedule[]): DueSchedule[] {
  let jobs = 0;
  const end = due.findIndex((schedule) => (jobs += jobsOf(schedule)) > MOST_JOBS);
  return due.slice(0, end < 0 ? due.length : Math.max(end, 1));
}

function jobsOf({ targetKind, target }: DueSchedule): number {
  return targetKind === 'workflow' && Array.isArray(target.jobs) ? target.jobs.length : 1;
}
