import { type Fault, invalid, messageOf } from '../../common/index.js';
import { cronTimes } from './cron-times.js';
import { namesNoDay, ruleFault } from './rrule-parts.js';
import { rruleTimes } from './rrule-times.js';
import { localTime, timeZoneFault } from './time-zone.js';
import type { CronTiming, RruleTiming, Timing } from './timing.js';
import { CalculationLimitError, withinLimits } from './within-limits.js';

/** When to fire, in the words of a request. */
export interface TimingRequest {
  readonly cron?: string;
  readonly rrule?: string;
  readonly timezone?: string;
}

const UTC = 'UTC';

const DTSTART = /^DTSTART(?:;TZID=(?<zone>[^:;]+))?:(?<local>\d{8}T\d{6})(?<utc>Z)?$/i;

const SECOND_MS = 1_000;

/** What other systems take as well; here every schedule says its times in one way. */
const NICKNAMES: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

/**
 * Reads when a schedule is to fire.
 * @param now a rule that says no beginning begins with the next full second
 * @throws DomainError validation_failed
 */
export function readTiming({ cron, rrule, timezone }: TimingRequest, now: Date): Timing {
  if (cron !== undefined && rrule !== undefined)
    throw fault('/rrule', 'Give either cron or rrule, not both', 'contradiction');
  if (timezone !== undefined) refuseUnknownZone('/timezone', timezone);
  if (cron !== undefined) return readCron(cron, timezone ?? UTC);
  if (rrule !== undefined) return readRrule(rrule, timezone, now);
  throw fault('/cron', 'Say when: give cron, such as "0 9 * * MON-FRI", or rrule', 'missing');
}

function readCron(text: string, timezone: string): CronTiming {
  const expression = text.trim().split(/\s+/).join(' ');
  const same = NICKNAMES.get(expression.toLowerCase());
  if (same !== undefined)
    throw fault('/cron', `cron takes no names such as ${expression}: send "${same}"`, 'is_cron');
  const fields = expression.split(' ').length;
  if (fields !== 5 && fields !== 6) {
    const detail = `cron takes 5 fields (minute hour day month weekday), or 6 with the second first; there are ${fields}`;
    throw fault('/cron', detail, 'is_cron');
  }
  const timing = { kind: 'cron', expression, timezone } as const;
  refuseUnreadable('/cron', 'is_cron', () => cronTimes(timing));
  return timing;
}

function readRrule(text: string, timezone: string | undefined, now: Date): RruleTiming {
  const lines = text
    .trim()
    .split(/\s*\r?\n\s*/)
    .filter((line) => line !== '');
  const starts = lines.filter((line) => /^DTSTART/i.test(line));
  const rules = lines.filter((line) => !starts.includes(line));
  const [line = ''] = rules;
  if (rules.length !== 1 || starts.length > 1) {
    const detail = 'rrule takes one rule such as "FREQ=DAILY;BYHOUR=9", after a line with DTSTART if need be';
    throw fault('/rrule', detail, 'is_rrule');
  }
  const rule = line
    .replace(/^RRULE:/i, '')
    .replace(/;$/, '')
    .toUpperCase();
  const detail = ruleFault(rule);
  if (detail !== undefined) throw fault('/rrule', detail, 'is_rrule');
  const [start] = starts;
  const timing = { kind: 'rrule', rule, ...readStart(start, timezone, now) } as const;
  if (namesNoDay(rule)) throw neverFires(timing);
  refuseUnreadable('/rrule', 'is_rrule', () => rruleTimes(timing));
  return timing;
}

/** Where a rule begins, and in which time zone. */
function readStart(line: string | undefined, timezone: string | undefined, now: Date) {
  if (line === undefined) {
    const nextSecond = new Date((Math.floor(now.getTime() / SECOND_MS) + 1) * SECOND_MS);
    const zone = timezone ?? UTC;
    return { timezone: zone, dtstart: localTime(nextSecond, zone).replace(/[-:]/g, '') };
  }
  const { zone, local = '', utc } = DTSTART.exec(line)?.groups ?? {};
  if (local === '' || (zone !== undefined && utc !== undefined) || !isInCalendar(local)) {
    const detail =
      'DTSTART takes a time such as DTSTART:20300131T090000, DTSTART:20300131T080000Z or DTSTART;TZID=Europe/Berlin:20300131T090000';
    throw fault('/rrule', detail, 'is_rrule');
  }
  if (zone !== undefined) refuseUnknownZone('/rrule', zone);
  const own = utc === undefined ? zone : UTC;
  if (own !== undefined && timezone !== undefined && own.toLowerCase() !== timezone.toLowerCase()) {
    const detail = `DTSTART is a time of ${own}, and timezone says ${timezone}: give one of them`;
    throw fault('/timezone', detail, 'contradiction');
  }
  return { timezone: timezone ?? own ?? UTC, dtstart: local.toUpperCase() };
}

/** JavaScript takes 30 February for 2 March. */
function isInCalendar(local: string): boolean {
  const iso = local.replace(/^(....)(..)(..).(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6');
  const time = new Date(`${iso}Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(iso);
}

function refuseUnknownZone(pointer: string, name: string): void {
  const detail = timeZoneFault(name);
  if (detail !== undefined) throw fault(pointer, detail, 'is_time_zone');
}

/** Has the library read it, which has the last word. */
function refuseUnreadable(pointer: string, code: string, read: () => unknown): void {
  try {
    withinLimits(read);
  } catch (error) {
    if (error instanceof CalculationLimitError) throw tooLong(pointer);
    const reason = messageOf(error).replace(/^CronPattern: (Syntax error, )?/, '');
    throw fault(pointer, `${pointer.slice(1)} cannot be read: ${reason}`, code);
  }
}

/** A schedule that never fires, or has fired for the last time, is of no use to anybody. */
export function neverFires({ kind }: Timing): Error {
  const detail = `This ${kind} never fires again up to the year 2100: name a time that comes`;
  return fault(`/${kind}`, detail, 'never_fires');
}

/** Its next time could not be worked out. */
export function tooLong(pointer: string): Error {
  const detail = `The times of this ${pointer.slice(1)} cannot be worked out: it fires never, or so rarely that finding out takes too long. Simplify it`;
  return fault(pointer, detail, 'too_long_to_work_out');
}

function fault(pointer: string, detail: string, code: string): Error {
  const faults: readonly Fault[] = [{ pointer, detail, code }];
  return invalid('validation_failed', faults);
}
