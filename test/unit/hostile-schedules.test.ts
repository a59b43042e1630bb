import { describe, expect, test } from '@jest/globals';
import { DomainError } from '../../src/common/index.js';
import { nextOccurrence } from '../../src/schedules/recurrence/occurrences.js';
import { type TimingRequest, readTiming } from '../../src/schedules/recurrence/read-timing.js';
import { CalculationLimitError, withinLimits } from '../../src/schedules/recurrence/within-limits.js';

const NOW = new Date('2026-11-23T12:00:00Z');

/** What nobody may be stopped by, on a machine however busy. */
const LONGEST_MS = 5_000;

/** The code of the fault, or what comes of it. */
function codeOf(request: TimingRequest): string {
  try {
    const next = nextOccurrence(readTiming(request, NOW), NOW);
    return next ? 'fires' : 'never';
  } catch (error) {
    if (error instanceof CalculationLimitError) return 'limit';
    if (error instanceof DomainError) return error.options.faults?.[0]?.code ?? error.code;
    throw error;
  }
}

const every = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at).join(',');

const NEVER: TimingRequest[] = [
  ...['0 0 30 2 *', '0 0 31 2,4,6,9,11 *', '0 0 0 30 2 *'].map((cron) => ({
    cron,
    timezone: 'Europe/Berlin',
  })),
  ...[
    'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=YEARLY;BYMONTH=2,4;BYMONTHDAY=-31',
    'FREQ=SECONDLY;INTERVAL=2;BYSECOND=1',
    'FREQ=SECONDLY;INTERVAL=31536000;BYSECOND=1',
    'FREQ=MINUTELY;INTERVAL=2;BYMINUTE=1,3',
    'FREQ=YEARLY;BYYEARDAY=60;BYMONTH=12',
    'FREQ=SECONDLY;BYYEARDAY=60;BYMONTH=12',
    'FREQ=HOURLY;BYYEARDAY=366;BYMONTH=1;BYHOUR=3',
    'FREQ=DAILY;UNTIL=20200101T000000Z',
    'FREQ=YEARLY;INTERVAL=9999;BYYEARDAY=366',
    'FREQ=DAILY;INTERVAL=999999999',
    'FREQ=SECONDLY;INTERVAL=1000000000;BYMONTH=13',
    `FREQ=SECONDLY;BYSETPOS=366;BYHOUR=${every(0, 23)}`,
    'FREQ=DAILY;COUNT=3',
  ].map((rule) => ({ rrule: `DTSTART:20200101T000000\nRRULE:${rule}`, timezone: 'Europe/Berlin' })),
];

const HEAVY: TimingRequest[] = [
  `FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=${every(0, 23)};BYMINUTE=${every(0, 59)};BYSECOND=${every(0, 59)}`,
  `FREQ=YEARLY;BYHOUR=${every(0, 23)};BYMINUTE=${every(0, 59)};BYSECOND=${every(0, 59)};BYSETPOS=-1`,
  `FREQ=MONTHLY;BYMONTHDAY=${every(1, 31)};BYHOUR=${every(0, 23)};BYMINUTE=${every(0, 59)};BYSETPOS=${every(1, 300)}`,
  `FREQ=SECONDLY;COUNT=1000;BYYEARDAY=366`,
  `FREQ=YEARLY;BYWEEKNO=${every(1, 53)};BYDAY=MO,TU;BYSETPOS=-1,-366`,
].map((rule) => ({ rrule: `DTSTART:19700101T000000\nRRULE:${rule}` }));

