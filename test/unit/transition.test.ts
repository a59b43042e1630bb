import type { Outcome } from '../../src/queue/index.js';
import { settlementFor } from '../../src/queue/settle/transition.js';

const error = { name: 'Error', message: 'no' };
const policy = { strategy: 'exponential', baseDelay: 1, maxDelay: 1, jitter: 0 } as const;
const claim = { id: 'id', type: 'task', queue: 'default', attempts: 2, maxAttempts: 3, backoff: null };

const after = (outcome: Outcome, maxAttempts: number | null = 3) =>
  settlementFor({ claim: { ...claim, maxAttempts }, outcome }, policy, () => ({ delayMs: 4_000 }));

describe('the end of an attempt', () => {
  test.each<[Outcome, object]>([
    [
      { kind: 'completed', result: 7 },
      { status: 'COMPLETED', result: 7, raise: 0 },
    ],
    [{ kind: 'cancelled' }, { status: 'CANCELLED', raise: 0 }],
    [{ kind: 'released' }, { status: 'PENDING', raise: 1, delay_ms: 0 }],
    [
      { kind: 'snoozed', delayMs: 9 },
      { status: 'PENDING', raise: 1, delay_ms: 9 },
    ],
    [
      { kind: 'interrupted', error },
      { status: 'PENDING', raise: 1, delay_ms: 0, interruptions: 1, error },
    ],
    [
      { kind: 'interrupted', error, evidence: 'none' },
      { status: 'PENDING', raise: 1, error },
    ],
    [
      { kind: 'interrupted', error, evidence: 'alone' },
      { status: 'PENDING', raise: 1, interruptions: 1, interruptions_alone: 1, error },
    ],
    [
      { kind: 'failed', error },
      { status: 'PENDING', raise: 0, delay_ms: 4_000, error },
    ],
    [
      { kind: 'failed', error, permanent: true },
      { status: 'FAILED', raise: 0, error },
    ],
    [
      { kind: 'timed_out', error },
      { status: 'PENDING', raise: 0, delay_ms: 4_000, error },
    ],
  ])('with budget left: %j', (outcome, expected) => {
    expect(after(outcome)).toEqual({
      id: 'id',
      held: 'PROCESSING',
      attempt: 2,
      event: outcome.kind,
      result: null,
      error: null,
      delay_ms: 0,
      interruptions: 0,
      interruptions_alone: 0,
      ...expected,
    });
  });

  test.each<[Outcome, string]>([
    [{ kind: 'completed', result: 7 }, 'COMPLETED'],
    [{ kind: 'cancelled' }, 'CANCELLED'],
    [{ kind: 'released' }, 'PENDING'],
    [{ kind: 'snoozed', delayMs: 9 }, 'PENDING'],
    [{ kind: 'interrupted', error }, 'PENDING'],
    [{ kind: 'failed', error }, 'FAILED'],
    [{ kind: 'timed_out', error }, 'FAILED'],
  ])('with the budget spent: %j leads to %s', (outcome, status) => {
    expect(after(outcome, 2)).toMatchObject({ status });
    expect(after(outcome, 1)).toMatchObject({ status });
  });

  test.each([
    [0, undefined, 'PENDING'],
    [1, 'alone', 'PENDING'],
    [2, 'alone', 'FAILED'],
    [3, 'alone', 'FAILED'],
    [2, 'none', 'PENDING'],
    [9, undefined, 'PENDING'],
  ] as const)('lost %d times alone before, and now with the evidence %s: %s', (before, evidence, status) => {
    const outcome = { kind: 'interrupted', error, ...(evidence ? { evidence } : {}) } as const;
    const lost = { ...claim, interruptionsAlone: before };
    const settled = settlementFor({ claim: lost, outcome }, policy, () => 'end');
    expect(settled).toMatchObject({ status, event: 'interrupted', raise: 1 });
    const message =
      status === 'FAILED'
        ? `Lost ${before + 1} times while running alone, so it is not started again by itself. The last time: no`
        : 'no';
    expect(settled.error).toEqual({ name: 'Error', message });
  });

  test('of a job without a limit never spends its budget', () => {
    expect(after({ kind: 'failed', error }, null)).toMatchObject({ status: 'PENDING', delay_ms: 4_000 });
    expect(after({ kind: 'failed', error, permanent: true }, null)).toMatchObject({ status: 'FAILED' });
  });

  test('ends the job when its strategy says so', () => {
    const attempt = { claim, outcome: { kind: 'failed', error } as const };
    expect(settlementFor(attempt, policy, () => 'end')).toMatchObject({
      status: 'FAILED',
      delay_ms: 0,
      error,
    });
  });

  test('asks the strategy with the attempt that failed and its error', () => {
    const asked: unknown[] = [];
    settlementFor({ claim, outcome: { kind: 'timed_out', error } }, policy, (...args) => {
      asked.push(args);
      return { delayMs: 1 };
    });
    expect(asked).toEqual([[policy, 2, error]]);
  });
});
