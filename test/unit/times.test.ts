import { after } from '../../src/common/duration.js';
import { durationFault } from '../../src/jobs/duration.js';
import { isSchedulable, parseMoment } from '../../src/common/http/moment.js';

const from = (start: string, duration: Parameters<typeof after>[1]) =>
  after(new Date(start), duration).toISOString();

describe('a duration', () => {
  test('counts seconds exactly, also fractions', () => {
    expect(from('2030-01-01T00:00:00Z', 90)).toBe('2030-01-01T00:01:30.000Z');
    expect(from('2030-01-01T00:00:00Z', 0.25)).toBe('2030-01-01T00:00:00.250Z');
    expect(from('2030-01-01T00:00:00Z', { weeks: 1, days: 1, hours: 1, minutes: 1, seconds: 1 })).toBe(
      '2030-01-09T01:01:01.000Z',
    );
    expect(from('2030-01-01T00:00:00Z', { days: 0.5 })).toBe('2030-01-01T12:00:00.000Z');
  });

  test.each([
    ['2030-01-31T10:00:00Z', { months: 1 }, '2030-02-28T10:00:00.000Z'],
    ['2032-01-31T10:00:00Z', { months: 1 }, '2032-02-29T10:00:00.000Z'],
    ['2032-02-29T10:00:00Z', { years: 1 }, '2033-02-28T10:00:00.000Z'],
    ['2032-02-29T10:00:00Z', { years: 4 }, '2036-02-29T10:00:00.000Z'],
    ['2030-03-31T10:00:00Z', { months: 1 }, '2030-04-30T10:00:00.000Z'],
    ['2030-10-31T10:00:00Z', { months: 4 }, '2031-02-28T10:00:00.000Z'],
    ['2030-01-15T10:00:00Z', { years: 0.5 }, '2030-07-15T10:00:00.000Z'],
    ['2030-01-31T23:30:00Z', { months: 1, hours: 1 }, '2030-03-01T00:30:00.000Z'],
  ])('goes by the calendar: %s + %j', (start, duration, end) => {
    expect(from(start, duration)).toBe(end);
  });

  test.each([0, 1.5, 3_000_000_000, { days: 1 }, { years: 1, months: 2 }, { years: 0.5 }])(
    'may be %j',
    (value) => expect(durationFault(value)).toBeUndefined(),
  );

  test.each([
    [-1, 'from 0 on'],
    [NaN, 'from 0 on'],
    [1e300, 'from 0 on'],
    ['5', 'a number of seconds or an object'],
    [null, 'a number of seconds or an object'],
    [[1], 'a number of seconds or an object'],
    [{}, 'names no amount'],
    [{ day: 1 }, 'no unit "day"'],
    [{ days: -1 }, 'from 0 on'],
    [{ days: '1' }, 'from 0 on'],
    [{ months: 0.5 }, 'whole months'],
  ])('may not be %j', (value, fault) => expect(durationFault(value)).toContain(fault));
});

describe('a moment', () => {
  test.each([
    ['2030-01-31T15:00:00Z', '2030-01-31T15:00:00.000Z'],
    ['2030-01-31T15:00:00', '2030-01-31T15:00:00.000Z'],
    ['2030-01-31 15:00', '2030-01-31T15:00:00.000Z'],
    ['2030-01-31t15:00:00.123456789z', '2030-01-31T15:00:00.123Z'],
    ['2030-01-31T15:00:00+02:00', '2030-01-31T13:00:00.000Z'],
    ['2030-01-31T15:00:00-0330', '2030-01-31T18:30:00.000Z'],
    ['2032-02-29T00:00:00Z', '2032-02-29T00:00:00.000Z'],
    ['2100-12-31T23:59:59Z', '2100-12-31T23:59:59.000Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
  ])('is %s', (text, time) => expect(parseMoment(text)?.toISOString()).toBe(time));

  test.each([
    '',
    'tomorrow',
    'infinity',
    'now',
    '100 years',
    '1900000000',
    '2030-01-31',
    '2030-13-01T00:00:00Z',
    '2030-02-30T00:00:00Z',
    '2031-02-29T00:00:00Z',
    '2030-04-31T00:00:00Z',
    '2030-00-10T00:00:00Z',
    '2030-01-01T25:00:00Z',
    '2030-01-01T10:60:00Z',
    '2030-01-01T10:00:00+25:00',
    '2101-01-01T00:00:00Z',
    '2100-12-31T23:59:59-01:00',
    '+012030-01-01T00:00:00Z',
    '2030-01-01T10:00:00 Europe/Berlin',
  ])('is not "%s"', (text) => expect(parseMoment(text)).toBeUndefined());

  test('that no calendar holds cannot be scheduled', () => {
    expect(isSchedulable(new Date(NaN))).toBe(false);
    expect(isSchedulable(new Date('2100-12-31T23:59:59Z'))).toBe(true);
    expect(isSchedulable(new Date('2101-01-01T00:00:00Z'))).toBe(false);
  });
});
