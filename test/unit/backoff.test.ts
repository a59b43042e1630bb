import { ExponentialBackoff } from '../../src/queue/index.js';
import { policyFault } from '../../src/queue/backoff/backoff-policy.js';
import { ConstantBackoff } from '../../src/queue/backoff/constant-backoff.js';
import { FormulaBackoff } from '../../src/queue/backoff/formula-backoff.js';
import { LinearBackoff } from '../../src/queue/backoff/linear-backoff.js';

const seconds = (decision: { delayMs: number } | 'end') =>
  decision === 'end' ? decision : decision.delayMs / 1000;

describe('exponential backoff', () => {
  const policy = { strategy: 'exponential', baseDelay: 2, maxDelay: 300, jitter: 0 } as const;
  const table = (jitter: number, random: () => number, attempts = 10) =>
    Array.from({ length: attempts }, (_, index) =>
      seconds(new ExponentialBackoff(random).decide({ ...policy, jitter }, index + 1)),
    );

  test('waits exactly min(base × 2^(k−2), max) before execution k when there is no jitter', () => {
    expect(table(0, () => 0.999)).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  test('has jitter that only adds, up to its fraction of the wait, and to the cap as well', () => {
    expect(table(0.1, () => 0)).toEqual(table(0, () => 0));
    expect(table(0.1, () => 0.5).slice(0, 3)).toEqual([2.1, 4.2, 8.4]);
    expect(table(0.1, () => 1 - Number.EPSILON)).toEqual([
      2.2, 4.4, 8.8, 17.6, 35.2, 70.4, 140.8, 281.6, 330, 330,
    ]);
    expect(table(1, () => 0.5)[0]).toBe(3);
  });

  test('asks for one random number a decision', () => {
    let asked = 0;
    table(0.1, () => (asked += 1) / 1000, 5);
    expect(asked).toBe(5);
  });

  test.each([0, 0.001, 1, 86_400])(
    'has a wait after any number of attempts, also with a base of %d s',
    (baseDelay) => {
      for (const attempt of [1, 31, 1_000, 1_024, 1_025, 5_000, 2_147_483_647]) {
        const delay = seconds(
          new ExponentialBackoff(() => 0.5).decide({ ...policy, baseDelay, jitter: 0.1 }, attempt),
        );
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(330);
      }
    },
  );
});

describe('formula backoff', () => {
  const formula = (wait: number, linearWait: number, exponentialWait: number) =>
    [1, 2, 3, 4].map((attempt) =>
      seconds(
        new FormulaBackoff().decide({ strategy: 'formula', wait, linearWait, exponentialWait }, attempt),
      ),
    );

  test('waits wait + linear·(k−1) + exponential^(k−1) before execution k', () => {
    expect(formula(5, 0, 0)).toEqual([5, 5, 5, 5]);
    expect(formula(0, 3, 0)).toEqual([3, 6, 9, 12]);
    expect(formula(0, 0, 2)).toEqual([2, 4, 8, 16]);
    expect(formula(1, 10, 3)).toEqual([14, 30, 58, 122]);
    expect(formula(0, 0, 0)).toEqual([0, 0, 0, 0]);
  });

  test('never waits longer than 30 days', () => {
    const policy = {
      strategy: 'formula',
      wait: 0,
      linearWait: 1_000_000,
      exponentialWait: 1_000_000,
    } as const;
    for (const attempt of [2, 400, 1_000_000]) {
      expect(seconds(new FormulaBackoff().decide(policy, attempt))).toBe(30 * 86_400);
    }
  });
});

describe('constant and linear backoff', () => {
  const waits = (decide: (attempt: number) => { delayMs: number } | 'end') =>
    [1, 2, 3, 1_000].map((attempt) => seconds(decide(attempt)));

  test('wait the same time every time, or one step longer each time up to the cap', () => {
    const constant = { strategy: 'constant', delay: 2.5, jitter: 0 } as const;
    expect(waits(() => new ConstantBackoff(() => 0.9).decide(constant))).toEqual([2.5, 2.5, 2.5, 2.5]);
    const linear = { strategy: 'linear', baseDelay: 2, maxDelay: 5, jitter: 0 } as const;
    expect(waits((attempt) => new LinearBackoff(() => 0.9).decide(linear, attempt))).toEqual([2, 4, 5, 5]);
  });

  test('have jitter that only adds, up to its fraction of the wait', () => {
    const constant = { strategy: 'constant', delay: 2, jitter: 0.5 } as const;
    expect([0, 0.5].map((random) => seconds(new ConstantBackoff(() => random).decide(constant)))).toEqual([
      2, 2.5,
    ]);
    const linear = { strategy: 'linear', baseDelay: 2, maxDelay: 3, jitter: 0.1 } as const;
    expect([0, 0.5].map((random) => seconds(new LinearBackoff(() => random).decide(linear, 2)))).toEqual([
      3, 3.15,
    ]);
  });
});

describe('a policy', () => {
  const policy = { strategy: 'exponential', baseDelay: 1, maxDelay: 2, jitter: 0 } as const;

  test.each<[string, object]>([
    ['whose baseDelay is -1', { baseDelay: -1 }],
    ['whose baseDelay is NaN', { baseDelay: NaN }],
    ['whose jitter is 1.5', { jitter: 1.5 }],
    ['whose maxDelay is 10000000', { maxDelay: 1e7 }],
    ['whose baseDelay is 1', { baseDelay: '1' }],
    ['whose maxDelay (0.5) is below its baseDelay (1)', { maxDelay: 0.5 }],
  ])('is refused when it is one %s', (fault, change) => {
    expect(policyFault({ ...policy, ...change })).toContain(fault);
  });

  test('is accepted when its numbers make sense', () => {
    expect(policyFault(policy)).toBeUndefined();
    expect(policyFault({ strategy: 'formula', wait: 0, linearWait: 1, exponentialWait: 2 })).toBeUndefined();
  });
});
