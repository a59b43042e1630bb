import { ValidateBy } from 'class-validator';
import { declare } from './fields.js';

const ISO_DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})?$/;
const HAS_ZONE = /([Zz]|[+-]\d{2}:?\d{2})$/;
export const LAST_YEAR = 2100;

/** The time a text names; without a zone it is UTC. Undefined when it names none, or one after the year 2100. */
export function parseMoment(text: string): Date | undefined {
  if (!ISO_DATE_TIME.test(text) || !isInCalendar(text)) return undefined;
  const time = new Date(HAS_ZONE.test(text) ? text : `${text}Z`);
  return isSchedulable(time) ? time : undefined;
}

/** Whether it is a time at all, and not after the year 2100. */
export function isSchedulable(time: Date): boolean {
  return time.getUTCFullYear() <= LAST_YEAR;
}

/** JavaScript takes 30 February for 2 March. */
function isInCalendar(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

/** A time as a field: RFC 3339, without a zone UTC. */
export function Moment(field: {
  description: string;
  example?: string;
  optional?: boolean;
}): PropertyDecorator {
  const rule = ValidateBy({
    name: 'isMoment',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && parseMoment(value) !== undefined,
      defaultMessage: () =>
        `$property must be a time such as 2030-01-31T15:00:00Z, at most in the year ${LAST_YEAR}`,
    },
  });
  return declare(field, { type: 'string', format: 'date-time' }, rule);
}
