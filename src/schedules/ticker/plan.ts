import { messageOf } from '../../common/index.js';
import { CalculationLimitError } from '../recurrence/within-limits.js';
import { latestOccurrence, nextOccurrence } from '../recurrence/occurrences.js';
import { type Schedule, timingOf } from '../schedule.js';

/** An occurrence that nobody could fire for longer than this (ms) is missed. */
const GRACE_MS = 60_000;

/** How long (ms) an occurrence is tried again that somebody, or a slow machine, keeps from being fired; then it is missed, too. */
const LONGEST_TRYING_MS = 3_600_000;

/** How long (ms) until times that could not be worked out in time are tried again. */
const TRY_AGAIN_MS = 60_000;

const OUT_OF_TIME =
  'Its times could not be worked out in time; that is tried again every minute. Simplify them';

/** A schedule that is due. */
export type DueSchedule = Pick<
  Schedule,
  'id' | 'name' | 'cron' | 'rrule' | 'dtstart' | 'timezone' | 'missed' | 'targetKind' | 'target'
> & {
  readonly nextRunAt: Date;
  /** When to look at it: later than the occurrence that was tried before. */
  readonly dueAt: Date;
  /** The database's time. */
  readonly now: Date;
};

/** What is to be done about a schedule that is due. */
export interface Plan {
  readonly schedule: DueSchedule;
  /** The occurrence to fire; null = none. */
  readonly occurrence: Date | null;
  /** Whether it was missed, and fired all the same. */
  readonly madeUp: boolean;
  /** The occurrence after; null = there is none. */
  readonly next: Date | null;
  /** When to look again; earlier than `next` never. */
  readonly due: Date | null;
  /** What is wrong with its times. */
  readonly error: string | null;
  /** What is worth a line in the log. */
  readonly warning: string | null;
}

/** After this time (ms) the process does something else before it works out more times; an ordinary one takes less than one. */
const LONGEST_PLANNING_MS = 100;

/**
 * Plans what is to be done about schedules that are due: about the first at least, and about as many as that takes no longer.
 * @param clock monotonic, ms
 */
export function planSome(
  schedules: readonly DueSchedule[],
  clock: () => number = () => performance.now(),
): Plan[] {
  const until = clock() + LONGEST_PLANNING_MS;
  const plans: Plan[] = [];
  for (const schedule of schedules) {
    if (plans.length > 0 && clock() > until) break;
    plans.push(planFor(schedule));
  }
  return plans;
}

/** Plans what is to be done about a schedule that is due. */
export function planFor(schedule: DueSchedule): Plan {
  try {
    const horizon = schedule.now.getTime() - GRACE_MS;
    if (isInTime(schedule, horizon)) return onTime(schedule);
    return schedule.missed === 'once' ? makeUp(schedule, horizon) : skip(schedule, horizon);
  } catch (error) {
    if (!(error instanceof CalculationLimitError)) return later(schedule, unreadable(error));
    return error.isOutOfTime ? later(schedule, OUT_OF_TIME) : end(schedule);
  }
}

/** What was tried a moment ago is not missed: somebody is there to fire it. */
function isInTime({ nextRunAt, dueAt, now }: DueSchedule, horizon: number): boolean {
  return dueAt.getTime() >= horizon && nextRunAt.getTime() >= now.getTime() - LONGEST_TRYING_MS;
}

function onTime(schedule: DueSchedule): Plan {
  const { nextRunAt } = schedule;
  return fire(schedule, nextRunAt, false, nextOccurrence(timingOf(schedule), nextRunAt));
}

/** One run for all that was missed; what came within the grace is not missed and follows. */
function makeUp(schedule: DueSchedule, horizon: number): Plan {
  const next = nextOccurrence(timingOf(schedule), new Date(horizon - 1));
  return fire(schedule, latestMissed(schedule, horizon), true, next);
}

/** The latest, or the first where finding the latest takes too long. */
function latestMissed(schedule: DueSchedule, horizon: number): Date {
  try {
    return latestOccurrence(timingOf(schedule), schedule.nextRunAt, new Date(horizon));
  } catch (error) {
    if (error instanceof CalculationLimitError) return schedule.nextRunAt;
    throw error;
  }
}

function fire(schedule: DueSchedule, occurrence: Date, madeUp: boolean, next: Date | null): Plan {
  return { schedule, occurrence, madeUp, next, due: next, error: null, warning: null };
}

function skip(schedule: DueSchedule, horizon: number): Plan {
  const next = nextOccurrence(timingOf(schedule), new Date(horizon - 1));
  const from = schedule.nextRunAt.toISOString();
  const warning = `was not fired from ${from} to ${new Date(horizon).toISOString()}, as nothing ran to do it: that is skipped`;
  return { ...nothing(schedule), next, due: next, warning };
}

function later(schedule: DueSchedule, error: string): Plan {
  const due = new Date(schedule.now.getTime() + TRY_AGAIN_MS);
  return { ...nothing(schedule), next: schedule.nextRunAt, due, error, warning: error };
}

/** Somebody wrote it by hand, or a time zone is not known any more: that must not hold up the others. */
function unreadable(error: unknown): string {
  return `Its times cannot be read: ${messageOf(error)}. Give it others; that is tried again every minute`;
}

function end(schedule: DueSchedule): Plan {
  const error =
    'Its next time cannot be worked out: it comes never, or very rarely. Give it other times to let it go on';
  return { ...fire(schedule, schedule.nextRunAt, false, null), error, warning: error };
}

function nothing(schedule: DueSchedule): Plan {
  return { schedule, occurrence: null, madeUp: false, next: null, due: null, error: null, warning: null };
}
