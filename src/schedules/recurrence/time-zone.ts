import { nearest } from '../../common/index.js';

/** A name of the IANA database; an offset such as +01:00, which Intl takes too, knows no summer. */
const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;

/** What is wrong with a text as a time zone, or undefined when it is one. */
export function timeZoneFault(name: string): string | undefined {
  if (NAME.test(name) && isKnown(name)) return undefined;
  const guess = nearest(name, Intl.supportedValuesOf('timeZone'));
  const hint = guess === undefined ? 'Give a name such as Europe/Berlin' : `Did you mean ${guess}?`;
  return `There is no time zone "${name}". ${hint}`;
}

function isKnown(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of a time zone show, as 2026-02-01T14:30:00. */
export function localTime(time: Date, timezone: string): string {
  const parts = new Map(
    formatOf(timezone)
      .formatToParts(time)
      .map(({ type, value }) => [type, value]),
  );
  const [year, month, day, hour, minute, second] = FIELDS.map((field) => parts.get(field) ?? '');
  return `${year}-${month}-${day}T${hour}:${minute}:${second}`;
}

const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

/** The same with the distance from UTC, as RFC 3339 has it. */
export function localTimeWithOffset(time: Date, timezone: string): string {
  const local = localTime(time, timezone);
  const seconds = Math.round((Date.parse(`${local}Z`) - Math.floor(time.getTime() / 1000) * 1000) / 1000);
  const minutes = Math.abs(Math.round(seconds / 60));
  const two = (value: number) => String(value).padStart(2, '0');
  return `${local}${seconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  let format = formats.get(timezone);
  if (!format) {
    const two = '2-digit';
    const fields = { year: 'numeric', month: two, day: two, hour: two, minute: two, second: two } as const;
    format = new Intl.DateTimeFormat('en-CA', { ...fields, hourCycle: 'h23', timeZone: timezone });
    formats.set(timezone, format);
  }
  return format;
}
