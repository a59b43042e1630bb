/** How often jobs may start. */
export interface Rate {
  /** Starts in any period. */
  readonly count: number;
  readonly periodMs: number;
  /** Starts that may come together. */
  readonly burst: number;
}

/**
 * Periods are stretched by this part of them: a handler begins some milliseconds after its claim, sooner or later, and
 * also what handlers see must not exceed the rate.
 */
const MARGIN = 0.01;

/** A start after a late one may come as much earlier, so that what is late is not lost: up to this (ms), and half an interval. */
const MOST_CATCH_UP_MS = 100;

/**
 * The generic cell rate algorithm: each start moves the theoretical arrival time of the next, `tat`, on by an interval,
 * and the next may come a tolerance before it. Between a start and the `count`-th after it lie at least `count` intervals
 * less one tolerance; the interval is made so that this is more than a period, whatever the burst. Both in ms.
 */
export function cell({ count, periodMs, burst }: Rate): {
  readonly interval: number;
  readonly tolerance: number;
} {
  const stretched = (1 + MARGIN) * periodMs;
  const short = stretched / (count - burst + 0.5);
  const interval =
    short <= 2 * MOST_CATCH_UP_MS ? short : (stretched + MOST_CATCH_UP_MS) / (count - burst + 1);
  const tolerance = (burst - 1) * interval + Math.min(interval / 2, MOST_CATCH_UP_MS);
  return { interval, tolerance };
}

/** How many may start at `now` (epoch ms); `tat` as it was left by the last start, null = there was none. */
export function allowance(rate: Rate, tat: number | null, now: number): number {
  const { interval, tolerance } = cell(rate);
  const ahead = present(rate, tat, now) - now;
  return ahead > tolerance ? 0 : Math.floor((tolerance - ahead) / interval) + 1;
}

/**
 * A `tat` as it may be at `now` at most. What a slower rate has left, or a clock that was turned back since, must be written
 * down so: to bound it at each look alone would put the next start off for ever.
 */
export function bounded(rate: Rate, tat: number, now: number): number {
  const { interval, tolerance } = cell(rate);
  return Math.min(tat, now + tolerance + interval);
}

/** The new `tat` after some have started at that time (epoch ms). */
export function advanced(rate: Rate, tat: number | null, startedAt: number, starts: number): number {
  return present(rate, tat, startedAt) + starts * cell(rate).interval;
}

/** When (epoch ms) the next may start, which may have passed. */
export function nextStart(rate: Rate, tat: number | null, now: number): number {
  return present(rate, tat, now) - cell(rate).tolerance;
}

function present(rate: Rate, tat: number | null, now: number): number {
  return bounded(rate, Math.max(tat ?? now, now), now);
}
