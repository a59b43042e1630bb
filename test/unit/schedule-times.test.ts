import { describe, expect, test } from '@jest/globals';
import {
  latestOccurrence,
  nextOccurrence,
  occurrencesAfter,
} from '../../src/schedules/recurrence/occurrences.js';
import { readTiming } from '../../src/schedules/recurrence/read-timing.js';

const cron = (expression: string, timezone: string) =>
  readTiming({ cron: expression, timezone }, new Date('2026-01-01T00:00:00Z'));
const rrule = (rule: string, timezone?: string) =>
  readTiming({ rrule: rule, timezone }, new Date('2026-01-01T00:00:00Z'));

/** The occurrences after a time, as 10-31T01:00. */
const times = (timing: ReturnType<typeof cron>, after: string, count: number) =>
  occurrencesAfter(timing, new Date(after), count).map((time) => time.toISOString().slice(5, 16));

describe('a cron expression in a time zone', () => {
  test.each([
    // 2:30 does not exist on the day: it comes at the first moment after the gap.
    ['30 2 * * *', 'Europe/Berlin', '2027-03-27T12:00:00Z', ['03-28T01:00', '03-29T00:30', '03-30T00:30']],
    ['30 2 * * *', 'America/New_York', '2027-03-13T12:00:00Z', ['03-14T07:00', '03-15T06:30', '03-16T06:30']],
    [
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2027-10-02T02:00:00Z',
      ['10-02T15:30', '10-03T15:15', '10-04T15:15'],
    ],
    [
      '30 2 * * *',
      'Australia/Lord_Howe',
      '2027-10-02T02:00:00Z',
      ['10-02T15:30', '10-03T15:30', '10-04T15:30'],
    ],
    // One of several times of a day is left out where it does not exist.
    ['*/30 2 * * *', 'Europe/Berlin', '2027-03-27T12:00:00Z', ['03-29T00:00', '03-29T00:30', '03-30T00:00']],
    ['0 * * * *', 'Europe/Berlin', '2027-03-27T23:30:00Z', ['03-28T00:00', '03-28T01:00', '03-28T02:00']],
  ])('where clocks go forward: %s in %s', (expression, timezone, after, expected) => {
    expect(times(cron(expression, timezone), after, 3)).toEqual(expected);
  });

  test.each([
    // 2:30 comes twice: it is meant once, the first time.
    ['30 2 * * *', 'Europe/Berlin', '2027-10-30T12:00:00Z', ['10-31T00:30', '11-01T01:30', '11-02T01:30']],
    ['30 1 * * *', 'America/New_York', '2027-11-06T12:00:00Z', ['11-07T05:30', '11-08T06:30', '11-09T06:30']],
    [
      '45 1 * * *',
      'Australia/Lord_Howe',
      '2027-04-03T00:00:00Z',
      ['04-03T14:45', '04-04T15:15', '04-05T15:15'],
    ],
    // What repeats goes on repeating.
    ['0 * * * *', 'Europe/Berlin', '2027-10-30T23:30:00Z', ['10-31T00:00', '10-31T01:00', '10-31T02:00']],
    [
      '*/30 1 * * *',
      'America/New_York',
      '2027-11-07T04:00:00Z',
      ['11-07T05:00', '11-07T05:30', '11-07T06:00'],
    ],
    [
      '*/15 * * * *',
      'Australia/Lord_Howe',
      '2027-04-03T14:44:00Z',
      ['04-03T14:45', '04-03T15:00', '04-03T15:15'],
    ],
  ])('where clocks go back: %s in %s', (expression, timezone, after, expected) => {
    expect(times(cron(expression, timezone), after, 3)).toEqual(expected);
  });

  test('takes a day that fits either field when both day and weekday are given', () => {
    const timing = cron('0 0 13 * FRI', 'UTC');
    expect(times(timing, '2026-02-10T12:00:00Z', 3)).toEqual(['02-13T00:00', '02-20T00:00', '02-27T00:00']);
  });

  test('has the second first where there are six fields', () => {
    expect(occurrencesAfter(cron('*/20 0 12 * * *', 'UTC'), new Date('2026-02-10T12:00:00Z'), 3)).toEqual([
      new Date('2026-02-10T12:00:20Z'),
      new Date('2026-02-10T12:00:40Z'),
      new Date('2026-02-11T12:00:00Z'),
    ]);
  });
});

