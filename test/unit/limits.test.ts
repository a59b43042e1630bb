import { choose } from '../../src/queue/limits/choose.js';
import { parseRate } from '../../src/common/index.js';
import { rateOf } from '../../src/queue/limits/limits.js';
import { type Rate, advanced, allowance, nextStart } from '../../src/queue/limits/rate.js';

/** Starts as many as it may whenever it looks, and looks when it is told to, `late` ms too late. */
function startsOf(rate: Rate, { forMs, late }: { forMs: number; late: () => number }): number[] {
  const starts: number[] = [];
  let tat: number | null = null;
  for (let now = 1_700_000_000_000; now - 1_700_000_000_000 < forMs;) {
    const count = allowance(rate, tat, now);
    if (count > 0) {
      tat = advanced(rate, tat, now, count);
      for (let start = 0; start < count; start++) starts.push(now);
    }
    now = Math.max(now, nextStart(rate, tat, now)) + 0.01 + late();
  }
  return starts;
}

/** The most starts in any span of this length, its end included. */
function mostIn(starts: readonly number[], spanMs: number): number {
  let first = 0;
  let most = 0;
  for (const [index, start] of starts.entries()) {
    while (start - (starts[first] ?? 0) > spanMs) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** Numbers that look like chance and are the same each time. */
function chance(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe('a rate', () => {
  const rates: [string, Rate][] = [
    ['100/minute', { count: 100, periodMs: 60_000, burst: 1 }],
    ['600/minute with bursts of 10', { count: 600, periodMs: 60_000, burst: 10 }],
    ['100/second with bursts of 3', { count: 100, periodMs: 1_000, burst: 3 }],
    ['5/second, all at once', { count: 5, periodMs: 1_000, burst: 5 }],
    ['1/second', { count: 1, periodMs: 1_000, burst: 1 }],
    ['1000000/hour', { count: 1_000_000, periodMs: 3_600_000, burst: 1 }],
  ];

  test.each(rates)(
    '%s is never exceeded in any period, however early and late its starts come',
    (_, rate) => {
      for (const seed of [1, 2, 3]) {
        const next = chance(seed);
        const forMs = Math.min(5 * rate.periodMs, (20_000 * rate.periodMs) / rate.count);
        const late = () => (next() < 0.2 ? next() * forMs * 0.05 : (next() * rate.periodMs) / rate.count);
        const starts = startsOf(rate, { forMs, late });
        expect(starts.length).toBeGreaterThan(1);
        // What a handler sees differs by as much as half of a hundredth.
        expect(mostIn(starts, rate.periodMs * 1.005)).toBeLessThanOrEqual(rate.count);
      }
    },
  );

  test('is used to 97 % by who looks a little late each time', () => {
    const rate = { count: 100, periodMs: 60_000, burst: 1 };
    const starts = startsOf(rate, { forMs: 600_000, late: () => 100 });
    expect(starts.length).toBeGreaterThan(970);
  });

  test('lets as many start together after a rest as its burst says', () => {
    const rate = { count: 100, periodMs: 60_000, burst: 7 };
    expect(allowance(rate, null, 1_000)).toBe(7);
    const tat = advanced(rate, null, 1_000, 7);
    expect(allowance(rate, tat, 1_000)).toBe(0);
    expect(allowance(rate, tat, 1_000 + 60_000)).toBe(7);
  });

  test('says when the next may start', () => {
    const rate = { count: 10, periodMs: 1_000, burst: 1 };
    const tat = advanced(rate, null, 5_000, 1);
    const at = nextStart(rate, tat, 5_000);
    expect(allowance(rate, tat, at - 0.01)).toBe(0);
    expect(allowance(rate, tat, at + 0.01)).toBe(1);
  });

  test('forgets what a slower rate would have made wait', () => {
    const slow = { count: 1, periodMs: 86_400_000, burst: 1 };
    const fast = { count: 10, periodMs: 1_000, burst: 1 };
    const tat = advanced(slow, null, 5_000, 1);
    expect(nextStart(fast, tat, 5_000)).toBeLessThan(5_200);
  });

  test('is written as a number and a unit', () => {
    expect(parseRate('100/minute')).toEqual({ count: 100, unit: 'minute' });
    expect(rateOf({ rate: '3/day', burst: 2, concurrency: null })).toEqual({
      count: 3,
      periodMs: 86_400_000,
      burst: 2,
    });
    for (const text of ['100/minut', '0/second', '1000001/day', '1.5/hour', '100', ' 1/day', '1e3/day']) {
      expect(parseRate(text)).toBeUndefined();
    }
  });
});

describe('what starts of a line', () => {
  const job = (id: string, key: string | null = null, isSuspect = false) => ({ id, key, isSuspect });
  const room = (jobs: number, keys: Record<string, number> = {}, alone = 1) => ({
    jobs,
    alone,
    keys: new Map(Object.entries(keys)),
  });

  test('is what comes first, as far as there is room', () => {
    expect(choose([job('1'), job('2'), job('3')], room(2)).starts).toEqual(['1', '2']);
  });

  test('passes by the jobs of a key that has no more room, and tells them', () => {
    const head = [job('1', 'a'), job('2', 'a'), job('3', 'b'), job('4', 'a'), job('5')];
    const { starts, refused } = choose(head, room(10, { a: 1, b: 1 }));
    expect(starts).toEqual(['1', '3', '5']);
    expect([...refused]).toEqual(['a']);
  });

  test('leaves in line what must run alone and has no place for it', () => {
    const { starts, refused } = choose(
      [job('1', 'a', true), job('2', 'a', true), job('3', 'a')],
      room(9, { a: 5 }),
    );
    expect(starts).toEqual(['1', '3']);
    expect(refused.size).toBe(0);
  });

  test('has no limit for keys that have none', () => {
    expect(choose([job('1', 'a'), job('2', 'a')], room(9)).starts).toEqual(['1', '2']);
  });
});
