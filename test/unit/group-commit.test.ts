import { type Fault, GroupCommit } from '../../src/queue/enqueue/group-commit.js';

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

describe('a group commit', () => {
  test('writes calls of one turn together and answers each with its own results', async () => {
    const seen: (readonly string[])[] = [];
    const commits = new GroupCommit({
      write: async (rows: readonly string[]) => {
        seen.push(rows);
        return rows.map((row) => row.toUpperCase());
      },
      faultOf: own,
      groupSize: 10,
    });
    const answers = await Promise.all([commits.add(['a', 'b']), commits.add(['c']), commits.add([])]);
    expect(answers).toEqual([['A', 'B'], ['C'], []]);
    expect(seen).toEqual([['a', 'b', 'c']]);
  });

  test('gathers what comes while two writes are under way', async () => {
    const { writes, write, nextWrite } = heldStore();
    const commits = new GroupCommit({ write, faultOf: own, groupSize: 10 });
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
      write: async (rows: readonly string[]) => {
        if (rows.includes('bad')) throw new Error('spoilt');
        return [...rows];
      },
      faultOf: own,
      groupSize: 10,
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
      write: async (rows: readonly string[], patient) => {
        if (patient) await free.promise;
        else if (rows.includes('busy')) throw new Error('busy');
        return rows.map((row) => `${row}${patient ? ' in the end' : ''}`);
      },
      faultOf: () => 'contention',
      groupSize: 10,
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
      write: async (): Promise<string[]> => {
        writes += 1;
        throw new Error('away');
      },
      faultOf: () => 'everybodys',
      groupSize: 10,
    });
    const results = await Promise.allSettled([commits.add(['a']), commits.add(['b'])]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(writes).toBe(1);
  });
});
