import { lineOf, progressOf } from '../../src/worker/job-words.js';

describe('a line of a log', () => {
  test('has a level and a message, or a message alone', () => {
    expect(lineOf('hello', undefined)).toEqual({ level: 'info', message: 'hello' });
    expect(lineOf('error', 'hello')).toEqual({ level: 'error', message: 'hello' });
    expect(lineOf('error', undefined)).toEqual({ level: 'info', message: 'error' });
  });

  test.each<[unknown, unknown, string]>([
    [42, undefined, '42'],
    [null, undefined, 'null'],
    [Symbol('s'), undefined, 'Symbol(s)'],
    [Object.create(null), undefined, 'a value that cannot be read'],
    ['loud', 'x', 'x'],
    ['info', 'a\0\udc00b', 'a\ufffd\ufffdb'],
  ])('is made of whatever a handler hands over: %p %p', (first, second, message) => {
    expect(lineOf(first, second)).toEqual({ level: 'info', message });
  });

  test.each(['x', 'é', '€', '😀', 'x😀'])(
    'has at most 4 KiB, and is cut between characters: %s',
    (character) => {
      const { message } = lineOf(character.repeat(5_000), undefined);
      expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4_096);
      expect(Buffer.byteLength(message)).toBeGreaterThan(4_085);
      expect(message.isWellFormed()).toBe(true);
      expect(message).not.toContain('\ufffd');
      expect(message.endsWith('…')).toBe(true);
      const whole = 'x'.repeat(4_096);
      expect(lineOf(whole, undefined).message).toBe(whole);
    },
  );
});

describe('progress', () => {
  test('is a whole percentage from 0 to 100', () => {
    expect(
      [-5, 0, 49.6, 100, 1e9, Infinity].map((percent) => progressOf(percent, undefined)?.percent),
    ).toEqual([0, 0, 50, 100, 100, 100]);
    expect(progressOf(NaN, 'x')).toBeUndefined();
    expect(progressOf('half', 'x')).toBeUndefined();
    for (const none of [Symbol('s'), Object.create(null), { valueOf: () => ({}), toString: () => ({}) }])
      expect(progressOf(none, 'x')).toBeUndefined();
  });

  test('says in up to 1,000 characters what is being done, or nothing', () => {
    expect(progressOf(1, undefined)).toEqual({ percent: 1, message: null });
    expect(progressOf(1, 'a\0')?.message).toBe('a\ufffd');
    expect(progressOf(1, 'x'.repeat(2_000))?.message).toHaveLength(1_000);
  });
});
