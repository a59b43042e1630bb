import type { Work } from '../../queue/index.js';

/** The windows over which an objective is looked at, in seconds, the shortest first. */
export const WINDOWS = {
  last_5_minutes: 300,
  last_30_minutes: 1_800,
  last_hour: 3_600,
  last_6_hours: 21_600,
  last_3_days: 259_200,
} as const;

export type WindowName = keyof typeof WINDOWS;

/** How an objective was kept within a window. */
export interface Attainment {
  /** Jobs that started for the first time, or wait and are late already. */
  readonly jobs: number;
  readonly late: number;
  /** The fraction that was not late; null when there were no jobs. */
  readonly attained: number | null;
  readonly burnRate: number;
}

/**
 * The burn rate is the fraction of jobs that are late over the fraction that may be: at 1 all of the budget goes in one
 * window, at 14.4 two percent of a month's go in an hour. After "The Site Reliability Workbook" (Google, 2018), chapter 5,
 * "Alerting on SLOs", whose sixth approach, several windows with several burn rates, the alert rules follow. A job that waits
 * and is late counts as late in every window until it starts: where nothing starts, nothing else would burn.
 * @param target the fraction that is to start in time, below 1
 */
export function attainment(work: Work | undefined, lateNow: number, target: number): Attainment {
  const late = (work?.late ?? 0) + lateNow;
  const jobs = (work?.starts ?? 0) + lateNow;
  if (jobs === 0) return { jobs, late, attained: null, burnRate: 0 };
  return { jobs, late, attained: 1 - late / jobs, burnRate: late / jobs / (1 - target) };
}

/** How much of the budget of a window is left: 1 = nobody was late, 0 = all is spent, below 0 = more than all. */
export function budgetLeft({ burnRate }: Attainment): number {
  return 1 - burnRate;
}
