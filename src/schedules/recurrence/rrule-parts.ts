import { didYouMean } from '../../common/index.js';

const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'];
const DAYS = 'MO|TU|WE|TH|FR|SA|SU';

/** Of a rule with COUNT every occurrence is worked out each time. */
const MOST_COUNTED = 1_000;

/** Beyond, no calendar goes. */
const LONGEST_INTERVAL = 1_000_000_000;

interface Part {
  readonly pattern: RegExp;
  /** Numbers it may hold, apart from their sign. */
  readonly from?: number;
  readonly to?: number;
  readonly says: string;
}

const numbers = (from: number, to: number, signed = false): Part => ({
  pattern: signed ? /^[+-]?\d{1,3}(,[+-]?\d{1,3})*$/ : /^\d{1,3}(,\d{1,3})*$/,
  from,
  to,
  says: `numbers from ${from} to ${to}${signed ? ', or the same with a minus to count from the end' : ''}`,
});

/** The parts of a rule by RFC 5545, section 3.3.10. The library takes no notice of numbers that are out of range. */
const PARTS: ReadonlyMap<string, Part> = new Map([
  ['FREQ', { pattern: new RegExp(`^(${FREQUENCIES.join('|')})$`), says: FREQUENCIES.join(', ') }],
  ['INTERVAL', { pattern: /^\d{1,10}$/, from: 1, to: LONGEST_INTERVAL, says: 'a whole number from 1 on' }],
  [
    'COUNT',
    {
      pattern: /^\d{1,10}$/,
      from: 1,
      to: MOST_COUNTED,
      says: `a whole number from 1 to ${MOST_COUNTED}; to end later, use UNTIL`,
    },
  ],
  ['UNTIL', { pattern: /^\d{8}T\d{6}Z$/, says: 'a time in UTC such as 20301231T235959Z' }],
  ['BYSECOND', numbers(0, 59)],
  ['BYMINUTE', numbers(0, 59)],
  ['BYHOUR', numbers(0, 23)],
  [
    'BYDAY',
    {
      pattern: new RegExp(`^([+-]?\\d{1,2})?(${DAYS})(,([+-]?\\d{1,2})?(${DAYS}))*$`),
      from: 1,
      to: 53,
      says: 'days such as MO,WE or, counted in a month or year, 1MO,-1FR',
    },
  ],
  ['BYMONTHDAY', numbers(1, 31, true)],
  ['BYYEARDAY', numbers(1, 366, true)],
  ['BYWEEKNO', numbers(1, 53, true)],
  ['BYMONTH', numbers(1, 12)],
  ['BYSETPOS', numbers(1, 366, true)],
  ['WKST', { pattern: new RegExp(`^(${DAYS})$`), says: 'a day such as MO' }],
]);

/** The most days a month may have. */
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What is wrong with a recurrence rule, in upper case, or undefined when nothing seems to be. */
export function ruleFault(rule: string): string | undefined {
  const seen = new Map<string, string>();
  for (const part of rule.split(';')) {
    const [name = '', value = '', ...more] = part.split('=');
    const known = PARTS.get(name);
    if (!known) return `An RRULE has no part "${name}".${didYouMean(name, [...PARTS.keys()])}`;
    if (seen.has(name)) return `${name} stands in the RRULE twice: leave one out`;
    if (more.length > 0 || !isOf(known, value)) return `${name} takes ${known.says}`;
    seen.set(name, value);
  }
  if (!seen.has('FREQ')) return `The RRULE needs FREQ, one of ${FREQUENCIES.join(', ')}`;
  if (seen.has('COUNT') && seen.has('UNTIL')) return 'Give either COUNT or UNTIL, not both';
  return undefined;
}

function isOf({ pattern, from = 0, to = Infinity }: Part, value: string): boolean {
  if (!pattern.test(value)) return false;
  if (to === Infinity) return true;
  return (value.match(/\d+/g) ?? []).every((digits) => Number(digits) >= from && Number(digits) <= to);
}

/** Whether its months and days never meet, as on 30 February: looking for that day would take until the limit. */
export function namesNoDay(rule: string): boolean {
  const months = numbersOf(rule, 'BYMONTH');
  const days = numbersOf(rule, 'BYMONTHDAY');
  if (!months || !days) return false;
  return months.every((month) => days.every((day) => Math.abs(day) > (LONGEST_MONTHS[month - 1] ?? 0)));
}

function numbersOf(rule: string, name: string): number[] | undefined {
  const part = rule.split(';').find((candidate) => candidate.startsWith(`${name}=`));
  return part
    ?.slice(name.length + 1)
    .split(',')
    .map(Number);
}
