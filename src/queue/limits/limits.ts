import type { Rate } from './rate.js';

/** The units of a rate. */
export const RATE_UNITS = ['second', 'minute', 'hour', 'day'] as const;

export type RateUnit = (typeof RATE_UNITS)[number];

const MS: Readonly<Record<RateUnit, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

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

const RATE = new RegExp(`^([1-9][0-9]{0,6})/(${RATE_UNITS.join('|')})$`);
const MOST_STARTS = 1_000_000;

/** The number and unit of a rate such as `100/minute`; undefined when the text is none. */
export function parseRate(text: string): { readonly count: number; readonly unit: RateUnit } | undefined {
  const match = RATE.exec(text);
  const count = Number(match?.[1]);
  return match && count <= MOST_STARTS ? { count, unit: match[2] as RateUnit } : undefined;
}

/** The rate of a limit; undefined = it has none. */
export function rateOf({ rate, burst }: Limit): Rate | undefined {
  const parsed = rate === null ? undefined : parseRate(rate);
  return parsed && { count: parsed.count, periodMs: MS[parsed.unit], burst: Math.min(burst, parsed.count) };
}