const UNREADABLE: [string, TimingRequest][] = [
  ['is_cron', { cron: '' }],
  ['is_cron', { cron: '@daily' }],
  ['is_cron', { cron: '* * * *' }],
  ['is_cron', { cron: '* * * * * * *' }],
  ['is_cron', { cron: '60 * * * *' }],
  ['is_cron', { cron: '*/0 * * * *' }],
  ['is_cron', { cron: '0-99999999999 * * * *' }],
  ['is_cron', { cron: '2030-01-01T00:00:00' }],
  ['is_cron', { cron: `${'1,'.repeat(90)}1 * * * x` }],
  ['is_rrule', { rrule: '' }],
  ['is_rrule', { rrule: 'every day' }],
  ['is_rrule', { rrule: 'FREQ=FORTNIGHTLY' }],
  ['is_rrule', { rrule: 'INTERVAL=2' }],
  ['is_rrule', { rrule: 'FREQ=DAILY;COUNT=0' }],
  ['is_rrule', { rrule: 'FREQ=DAILY;COUNT=-1' }],
  ['is_rrule', { rrule: 'FREQ=DAILY;COUNT=100000000' }],
  ['is_rrule', { rrule: 'FREQ=DAILY;INTERVAL=0' }],
  ['is_rrule', { rrule: 'FREQ=DAILY;INTERVAL=999999999999999999' }],
  ['is_rrule', { rrule: 'FREQ=DAILY;BYHOUR=25' }],
  ['is_rrule', { rrule: 'FREQ=DAILY;BYHOUR=1;BYHOUR=2' }],
  ['is_rrule', { rrule: 'FREQ=DAILY;COUNT=2;UNTIL=20300101T000000Z' }],
  ['is_rrule', { rrule: 'FREQ=DAILY;UNTIL=20300101' }],
  ['is_rrule', { rrule: 'FREQ=DAILY\nFREQ=WEEKLY' }],
  ['is_rrule', { rrule: 'DTSTART:20260230T000000\nFREQ=DAILY' }],
  ['is_rrule', { rrule: 'DTSTART:20260101\nFREQ=DAILY' }],
  ['is_rrule', { rrule: 'DTSTART;TZID=UTC:20260101T000000Z\nFREQ=DAILY' }],
  ['is_rrule', { rrule: 'FREQ=MINUTELY;BYWEEKNO=53;BYDAY=MO' }],
  ['is_time_zone', { rrule: 'DTSTART;TZID=Mars/Base:20260101T000000\nFREQ=DAILY' }],
  ['is_time_zone', { cron: '* * * * *', timezone: '+01:00' }],
  ['is_time_zone', { cron: '* * * * *', timezone: 'Europe/Berln' }],
  ['is_time_zone', { cron: '* * * * *', timezone: 'constructor' }],
  ['contradiction', { cron: '* * * * *', rrule: 'FREQ=DAILY' }],
  ['contradiction', { rrule: 'DTSTART;TZID=Asia/Tokyo:20260101T000000\nFREQ=DAILY', timezone: 'UTC' }],
  ['missing', { timezone: 'UTC' }],
];

describe('a schedule that is up to no good', () => {
  test.each(NEVER)('never fires, or not that anybody could tell: %j', (request) => {
    const start = performance.now();
    expect(['never', 'limit', 'never_fires', 'is_rrule', 'too_long_to_work_out']).toContain(codeOf(request));
    expect(performance.now() - start).toBeLessThan(LONGEST_MS);
  });

  test.each(HEAVY)('takes no longer than the limit: %j', (request) => {
    const start = performance.now();
    expect(codeOf(request)).toMatch(/^(fires|never|limit|too_long_to_work_out|is_rrule)$/);
    expect(performance.now() - start).toBeLessThan(LONGEST_MS);
  });

  test.each(UNREADABLE)('is refused as %s: %j', (code, request) => {
    expect(codeOf(request)).toBe(code);
  });

  test('names the time zone that was probably meant', () => {
    expect(() => readTiming({ cron: '* * * * *', timezone: 'Europe/Berln' }, NOW)).toThrow(
      'There is no time zone "Europe/Berln". Did you mean Europe/Berlin?',
    );
  });

  test('ends in the middle of any loop', () => {
    expect(() =>
      withinLimits(() => {
        for (;;);
      }),
    ).toThrow(CalculationLimitError);
    expect(withinLimits(() => 42)).toBe(42);
  });

  test('is not ended because the machine had no time for it', () => {
    const never = new Int32Array(new SharedArrayBuffer(4));
    let begun = 0;
    const answer = withinLimits(() => {
      begun += 1;
      if (begun < 3) Atomics.wait(never, 0, 0, 60_000);
      return begun;
    });
    expect(answer).toBe(3);
  });
});