describe('a recurrence rule in a time zone', () => {
  const daily = (local: string) => `DTSTART:${local}\nRRULE:FREQ=DAILY`;

  test.each([
    [daily('20270327T023000'), 'Europe/Berlin', ['03-27T01:30', '03-29T00:30', '03-30T00:30']],
    [daily('20270313T023000'), 'America/New_York', ['03-13T07:30', '03-15T06:30', '03-16T06:30']],
    [daily('20271002T021500'), 'Australia/Lord_Howe', ['10-01T15:45', '10-03T15:15', '10-04T15:15']],
    [daily('20271030T023000'), 'Europe/Berlin', ['10-30T00:30', '10-31T00:30', '11-01T01:30']],
    [daily('20271106T013000'), 'America/New_York', ['11-06T05:30', '11-07T05:30', '11-08T06:30']],
    [daily('20270403T014500'), 'Australia/Lord_Howe', ['04-02T14:45', '04-03T14:45', '04-04T15:15']],
  ])(
    'leaves out a time that does not exist and takes one that exists twice once: %s in %s',
    (rule, zone, expected) => {
      expect(times(rrule(rule, zone), '2027-01-01T00:00:00Z', 3)).toEqual(expected);
    },
  );

  test('may bring its time zone along', () => {
    const rule = 'DTSTART;TZID=America/New_York:20260301T090000\nRRULE:FREQ=WEEKLY;BYDAY=SU';
    expect(rrule(rule)).toMatchObject({ timezone: 'America/New_York', dtstart: '20260301T090000' });
    expect(times(rrule(rule), '2026-02-01T00:00:00Z', 3)).toEqual([
      '03-01T14:00',
      '03-08T13:00',
      '03-15T13:00',
    ]);
    expect(times(rrule('DTSTART:20260301T090000Z\nFREQ=DAILY'), '2026-02-01T00:00:00Z', 1)).toEqual([
      '03-01T09:00',
    ]);
  });

  test('begins with the next full second where it names no beginning', () => {
    const timing = readTiming({ rrule: 'FREQ=DAILY;COUNT=2' }, new Date('2026-01-01T10:20:30.400Z'));
    expect(occurrencesAfter(timing, new Date('2026-01-01T10:20:30.400Z'), 9)).toEqual([
      new Date('2026-01-01T10:20:31Z'),
      new Date('2026-01-02T10:20:31Z'),
    ]);
  });

  test('reaches the end of its COUNT and its UNTIL', () => {
    const counted = rrule('DTSTART:20260101T000000\nRRULE:FREQ=DAILY;COUNT=3');
    expect(times(counted, '2025-12-31T00:00:00Z', 9)).toEqual(['01-01T00:00', '01-02T00:00', '01-03T00:00']);
    expect(nextOccurrence(counted, new Date('2026-01-03T00:00:00Z'))).toBeNull();
    const until = rrule('DTSTART:20260101T000000\nRRULE:FREQ=DAILY;UNTIL=20260102T000000Z');
    expect(times(until, '2025-12-31T00:00:00Z', 9)).toEqual(['01-01T00:00', '01-02T00:00']);
  });

  test('goes on for years without taking longer', () => {
    for (const rule of [
      'FREQ=SECONDLY',
      'FREQ=MINUTELY;BYHOUR=9;BYMINUTE=0',
      'FREQ=MONTHLY;BYDAY=-1FR',
      'FREQ=HOURLY;INTERVAL=5',
    ])
      expect(
        nextOccurrence(rrule(`DTSTART:20000101T000000\n${rule}`), new Date('2090-01-01T00:00:00Z')),
      ).not.toBeNull();
  });
});

describe('the latest occurrence before a time', () => {
  test.each([
    ['* * * * * *', '2026-02-01T00:00:00Z', '2026-02-02T00:00:00Z', '2026-02-01T23:59:59.000Z'],
    ['0 9 * * MON-FRI', '2026-02-02T09:00:00Z', '2026-02-09T08:59:00Z', '2026-02-06T09:00:00.000Z'],
    ['0 0 29 2 *', '2024-02-29T00:00:00Z', '2035-01-01T00:00:00Z', '2032-02-29T00:00:00.000Z'],
    ['0 0 1 * *', '2026-02-01T00:00:00Z', '2026-02-20T00:00:00Z', '2026-02-01T00:00:00.000Z'],
  ])('of %s since %s and before %s is %s', (expression, known, before, expected) => {
    const found = latestOccurrence(cron(expression, 'UTC'), new Date(known), new Date(before));
    expect(found.toISOString()).toBe(expected);
  });
});
