import { RRuleTemporal } from 'rrule-temporal';
import type { NextTime, RruleTiming } from './timing.js';
import { CalculationLimitError } from './within-limits.js';

/** Steps that looking for one occurrence may take. A leap day every seventh year takes some tens. */
const MOST_STEPS = 5_000;

/**
 * The times of a recurrence rule. Of a rule with COUNT all are found at once, as each depends on those before.
 * @throws Error when it is none; CalculationLimitError
 */
export function rruleTimes({ rule, dtstart, timezone }: Omit<RruleTiming, 'kind'>): NextTime {
  return telling(() => {
    const rules = new RRuleTemporal({
      rruleString: `DTSTART;TZID=${timezone}:${dtstart}\nRRULE:${rule}`,
      strict: true,
      maxIterations: MOST_STEPS,
    });
    if (rules.options().count === undefined) {
      return (after) => telling(() => toDate(rules.next(after, false)));
    }
    const all = rules.all().map((time) => new Date(time.epochMilliseconds));
    return (after) => all.find((time) => time > after) ?? null;
  });
}

function toDate(time: { readonly epochMilliseconds: number } | null): Date | null {
  return time && new Date(time.epochMilliseconds);
}

/** The library has no error of its own for its limits, and leaves the calendar with a RangeError. */
function telling<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'RangeError' || message.startsWith('Maximum')) throw new CalculationLimitError(false, error);
    throw error;
  }
}
