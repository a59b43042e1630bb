import { began } from '../act.handler.js';
import type { Bench } from '../bench.js';

const named = (name: string, act?: string, times?: number) => ({
  type: 'act',
  payload: { name, ...(act ? { act } : {}), ...(times ? { times } : {}) },
});

/** Who starts before whom, and who waits for whom. */
export const order: Record<string, (bench: Bench) => Promise<void>> = {
  'the lower number goes first, and among equals who came first': async (bench) => {
    for (const [name, priority] of [
      ['c', 5],
      ['e', 10],
      ['a', 1],
      ['d', 5],
      ['b', 2],
    ] as const)
      await bench.enqueue({ ...named(name), priority });
    await bench.runDue();
    expect(began).toEqual(['a', 'b', 'c', 'd', 'e']);
  },

  'among equals, who had started before goes first': async (bench) => {
    await bench.enqueue(named('retried', 'fail', 1));
    await bench.runDue();
    await bench.enqueue(named('new'));
    await bench.advance(2);
    await bench.runDue();
    expect(began).toEqual(['retried', 'retried', 'new']);
  },

  'told to run now, a job waits no longer': async (bench) => {
    const id = await bench.enqueue({ ...named('later'), delay: { hours: 1 } });
    expect(await bench.runNow(id)).toMatchObject({ result: 'done' });
    await bench.runDue();
    expect(await bench.view(id)).toMatchObject({
      status: 'COMPLETED',
      history: expect.arrayContaining(['run_now 0']) as string[],
    });
    expect(await bench.runNow(id)).toMatchObject({ result: 'conflict' });
  },

  'jobs of one lock start in the order of their creation, whatever their priority': async (bench) => {
    const first = await bench.enqueue({ ...named('first'), lock: 'l', priority: 10 });
    const second = await bench.enqueue({ ...named('second'), lock: 'l', priority: 1 });
    await bench.enqueue({ ...named('free'), priority: 9 });
    expect(await bench.view(first)).toMatchObject({ status: 'PENDING' });
    expect(await bench.view(second)).toMatchObject({ status: 'BLOCKED' });
    await bench.runDue();
    expect(began).toEqual(['free', 'first', 'second']);
    expect((await bench.view(second)).history).toEqual(['unblocked 0', 'started 1', 'completed 1']);
  },

  'a lock is kept while a retry waits, and given up at the end': async (bench) => {
    await bench.enqueue({ ...named('a', 'fail'), lock: 'l', maxAttempts: 2 });
    const next = await bench.enqueue({ ...named('b'), lock: 'l' });
    await bench.runDue();
    expect(await bench.view(next)).toMatchObject({ status: 'BLOCKED' });
    await bench.advance(2);
    await bench.runDue();
    expect(began).toEqual(['a', 'a', 'b']);
  },

  'a lock goes on when its holder is cancelled': async (bench) => {
    const holder = await bench.enqueue({ ...named('a'), lock: 'l' });
    const next = await bench.enqueue({ ...named('b'), lock: 'l' });
    await bench.cancel(holder);
    expect(await bench.view(next)).toMatchObject({ status: 'PENDING' });
    await bench.runDue();
    expect(began).toEqual(['b']);
  },

  'a job scheduled for later holds up nobody, and waits when its lock is taken': async (bench) => {
    const later = await bench.enqueue({ ...named('later'), lock: 'l', delay: 100 });
    const ready = await bench.enqueue({ ...named('ready', 'retry later', 1), lock: 'l' });
    await bench.runDue();
    expect(await bench.view(ready)).toMatchObject({ status: 'PENDING', attempts: 1, waitMs: 90_000 });
    await bench.advance(100);
    await bench.runDue();
    expect(began).toEqual(['ready', 'ready', 'later']);
    expect((await bench.view(later)).history).toEqual([
      'blocked 0',
      'unblocked 0',
      'started 1',
      'completed 1',
    ]);
  },

  'a job waits for all its parents': async (bench) => {
    const [a, b] = [await bench.enqueue(named('a')), await bench.enqueue({ ...named('b'), delay: 100 })];
    const child = await bench.enqueue({ ...named('child'), dependsOn: [a, b] });
    await bench.runDue();
    expect(await bench.view(child)).toMatchObject({ status: 'BLOCKED' });
    await bench.advance(100);
    await bench.runDue();
    expect(began).toEqual(['a', 'b', 'child']);
  },

  'a parent that has completed is waited for no more, and one that is not there is refused': async (
    bench,
  ) => {
    const parent = await bench.enqueue(named('parent'));
    await bench.runDue();
    const child = await bench.enqueue({ ...named('child'), dependsOn: [parent] });
    expect(await bench.view(child)).toMatchObject({ status: 'PENDING' });
    const nobody = '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55';
    await expect(bench.enqueue({ ...named('x'), dependsOn: [nobody] })).rejects.toMatchObject({
      code: 'validation_failed',
      options: { faults: [{ pointer: '/depends_on/0', code: 'job_not_found' }] },
    });
  },

  'when a parent fails, its dependents are cancelled, and theirs': async (bench) => {
    const parent = await bench.enqueue(named('parent', 'fail for good'));
    const child = await bench.enqueue({ ...named('child'), dependsOn: [parent] });
    const grandchild = await bench.enqueue({ ...named('grandchild'), dependsOn: [child] });
    await bench.runDue();
    expect(await bench.view(child)).toMatchObject({
      status: 'CANCELLED',
      error: `Job ${parent}, which this one depends on, ended FAILED`,
    });
    expect(await bench.view(grandchild)).toMatchObject({ status: 'CANCELLED', history: ['cancelled 0'] });
    const late = await bench.enqueue({ ...named('late'), dependsOn: [parent] });
    expect(await bench.view(late)).toMatchObject({ status: 'CANCELLED' });
    expect(began).toEqual(['parent']);
  },

  'a dependent comes back with its parent, and waits for it': async (bench) => {
    const parent = await bench.enqueue(named('parent', 'fail for good', 1));
    const child = await bench.enqueue({ ...named('child'), dependsOn: [parent] });
    await bench.runDue();
    expect(await bench.retry(child)).toMatchObject({ result: 'conflict', code: 'dependency_failed' });
    await bench.retry(parent);
    expect(await bench.view(child)).toMatchObject({ status: 'BLOCKED' });
    await bench.runDue();
    expect(began).toEqual(['parent', 'parent', 'child']);
  },

  'a dependent asks for its lock when its parent has completed': async (bench) => {
    const parent = await bench.enqueue(named('parent'));
    const child = await bench.enqueue({ ...named('child'), dependsOn: [parent], lock: 'l' });
    await bench.enqueue({ ...named('holder', 'retry later', 1), lock: 'l' });
    await bench.runDue();
    expect(await bench.view(child)).toMatchObject({ status: 'BLOCKED', history: ['blocked 0'] });
    await bench.advance(90);
    await bench.runDue();
    expect(began).toEqual(['parent', 'holder', 'holder', 'child']);
  },
};
