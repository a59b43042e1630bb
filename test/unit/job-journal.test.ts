import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { JobJournal } from '../../src/worker/job-journal.js';
import type { JobJournalStore, LogLine, Progress } from '../../src/worker/job-journal.store.js';

const line = (job_id: string, message = 'x'): LogLine => ({
  job_id,
  attempt: 1,
  at: '2030-01-01T00:00:00.000Z',
  level: 'info',
  message,
});
const progress = (job_id: string, percent: number): Progress => ({
  job_id,
  attempt: 1,
  at: '2030-01-01T00:00:00.000Z',
  percent,
  message: null,
});
const away = () => Object.assign(new Error('away'), { code: 'ECONNREFUSED' });

/** A store that is away, slow or picky as the test says. */
class WhimsicalStore {
  readonly writes: { lines: readonly LogLine[]; progress: readonly Progress[] }[] = [];
  failure: Error | undefined;
  pause: Promise<void> = Promise.resolve();

  async write(lines: readonly LogLine[], progress: readonly Progress[]): Promise<void> {
    await this.pause;
    if (this.failure) throw this.failure;
    this.writes.push({ lines, progress });
  }

  get messages(): string[] {
    return this.writes.flatMap(({ lines }) => lines.map(({ message }) => message));
  }
}

describe('the journal', () => {
  let store: WhimsicalStore;
  let journal: JobJournal;
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => {
    jest.useFakeTimers();
    store = new WhimsicalStore();
    journal = new JobJournal(store as unknown as JobJournalStore);
  });
  afterEach(() => {
    journal.onApplicationShutdown();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  test('writes what gathers in half a second together, of progress the latest only', async () => {
    for (const percent of [1, 2, 3]) {
      journal.addLine(line('a', `at ${percent}`));
      journal.setProgress(progress('a', percent));
      journal.setProgress(progress('b', 10 * percent));
    }
    await jest.advanceTimersByTimeAsync(499);
    expect(store.writes).toHaveLength(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(store.writes).toHaveLength(1);
    expect(store.messages).toEqual(['at 1', 'at 2', 'at 3']);
    expect(store.writes[0]!.progress.map(({ job_id, percent }) => [job_id, percent])).toEqual([
      ['a', 3],
      ['b', 30],
    ]);
  });

  test('does not wait for the half second when there are 100 lines', async () => {
    for (let n = 0; n < 100; n++) journal.addLine(line('a', `${n}`));
    await jest.advanceTimersByTimeAsync(0);
    expect(store.messages).toHaveLength(100);
  });

  test('writes at most twice a second, however little is said at a time', async () => {
    for (let tick = 0; tick < 100; tick++) {
      journal.addLine(line('a'));
      await jest.advanceTimersByTimeAsync(100);
    }
    expect(store.writes.length).toBeLessThanOrEqual(20);
  });

  test('is flushed for a job that ends, what is being written included', async () => {
    let free: () => void = () => undefined;
    journal.addLine(line('a', 'first'));
    store.pause = new Promise((resolve) => (free = resolve));
    await jest.advanceTimersByTimeAsync(500);
    journal.addLine(line('a', 'second'));
    let flushed = false;
    const flushing = journal.flush('a').then(() => (flushed = true));
    await jest.advanceTimersByTimeAsync(100);
    expect(flushed).toBe(false);
    free();
    await flushing;
    expect(store.messages).toEqual(['first', 'second']);
  });

  test('keeps what it has in order while the database is away, and holds up no job', async () => {
    store.failure = away();
    journal.addLine(line('a', 'first'));
    await journal.flush('a');
    journal.addLine(line('a', 'second'));
    await journal.flush('a');
    for (let n = 0; n < 500; n++) journal.addLine(line('b', `${n}`));
    journal.setProgress(progress('a', 10));
    await jest.advanceTimersByTimeAsync(20_000);
    journal.setProgress(progress('a', 20));
    store.failure = undefined;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(store.messages).toHaveLength(502);
    expect(store.messages.slice(0, 3)).toEqual(['first', 'second', '0']);
    expect(store.writes.at(-1)!.progress).toMatchObject([{ percent: 20 }]);
  });

  test('does not grow for ever while the database is away', async () => {
    store.failure = away();
    const long = 'x'.repeat(4_000);
    for (let n = 0; n < 10_000; n++) journal.addLine(line('a', long));
    await jest.advanceTimersByTimeAsync(60_000);
    store.failure = undefined;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(store.messages.length).toBeGreaterThan(1_000);
    expect(store.messages.length).toBeLessThan(3_000);
    journal.addLine(line('a', 'after'));
    await jest.advanceTimersByTimeAsync(500);
    expect(store.messages.at(-1)).toBe('after');
  });

  test('drops what the database will never take, and goes on', async () => {
    store.failure = new Error('nonsense');
    journal.addLine(line('a', 'bad'));
    await jest.advanceTimersByTimeAsync(500);
    store.failure = undefined;
    journal.addLine(line('a', 'good'));
    await jest.advanceTimersByTimeAsync(5_000);
    expect(store.messages).toEqual(['good']);
  });
});
