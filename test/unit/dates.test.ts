import pg from 'pg';
import { parseTimestamptz } from '../../src/database/dates.js';

describe('a time from the database', () => {
  test.each([
    '2026-11-22 19:37:10.123+00',
    '2026-11-22 19:37:10+00',
    '2026-11-22 19:37:10.1+00',
    '2026-11-22 19:37:10.123456+00',
    '2026-11-22 19:37:10.123-03:30',
    '2026-11-22 19:37:10.123+05:45',
    '1969-12-31 23:59:59.999+00',
    '0044-03-15 12:00:00+00',
    '0044-03-15 12:00:00+00 BC',
    '12026-01-01 00:00:00+00',
    'infinity',
    '-infinity',
  ])('is read as the driver reads it: %s', (text) => {
    expect(parseTimestamptz(text)).toEqual(pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ)(text));
  });
});
