/** What durations are counted in. */
export const UNITS = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'] as const;

export type Unit = (typeof UNITS)[number];

/** A wait: seconds, or amounts of calendar units. */
export type Duration = number | Partial<Record<Unit, number>>;

/** The moment that lies a duration after another, by the calendar in UTC: a month after 31 January is the end of February. */
export function after(start: Date, duration: Duration): Date {
  if (typeof duration === 'number') return new Date(start.getTime() + duration * 1000);
  const { weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 } = duration;
  const end = addMonths(start, monthsOf(duration));
  const rest = ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds;
  return new Date(end.getTime() + rest * 1000);
}

/** Years count as twelve. */
export function monthsOf({ years = 0, months = 0 }: Exclude<Duration, number>): number {
  return years * 12 + months;
}

function addMonths(start: Date, months: number): Date {
  const end = new Date(start);
  end.setUTCMonth(end.getUTCMonth() + months);
  // 31 January + 1 month lands in March: step back to the last day of the month that was meant.
  if (end.getUTCDate() !== start.getUTCDate()) end.setUTCDate(0);
  return end;
}
