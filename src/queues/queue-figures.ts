import type { JobStatus } from '../queue/index.js';

/** Jobs per minute. */
export interface Rates {
  readonly submitted: number;
  readonly completed: number;
  readonly failed: number;
}

/** How a queue is doing. */
export interface QueueFigures {
  /** Jobs by status, every status there is. */
  readonly depth: Readonly<Record<JobStatus, number>>;
  /** Jobs that may start now. */
  readonly waiting: number;
  /** Which of them has waited longest, and how long (s). */
  readonly oldest: { readonly id: string; readonly age: number } | null;
  readonly lastMinute: Rates;
  /** The mean of the last five minutes. */
  readonly lastFiveMinutes: Rates;
}

const NO_RATES: Rates = { submitted: 0, completed: 0, failed: 0 };

/** The figures of a queue without jobs. */
export const NO_FIGURES: QueueFigures = {
  depth: { BLOCKED: 0, PENDING: 0, PROCESSING: 0, COMPLETED: 0, FAILED: 0, CANCELLED: 0 },
  waiting: 0,
  oldest: null,
  lastMinute: NO_RATES,
  lastFiveMinutes: NO_RATES,
};

/**
 * Seconds until the jobs that run or may start now have ended, when jobs end as fast as in the last minute, or in
 * the last five when none did in that; null when none did in those either.
 */
export function secondsToDrain(figures: QueueFigures): number | null {
  const left = figures.waiting + figures.depth.PROCESSING;
  if (left === 0) return 0;
  const perMinute = ended(figures.lastMinute) || ended(figures.lastFiveMinutes);
  return perMinute === 0 ? null : Math.ceil((left / perMinute) * 60);
}

function ended({ completed, failed }: Rates): number {
  return completed + failed;
}
