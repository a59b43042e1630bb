import { LAST_YEAR } from '../../common/http/index.js';
import { cronTimes } from './cron-times.js';
import { rruleTimes } from './rrule-times.js';
import type { NextTime, Timing } from './timing.js';
import { withinLimits } from './within-limits.js';

/** As far as jobs can be scheduled. What a rule names beyond is as good as never. */
const END = Date.UTC(LAST_YEAR + 1, 0, 1);

const SECOND_MS = 1_000;

/**
 * The first occurrences after a time, strictly, and never beyond the year 2100.
 * @throws CalculationLimitError
 */
export function occurrencesAfter(timing: Timing, after: Date, count: number): Date[] {
  return withinLimits(() => {
    const next = timesOf(timing);
    const found: Date[] = [];
    for (let time = next(after); time && found.length < count; time = next(time)) found.push(time);
    return found;
  });
}

/** The first of them, or null. @throws CalculationLimitError */
export function nextOccurrence(timing: Timing, after: Date): Date | null {
  return withinLimits(() => timesOf(timing)(after));
}

/**
 * The latest occurrence before a time, given one that lies before it. Found by halving: libraries look forwards far
 * better than backwards.
 * @throws CalculationLimitError
 */
export function latestOccurrence(timing: Timing, known: Date, before: Date): Date {
  return withinLimits(() => {
    const next = timesOf(timing);
    let latest = known;
    let from = known.getTime();
    for (let until = before.getTime(); until - from > SECOND_MS;) {
      const middle = Math.floor((from + until) / 2);
      const found = next(new Date(middle));
      if (found && found < before) {
        latest = found;
        from = found.getTime();
      } else until = middle;
    }
    const last = next(latest);
    return last && last < before ? last : latest;
  });
}

/** @throws Error when the library cannot read what it is given */
function timesOf(timing: Timing): NextTime {
  const next = timing.kind === 'cron' ? cronTimes(timing) : rruleTimes(timing);
  return (after) => {
    const time = next(after);
    return time && time.getTime() < END ? time : null;
  };
}
