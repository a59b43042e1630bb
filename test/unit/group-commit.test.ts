import { jest } from '@jest/globals';
import { type Fault, type GivenUp, GroupCommit } from '../../src/queue/enqueue/group-commit.js';

/** A store whose writes end when the test says so. */
function heldStore() {
  const writes: { rows: readonly string[]; end: (error?: Error) => void }[] = [];
  const arrivals: (() => void)[] = [];
  const write = (rows: readonly string[]) =>
    new Promise<string[]>((resolve, reject) => {
      const end = (error?: Error) => (error ? reject(error) : resolve(rows.map((row) => row.toUpperCase())));
      writes.push({ rows, end });
      arrivals.shift()?.();
    });
  const nextWrite = () => new Promise<void>((resolve) => arrivals.push(resolve));
  return { writes, write, nextWrite };
}

const own = (): Fault => 'own';

const BOUNDS = {
  groupSize: 10,
  mostWaiting: 1_000,
  patienceMs: 4_000,
  giveUp: (when: GivenUp) => new Error(`given up: ${when}`),
};

describe('a group commit', () => {
  test('writes calls of one turn together and answers each with its own results', async () => {
    const seen: (readonly string[])[] = [];
    const commits = new GroupCommit({
      ...BOUNDS,
      write: async (rows: readonly string[]) => {
        seen.push(rows);
        return rows.map((row) => row.toUpperCase());
      },
      faultOf: own,
    });
    const answers = await Promise.all([commits.add(['a', 'b']), commits.add(['c']), commits.add([])]);
    expect(answers).toEqual([['A', 'B'], ['C'], []]);
    expect(seen).toEqual([['a', 'b', 'c']]);
  });

  test('gathers what comes while two writes are under way', async () => {
    const { writes, write, nextWrite } = heldStore();
    const commits = new GroupCommit({ ...BOUNDS, write, faultOf: own });
    const started: Promise<unknown>[] = [];
    for (const row of ['a', 'b']) {
      const arrived = nextWrite();
      started.push(commits.add([row]));
      await arrived;
    }
    started.push(commits.add(['c']), commits.add(['d']));
    const third = nextWrite();
    writes[0]?.end();
    await third;
    expect(writes.map(({ rows }) => rows)).toEqual([['a'], ['b'], ['c', 'd']]);
    writes[1]?.end();
    writes[2]?.end();
    expect(await Promise.all(started)).toEqual([['A'], ['B'], ['C'], ['D']]);
  });

  test('keeps to the group size, but for a call that is larger by itself', async () => {
    const sizes: number[] = [];
    const commits = new GroupCommit({
      ...BOUNDS,
      write: async (rows: readonly number[]) => {
        sizes.push(rows.length);
        return [...rows];
      },
      faultOf: own,
      groupSize: 3,
    });
    await Promise.all([
      commits.add([1, 2]),
      commits.add([3, 4]),
      commits.add([5, 6, 7, 8]),
      commits.add([9]),
    ]);
    expect(sizes).toEqual([2, 2, 4, 1]);
  });

  test('lets a call that spoils the group fail alone', async () => {
    const commits = new GroupCommit({
      ...BOUNDS,
      write: async (rows: readonly string[]) => {
        if (rows.includes('bad')) throw new Error('spoilt');
        return [...rows];
      },
      faultOf: own,
    });
    const [first, second, third] = await Promise.allSettled([
      commits.add(['a']),
      commits.add(['bad']),
      commits.add(['c']),
    ]);
    expect(first).toEqual({ status: 'fulfilled', value: ['a'] });
    expect(second).toMatchObject({ status: 'rejected', reason: new Error('spoilt') });
    expect(third).toEqual({ status: 'fulfilled', value: ['c'] });
  });

  test('lets a call that has to wait for somebody wait alone, and nobody behind it', async () => {
    const free = Promise.withResolvers<void>();
    const commits = new GroupCommit({
      ...BOUNDS,
      write: async (rows: readonly string[], patienceMs) => {
        if (patienceMs) await free.promise;
        else if (rows.includes('busy')) throw new Error('busy');
        return rows.map((row) => `${row}${patienceMs ? ' in the end' : ''}`);
      },
      faultOf: () => 'contention',
    });
    const busy = commits.add(['busy']);
    expect(await Promise.all([commits.add(['a']), commits.add(['b'])])).toEqual([['a'], ['b']]);
    expect(await commits.add(['c'])).toEqual(['c']);
    free.resolve();
    expect(await busy).toEqual(['busy in the end']);
  });

  test('does not repeat the rows one by one when the fault is everybody’s', async () => {
    let writes = 0;
    const commits = new GroupCommit({
      ...BOUNDS,
      write: async (): Promise<string[]> => {
        writes += 1;
        throw new Error('away');
      },
      faultOf: () => 'everybodys',
    });
    const results = await Promise.allSettled([commits.add(['a']), commits.add(['b'])]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(writes).toBe(1);
  });

  describe('whose store gets nowhere', () => {
    beforeEach(() => void jest.useFakeTimers());
    afterEach(() => void jest.useRealTimers());

    const failureOf = (call: Promise<unknown>) =>
      call.then(
        () => 'written',
        (error: unknown) => (error as Error).message,
      );

    test('gives every caller an answer in time, and says what is known of its rows', async () => {
      const { writes, write } = heldStore();
      const commits = new GroupCommit({ ...BOUNDS, write, faultOf: own });
      const first = failureOf(commits.add(['a']));
      await jest.advanceTimersByTimeAsync(10);
      const second = failureOf(commits.add(['b']));
      await jest.advanceTimersByTimeAsync(10);
      const third = failureOf(commits.add(['c']));
      await jest.advanceTimersByTimeAsync(4_000);
      expect(await first).toBe('given up: under way');
      expect(await second).toBe('given up: under way');
      expect(await third).toBe('given up: waiting');
      writes[0]?.end();
      writes[1]?.end();
      await jest.advanceTimersByTimeAsync(10);
      expect(writes).toHaveLength(2);
    });

    test('gives a caller whose turn came late its answer in time', async () => {
      const commits = new GroupCommit({
        ...BOUNDS,
        groupSize: 1,
        faultOf: () => 'everybodys',
        write: async (): Promise<string[]> => {
          await new Promise((done) => setTimeout(done, 3_000));
          throw new Error('no answer');
        },
      });
      const calls = ['a', 'b', 'c'].map((row) => failureOf(commits.add([row])));
      await jest.advanceTimersByTimeAsync(4_000);
      expect(await Promise.all(calls)).toEqual(['no answer', 'no answer', 'given up: under way']);
    });

    test('does not give up while others are being stored', async () => {
      const commits = new GroupCommit({
        ...BOUNDS,
        groupSize: 1,
        faultOf: own,
        write: async (rows: readonly string[]) => {
          await new Promise((done) => setTimeout(done, 1_000));
          return [...rows];
        },
      });
      const calls = Array.from({ length: 20 }, (_, n) => failureOf(commits.add([String(n)])));
      await jest.advanceTimersByTimeAsync(10_500);
      expect(new Set(await Promise.all(calls))).toEqual(new Set(['written']));
    });

    test('waits for a large call that gets on step by step, and not for one that does not', async () => {
      const steps = new Map<string, () => void>();
      const commits = new GroupCommit({
        ...BOUNDS,
        faultOf: own,
        write: async ([row = '']: readonly string[], _, gotOn) => {
          for (let step = 0; step < 6 && row !== 'small'; step++) {
            await new Promise<void>((next) => steps.set(row, next));
            gotOn();
          }
          return [row];
        },
      });
      const calls: Promise<string>[] = [];
      for (const row of ['goes on', 'stops', 'small']) {
        calls.push(failureOf(commits.add([row])));
        await jest.advanceTimersByTimeAsync(1);
      }
      for (let step = 0; step < 6; step++) {
        await jest.advanceTimersByTimeAsync(2_000);
        steps.get('goes on')?.();
        if (step < 3) steps.get('stops')?.();
      }
      await jest.advanceTimersByTimeAsync(1);
      expect(await Promise.all(calls)).toEqual(['written', 'given up: under way', 'written']);
    });

    test('gives a call that waits for a stranger its answer in time, also when its turn came late', async () => {
      const commits = new GroupCommit({
        ...BOUNDS,
        faultOf: () => 'contention',
        write: async (rows: readonly string[], patienceMs) => {
          if (patienceMs) await new Promise((done) => setTimeout(done, Math.min(2_500, patienceMs)));
          throw new Error(`held: ${rows.join()}`);
        },
      });
      const calls = Array.from({ length: 6 }, (_, n) => failureOf(commits.add([String(n)])));
      const startedAt = Date.now();
      await jest.advanceTimersByTimeAsync(4_000);
      expect(await Promise.all(calls)).toEqual([
        ...['held: 0', 'held: 1', 'held: 2', 'held: 3'],
        ...['given up: held', 'given up: held'],
      ]);
      expect(Date.now() - startedAt).toBe(4_000);
    });

    test('refuses at once what would make the line too long', async () => {
      const { write } = heldStore();
      const commits = new GroupCommit({ ...BOUNDS, mostWaiting: 2, write, faultOf: own });
      const calls = [1, 2, 3].map((n) => failureOf(commits.add([String(n)])));
      expect(await calls[2]).toBe('given up: full');
    });
  });
});
