import { UNIT_MS, parseRate } from '../../common/index.js';
import type { Rate } from './rate.js';

/** A limit of a queue, or of each key in it; null = none. */
export interface Limit {
  /** Starts per unit of time, such as `100/minute`. */
  readonly rate: string | null;
  /** Starts that may come together; without a rate it means nothing. */
  readonly burst: number;
  /** Jobs that may run at once. */
  readonly concurrency: number | null;
}

/** The limits of a queue, as they are stored. */
export interface Limits extends Limit {
  readonly per_key: Limit | null;
}

/** The rate of a limit; undefined = it has none. */
export function rateOf({ rate, burst }: Limit): Rate | undefined {
  const parsed = rate === null ? undefined : parseRate(rate);
  return (
    parsed && { count: parsed.count, periodMs: UNIT_MS[parsed.unit], burst: Math.min(burst, parsed.count) }
  );
}
