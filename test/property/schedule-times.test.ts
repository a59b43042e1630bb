import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  latestOccurrence,
  nextOccurrence,
  occurrencesAfter,
} from '../../src/schedules/recurrence/occurrences.js';
import { readTiming } from '../../src/schedules/recurrence/read-timing.js';
import { localTime } from '../../src/schedules/recurrence/time-zone.js';
import { CalculationLimitError } from '../../src/schedules/recurrence/within-limits.js';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Africa/Cairo',
  'America/Sao_Paulo',
];

/** Half of the times lie within two days of a change of the clocks in some of the zones. */
const aTime = fc.oneof(
  fc.date({
    min: new Date('2020-01-01T00:00:00Z'),
    max: new Date('2040-01-01T00:00:00Z'),
    noInvalidDate: true,
  }),
  fc
    .tuple(
      fc.constantFrom(
        '2027-03-28',
        '2027-10-31',
        '2027-03-14',
        '2027-11-07',
        '2027-04-04',
        '2027-10-03',
        '2027-04-30',
      ),
      fc.integer({ min: -172_800_000, max: 172_800_000 }),
    )
    .map(([day, distance]) => new Date(Date.parse(`${day}T00:00:00Z`) + distance)),
);

const field = (from: number, to: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min: from, max: to }).map(String),
    fc.integer({ min: 2, max: Math.ceil(to / 2) }).map((step) => `*/${step}`),
    fc
      .uniqueArray(fc.integer({ min: from, max: to }), { minLength: 2, maxLength: 4 })
      .map((list) => list.join(',')),
  );

const aCron = fc
  .tuple(
    field(0, 59),
    field(0, 59),
    field(0, 23),
    field(1, 28),
    field(1, 12),
    fc.constantFrom('*', '1', 'MON-FRI', '0,6'),
  )
  .chain(([second, ...others]) => fc.constantFrom(others.join(' '), [second, ...others].join(' ')))
  .map((cron) => ({ cron }));

const aRule = fc
  .record({
    freq: fc.constantFrom('YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'),
    interval: fc.integer({ min: 1, max: 50 }),
    by: fc.constantFrom(
      '',
      ';BYHOUR=2',
      ';BYHOUR=1,2,3;BYMINUTE=30',
      ';BYDAY=SU',
      ';BYMONTH=3,10',
      ';BYMINUTE=0,15;BYSECOND=0',
    ),
    hour: fc.integer({ min: 0, max: 23 }),
  })
  .map(({ freq, interval, by, hour }) => ({
    rrule: `DTSTART:20190331T${String(hour).padStart(2, '0')}1530\nFREQ=${freq};INTERVAL=${interval}${by}`,
  }));

const RUNS = { numRuns: 300 };

describe('the times of any schedule', () => {
  /** Those whose times cannot be worked out are refused when they are written. */
  const check = (property: (timing: ReturnType<typeof readTiming>, after: Date) => void) =>
    fc.assert(
      fc.property(fc.oneof(aCron, aRule), fc.constantFrom(...ZONES), aTime, (request, timezone, after) => {
        try {
          property(readTiming({ ...request, timezone }, after), after);
        } catch (error) {
          if (!(error instanceof CalculationLimitError)) throw error;
        }
      }),
      RUNS,
    );

  test('come one after the other, strictly after the time that was asked from', () => {
    check((timing, after) => {
      const times = occurrencesAfter(timing, after, 20);
      times.forEach((time, index) => expect(+time).toBeGreaterThan(+(times[index - 1] ?? after)));
    });
  });

  test('are the same from wherever between two of them one asks', () => {
    check((timing, after) => {
      const [first, second] = occurrencesAfter(timing, after, 2);
      if (!first || !second) return;
      for (const from of [
        first,
        new Date(+first + 1),
        new Date((+first + +second) / 2),
        new Date(+second - 1),
      ])
        expect(nextOccurrence(timing, from)).toEqual(second);
      expect(nextOccurrence(timing, new Date(+first - 1))).toEqual(first);
    });
  });

  test('are found backwards as forwards', () => {
    check((timing, after) => {
      const times = occurrencesAfter(timing, after, 8);
      const [first] = times;
      const last = times.at(-1);
      const beforeLast = times.at(-2);
      if (!first || !last || !beforeLast) return;
      expect(latestOccurrence(timing, first, last)).toEqual(beforeLast);
      expect(latestOccurrence(timing, first, new Date(+last + 1))).toEqual(last);
    });
  });

  test('of a cron expression with one time of day come once a day, at that time where it exists', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 0, max: 23 }),
        fc.constantFrom(...ZONES),
        aTime,
        (minute, hour, timezone, after) => {
          const timing = readTiming({ cron: `${minute} ${hour} * * *`, timezone }, after);
          const days = occurrencesAfter(timing, after, 10).map((time) => localTime(time, timezone));
          expect(new Set(days.map((local) => local.slice(0, 10))).size).toBe(10);
          const two = (value: number) => String(value).padStart(2, '0');
          const odd = days.filter((local) => local.slice(11, 16) !== `${two(hour)}:${two(minute)}`);
          expect(odd.length).toBeLessThanOrEqual(1);
        },
      ),
      RUNS,
    );
  });
});
