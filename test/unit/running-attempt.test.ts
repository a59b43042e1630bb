import { jest } from '@jest/globals';
import { DatabaseClock } from '../../src/common/index.js';
import type { Job } from '../../src/queue/index.js';
import { outcomeOfError } from '../../src/worker/error-verdict.js';
import { CancelJob, PermanentFailure, RetryLater } from '../../src/worker/job-control.errors.js';
import { RunningAttempt } from '../../src/worker/running-attempt.js';

const job = { id: 'id', type: 'task' } as Job;
const clock = new DatabaseClock();

describe('a running attempt', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  const attempt = () => new RunningAttempt(job, 60, (error) => outcomeOfError(error, {}, 0), clock);
  const never = () => new Promise<never>(() => undefined);
  const untilAborted = (signal: AbortSignal, then: () => unknown) =>
    new Promise((resolve, reject) =>
      signal.addEventListener('abort', () => {
        try {
          resolve(then());
        } catch (error) {
          reject(error);
        }
      }),
    );
  const reason = (running: RunningAttempt) => {
    throw running.signal.reason;
  };

  test('completes with what its handler returns', async () => {
    expect(await attempt().outcomeOf(async () => ({ a: 1 }))).toEqual({
      outcome: { kind: 'completed', result: { a: 1 } },
      stuck: false,
    });
  });

  test('fails with what its handler throws, at once or later', async () => {
    const { outcome } = await attempt().outcomeOf(async () => {
      throw new TypeError('no');
    });
    expect(outcome).toMatchObject({ kind: 'failed', error: { name: 'TypeError', message: 'no' } });
    const { outcome: other } = await attempt().outcomeOf(() => Promise.reject(null));
    expect(other).toMatchObject({ kind: 'failed', error: { name: 'NonError' } });
  });

  test.each<[string, (running: RunningAttempt) => unknown]>([
    ['gives up', reason],
    [
      'fails in its own way',
      () => {
        throw new Error('aborted');
      },
    ],
    ['returns all the same', () => 'too late'],
  ])('times out when its time is over and its handler then %s', async (_, then) => {
    const running = attempt();
    const ended = running.outcomeOf(() => untilAborted(running.signal, () => then(running)));
    await jest.advanceTimersByTimeAsync(59_999);
    expect(running.signal.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(await ended).toEqual({
      outcome: {
        kind: 'timed_out',
        error: { name: 'TimeoutError', message: 'The attempt was given 60 s and did not end in time' },
      },
      stuck: false,
    });
  });

  test('is taken from a handler that ignores its signal for 5 s', async () => {
    const running = attempt();
    let ended = false;
    const outcome = running.outcomeOf(never).finally(() => (ended = true));
    await jest.advanceTimersByTimeAsync(60_000 + 4_999);
    expect(ended).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(await outcome).toMatchObject({ outcome: { kind: 'timed_out' }, stuck: true });
  });

  test('is released when the worker stops, unless its handler ends well all the same', async () => {
    const giving = attempt();
    const released = giving.outcomeOf(() => untilAborted(giving.signal, () => reason(giving)));
    giving.abortForShutdown();
    expect(await released).toEqual({ outcome: { kind: 'released' }, stuck: false });

    const finishing = attempt();
    const completed = finishing.outcomeOf(() => untilAborted(finishing.signal, () => 'done'));
    finishing.abortForShutdown();
    expect(await completed).toEqual({ outcome: { kind: 'completed', result: 'done' }, stuck: false });

    const ignoring = attempt();
    const stuck = ignoring.outcomeOf(never);
    ignoring.abortForShutdown();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await stuck).toEqual({ outcome: { kind: 'released' }, stuck: true });
  });

  test.each<[string, (running: RunningAttempt) => unknown]>([
    ['gives up', reason],
    ['ends well', () => 'done'],
    [
      'fails in its own way',
      () => {
        throw new PermanentFailure('no');
      },
    ],
  ])('is cancelled when somebody cancels its job and its handler then %s', async (_, then) => {
    const running = attempt();
    const ended = running.outcomeOf(() => untilAborted(running.signal, () => then(running)));
    running.abortForCancel();
    expect(running.signal.reason).toMatchObject({ reason: 'cancel', message: 'The job was cancelled' });
    expect(await ended).toEqual({ outcome: { kind: 'cancelled' }, stuck: false });
  });

  test.each<[Error, object]>([
    [new PermanentFailure('no'), { kind: 'failed', permanent: true }],
    [new RetryLater(5), { kind: 'snoozed', delayMs: 5_000 }],
    [new CancelJob(), { kind: 'cancelled' }],
    [new TypeError('fetch failed'), { kind: 'released' }],
  ])(
    'is what its handler decides when the worker stops, and released when it just fails: %s',
    async (error, outcome) => {
      const running = attempt();
      const ended = running.outcomeOf(() =>
        untilAborted(running.signal, () => {
          throw error;
        }),
      );
      running.abortForShutdown();
      expect(await ended).toMatchObject({ outcome });
    },
  );

  test('tells when a handler that was stuck ends after all', async () => {
    const running = attempt();
    const handler = Promise.withResolvers<void>();
    const outcome = running.outcomeOf(() => handler.promise);
    running.abortForCancel();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await outcome).toEqual({ outcome: { kind: 'cancelled' }, stuck: true });
    let ended = false;
    void running.ended.then(() => (ended = true));
    await jest.advanceTimersByTimeAsync(60_000);
    expect(ended).toBe(false);
    handler.resolve();
    await jest.advanceTimersByTimeAsync(0);
    expect(ended).toBe(true);
  });

  test('that has timed out stays so when the worker stops before its handler ends', async () => {
    const running = attempt();
    const ended = running.outcomeOf(never);
    await jest.advanceTimersByTimeAsync(60_000);
    running.abortForShutdown();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await ended).toMatchObject({ outcome: { kind: 'timed_out' }, stuck: true });
  });
});
