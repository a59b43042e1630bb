const UNITS = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'] as const;

type Unit = (typeof UNITS)[number];

/** A wait: seconds, or amounts of calendar units. */
export type Duration = number | Partial<Record<Unit, number>>;

/** 100 years: anything longer passes the last year a job may be scheduled in anyway. */
const LONGEST_SECONDS = 100 * 366 * 86_400;

/** What is wrong with a value as a duration, or undefined when it is one. */
export function durationFault(value: unknown): string | undefined {
  if (typeof value === 'number')
    return isAmount(value) ? undefined : 'schedule_in must be a number of seconds from 0 on';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'schedule_in must be a number of seconds or an object such as {"hours": 1, "minutes": 30}';
  }
  const unknown = Object.keys(value).find((key) => !UNITS.includes(key as Unit));
  if (unknown !== undefined) return `schedule_in has no unit "${unknown}"; it takes ${UNITS.join(', ')}`;
  if (Object.keys(value).length === 0) return 'schedule_in names no amount';
  if (!Object.values(value).every(isAmount)) return 'schedule_in takes amounts that are numbers from 0 on';
  return Number.isInteger(monthsOf(value))
    ? undefined
    : 'schedule_in takes whole months only: give the rest in days or hours';
}

/** The moment that lies a duration after another, by the calendar in UTC: a month after 31 January is the end of February. */
export function after(start: Date, duration: Duration): Date {
  if (typeof duration === 'number') return new Date(start.getTime() + duration * 1000);
  const { weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 } = duration;
  const end = addMonths(start, monthsOf(duration));
  const rest = ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds;
  return new Date(end.getTime() + rest * 1000);
}

function monthsOf({ years = 0, months = 0 }: Exclude<Duration, number>): number {
  return years * 12 + months;
}

function addMonths(start: Date, months: number): Date {
  const end = new Date(start);
  end.setUTCMonth(end.getUTCMonth() + months);
  // 31 January + 1 month lands in March: step back to the last day of the month that was meant.
  if (end.getUTCDate() !== start.getUTCDate()) end.setUTCDate(0);
  return end;
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= LONGEST_SECONDS;
}
