import { preferredWait } from '../../src/jobs/wait/prefer.js';

describe('the wait a caller prefers (RFC 7240)', () => {
  test.each<[string, number]>([
    ['wait=10', 10],
    ['WAIT=10', 10],
    ['wait = 10', 10],
    ['wait="10"', 10],
    ['wait=010', 10],
    ['wait=1', 1],
    ['wait=60', 60],
    ['wait=61', 60],
    ['wait=99999999999999999999', 60],
    ['respond-async, wait=5', 5],
    ['respond-async,wait=5;foo="bar, wait=7"', 5],
    ['foo="a, wait=7", wait=5', 5],
    ['foo="say \\"wait=7\\", wait=8", wait=5', 5],
    ['return=minimal; x=1, , wait=3 ; y', 3],
    ['wait=5, wait=9', 5],
  ])('is read from %s', (header, seconds) => {
    expect(preferredWait(header)).toBe(seconds);
  });

  test.each([
    undefined,
    '',
    'wait',
    'wait=',
    'wait=0',
    'wait=-1',
    'wait=1.5',
    'wait=soon',
    'waiting=5',
    'respond-async',
    'foo="wait=5',
    'foo; wait=5',
  ])('is none when the header is %j: a wish that makes no sense is no error', (header) => {
    expect(preferredWait(header)).toBeUndefined();
  });

  test('is read in no time from the longest header there can be', () => {
    const startedAt = performance.now();
    for (const part of ['"', '\\"', ',', '",', 'a=', ' ', ';'])
      preferredWait(part.repeat(8_192 / part.length));
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
