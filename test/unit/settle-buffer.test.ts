import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type AttemptOutcome, OutcomesHeldError, type QueueService } from '../../src/queue/index.js';
import { SettleBuffer } from '../../src/worker/settle-buffer.js';

const completed = (id: string): AttemptOutcome => ({
  claim: { id, type: 'task', queue: 'default', attempts: 1, maxAttempts: 3, backoff: null },
  outcome: { kind: 'completed', result: id },
});

const away = () => Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
const tooSlow = () =>
  Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' });

/** A queue whose settles fail as the test says: real PostgreSQL has no such whims at command. */
class WhimsicalQueue {
  readonly calls: string[][] = [];
  readonly stored = new Map<string, AttemptOutcome['outcome']>();

  constructor(
    private readonly failure: (outcomes: readonly AttemptOutcome[], call: number) => Error | undefined,
  ) {}

  async settle(outcomes: readonly AttemptOutcome[]): Promise<void> {
    this.calls.push(outcomes.map(({ claim }) => claim.id));
    await Promise.resolve();
    const failure = this.failure(outcomes, this.calls.length);
    if (failure) throw failure;
    for (const { claim, outcome } of outcomes) this.stored.set(claim.id, outcome);
  }
}

describe('the settle buffer', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
    jest.useFakeTimers();
  });
  afterAll(() => jest.useRealTimers());

  const bufferOver = (queue: WhimsicalQueue) => new SettleBuffer(queue as unknown as QueueService);
  /** Lets everything happen, however long it takes. */
  const flush = async (buffer: SettleBuffer) => {
    let flushed = false;
    void buffer.flushed().then(() => (flushed = true));
    while (!flushed) await jest.advanceTimersByTimeAsync(50);
  };
  const names = (count: number) => Array.from({ length: count }, (_, index) => `job-${index}`);

  test('writes the first outcome at once, and together what gathers meanwhile', async () => {
    const queue = new WhimsicalQueue(() => undefined);
    const buffer = bufferOver(queue);
    for (const name of names(5)) void buffer.add(completed(name));
    expect(buffer.holds('job-0')).toBe(true);
    expect(buffer.holds('job-4')).toBe(true);
    await flush(buffer);
    expect(queue.calls).toEqual([['job-0'], ['job-1', 'job-2', 'job-3', 'job-4']]);
    expect(buffer.holds('job-4')).toBe(false);
  });

  test('writes no more than 500 together', async () => {
    const queue = new WhimsicalQueue(() => undefined);
    const buffer = bufferOver(queue);
    for (const name of names(1_100)) void buffer.add(completed(name));
    await flush(buffer);
    expect(queue.calls.map((call) => call.length)).toEqual([1, 500, 500, 99]);
  });

  test('makes those wait who bring more than it can hold, and no others', async () => {
    const queue = new WhimsicalQueue(() => undefined);
    const buffer = bufferOver(queue);
    const settled: boolean[] = [];
    const added = names(1_100).map((name, index) =>
      buffer.add(completed(name)).then(() => (settled[index] = true)),
    );
    await Promise.resolve();
    await Promise.resolve();
    expect(settled.filter(Boolean).length).toBeGreaterThan(900);
    expect(settled[1_099]).toBeUndefined();
    await flush(buffer);
    await Promise.all(added);
  });

  test('offers outcomes again, later and later, while the database is away', async () => {
    const queue = new WhimsicalQueue((_, call) => (call <= 6 ? away() : undefined));
    const buffer = bufferOver(queue);
    const start = Date.now();
    void buffer.add(completed('a'));
    await flush(buffer);
    expect(queue.stored.get('a')).toEqual({ kind: 'completed', result: 'a' });
    expect(queue.calls).toHaveLength(7);
    expect(Date.now() - start).toBeGreaterThanOrEqual(100 + 200 + 400 + 800 + 1_000 + 1_000);
  });

  test('writes fewer together when a statement takes too long, and more again when it works', async () => {
    const queue = new WhimsicalQueue((outcomes) => (outcomes.length > 100 ? tooSlow() : undefined));
    const buffer = bufferOver(queue);
    for (const name of names(801)) void buffer.add(completed(name));
    await flush(buffer);
    expect(queue.stored.size).toBe(801);
    expect(queue.calls.map((call) => call.length).slice(0, 5)).toEqual([1, 500, 250, 125, 63]);
  });

  test('does not let one outcome that cannot be written now hold up all the others', async () => {
    let locked = true;
    const queue = new WhimsicalQueue((outcomes) =>
      locked && outcomes.some(({ claim }) => claim.id === 'job-7') ? tooSlow() : undefined,
    );
    const buffer = bufferOver(queue);
    for (const name of names(300)) void buffer.add(completed(name));
    for (let round = 0; round < 2_000 && queue.stored.size < 299; round++)
      await jest.advanceTimersByTimeAsync(50);
    expect(queue.stored.size).toBe(299);
    expect(buffer.holds('job-7')).toBe(true);
    locked = false;
    await flush(buffer);
    expect(queue.stored.get('job-7')).toEqual({ kind: 'completed', result: 'job-7' });
  });

  test('lets those wait apart whose rows somebody holds, and nobody else', async () => {
    const locked = new Set(['job-3', 'job-250']);
    const queue = new WhimsicalQueue((outcomes) => {
      const held = outcomes.filter(({ claim }) => locked.has(claim.id));
      for (const { claim, outcome } of outcomes)
        if (!locked.has(claim.id)) queue.stored.set(claim.id, outcome);
      return held.length > 0 ? new OutcomesHeldError(held, new Error('held')) : undefined;
    });
    const buffer = bufferOver(queue);
    for (const name of names(300)) void buffer.add(completed(name));
    await jest.advanceTimersByTimeAsync(1);
    expect(queue.stored.size).toBe(298);
    expect(buffer.holds('job-3')).toBe(true);
    await jest.advanceTimersByTimeAsync(20_000);
    // Later and later, and still at once for whoever comes meanwhile.
    expect(queue.calls.filter((call) => call.includes('job-3')).length).toBeLessThan(20);
    void buffer.add(completed('later'));
    await jest.advanceTimersByTimeAsync(1);
    expect(queue.stored.has('later')).toBe(true);
    locked.delete('job-3');
    await jest.advanceTimersByTimeAsync(2_000);
    expect([buffer.holds('job-3'), buffer.holds('job-250')]).toEqual([false, true]);
    locked.clear();
    await flush(buffer);
    expect(queue.stored.size).toBe(301);
  });

  test('finds the one outcome that spoils a batch and makes a failure of it that says so', async () => {
    const queue = new WhimsicalQueue((outcomes) =>
      outcomes.some(({ claim, outcome }) => claim.id === 'job-42' && outcome.kind === 'completed')
        ? new Error('invalid input')
        : undefined,
    );
    const buffer = bufferOver(queue);
    for (const name of names(101)) void buffer.add(completed(name));
    await flush(buffer);
    expect(queue.stored.size).toBe(101);
    expect(queue.stored.get('job-42')).toEqual({
      kind: 'failed',
      error: {
        name: 'OutcomeNotStored',
        message: 'The outcome of this attempt could not be stored: invalid input',
      },
    });
    const others = [...queue.stored].filter(([id]) => id !== 'job-42');
    expect(others.every(([id, outcome]) => outcome.kind === 'completed' && outcome.result === id)).toBe(true);
    expect(queue.calls.length).toBeLessThan(25);
  });

  test('drops an outcome never: when not even its failure can be written, it was not the outcome’s fault', async () => {
    const queue = new WhimsicalQueue((_, call) =>
      call <= 4 ? new Error('certificate has expired') : undefined,
    );
    const buffer = bufferOver(queue);
    void buffer.add(completed('a'));
    await flush(buffer);
    expect(queue.stored.get('a')).toEqual({ kind: 'completed', result: 'a' });
  });
});
