import { Text } from '../common/http/index.js';

const LONGEST_ZONE = 64;

const CRON =
  '5 fields, `minute hour day month weekday`, or 6 with the second first. A day that fits either of day and weekday is taken when both are given.';

const RRULE =
  'A recurrence rule by RFC 5545, such as `FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17;BYMINUTE=0;BYSECOND=0`, after a line with DTSTART if need be. Without DTSTART it begins with the next full second.';

/** A cron expression as a field. */
export function CronField({ description = CRON }: { description?: string } = {}): PropertyDecorator {
  return Text({ description, minLength: 1, maxLength: 200, optional: true, example: '30 9 * * MON-FRI' });
}

/** A recurrence rule as a field. */
export function RruleField({ description = RRULE }: { description?: string } = {}): PropertyDecorator {
  return Text({ description, minLength: 1, maxLength: 1000, optional: true });
}

/** A time zone as a field. */
export function TimezoneField(field: { description: string; default?: string }): PropertyDecorator {
  return Text({
    ...field,
    minLength: 1,
    maxLength: LONGEST_ZONE,
    optional: true,
    example: 'Europe/Berlin',
  });
}
