import { UNITS, type Unit, monthsOf } from '../common/duration.js';

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

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= LONGEST_SECONDS;
}
