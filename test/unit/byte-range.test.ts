import { byteRangeOf } from '../../src/jobs/artifacts/byte-range.js';

describe('a range of ten bytes', () => {
  test.each([
    ['bytes=0-0', 0, 0],
    ['bytes=2-5', 2, 5],
    ['bytes=2-', 2, 9],
    ['bytes=9-', 9, 9],
    ['bytes=2-999999999999', 2, 9],
    ['bytes=-3', 7, 9],
    ['bytes=-30', 0, 9],
  ])('%s is from %i to %i', (header, start, end) => expect(byteRangeOf(header, 10)).toEqual({ start, end }));

  test.each(['bytes=10-', 'bytes=10-12', 'bytes=-0'])('%s has no byte', (header) =>
    expect(byteRangeOf(header, 10)).toBe('outside'),
  );

  test.each([
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'bytes=5-2',
    'bytes=0-1,4-5',
    'lines=0-1',
    'bytes=a-b',
    'bytes=1-2 ',
  ])('%j is all of it', (header) => expect(byteRangeOf(header, 10)).toBeUndefined());

  test('of an empty file has no byte', () => {
    expect(byteRangeOf('bytes=0-', 0)).toBe('outside');
    expect(byteRangeOf('bytes=-5', 0)).toBe('outside');
  });
});
