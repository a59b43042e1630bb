import { began, handlerBegun } from '../act.handler.js';
import type { Bench } from '../bench.js';

const act = (word: string, times?: number) => ({ act: word, ...(times ? { times } : {}) });

/** What becomes of jobs by what their handlers do. */
export const attempts: Record<string, (bench: Bench) => Promise<void>> = {
  'a job waits, runs and completes': async (bench) => {
    const id = await bench.enqueue({ type: 'act', payload: { name: 'a' } });
    expect(await bench.view(id)).toMatchObject({ status: 'PENDING', attempts: 0, priority: 5, waitMs: 0 });
    await bench.runDue();
    expect(await bench.view(id)).toMatchObject({
      status: 'COMPLETED',
      attempts: 1,
      maxAttempts: 4,
      result: { attempt: 1, isLastAttempt: false },
      error: null,
      history: ['started 1', 'completed 1'],
    });
  },

  'an alias is the type itself': async (bench) => {
    const id = await bench.enqueue({ type: 'acts' });
    expect(await bench.view(id)).toMatchObject({ type: 'act' });
  },

  'an unknown type and a bad payload are refused, each in its words': async (bench) => {
    await expect(bench.enqueue({ type: 'atc' })).rejects.toMatchObject({
      code: 'unknown_job_type',
      message: expect.stringContaining('Did you mean "act"?') as string,
    });
    await expect(bench.enqueue({ type: 'act', payload: { times: 0, naem: 'x' } })).rejects.toMatchObject({
      code: 'validation_failed',
      options: { faults: [{ pointer: '/payload/naem' }, { pointer: '/payload/times' }] },
    });
    await expect(bench.enqueue({ type: 'act', queue: '__pgboss__bam' })).rejects.toMatchObject({
      code: 'validation_failed',
    });
  },

  'a delayed job starts when its time has come, and no sooner': async (bench) => {
    const id = await bench.enqueue({ type: 'act', delay: { minutes: 5 } });
    await bench.advance(290);
    await bench.runDue();
    expect(await bench.view(id)).toMatchObject({ status: 'PENDING', attempts: 0 });
    await bench.advance(10);
    await bench.runDue();
    expect(await bench.view(id)).toMatchObject({ status: 'COMPLETED' });
  },

  'a failing job retries after exact waits until its attempts are spent': async (bench) => {
    const id = await bench.enqueue({ type: 'act', payload: act('fail') });
    for (const seconds of [2, 4, 6]) {
      await bench.runDue();
      expect(await bench.view(id)).toMatchObject({ status: 'PENDING', waitMs: seconds * 1000 });
      await bench.advance(seconds);
    }
    await bench.runDue();
    expect(await bench.view(id)).toMatchObject({
      status: 'FAILED',
      attempts: 4,
      result: null,
      error: 'failure 4',
      history: [1, 2, 3, 4].flatMap((n) => [`started ${n}`, `failed ${n}`]),
    });
  },

  'a job may bring its own limit and waits': async (bench) => {
    const backoff = { strategy: 'exponential', baseDelay: 60, maxDelay: 3600, jitter: 0 } as const;
    const id = await bench.enqueue({ type: 'act', payload: act('fail'), maxAttempts: 2, backoff });
    await bench.runDue();
    expect(await bench.view(id)).toMatchObject({ status: 'PENDING', waitMs: 60_000, error: 'failure 1' });
    await bench.advance(60);
    await bench.runDue();
    expect(await bench.view(id)).toMatchObject({ status: 'FAILED', attempts: 2 });
  },

  'a custom backoff decides by the error': async (bench) => {
    const id = await bench.enqueue({ type: 'act-once', payload: act('fail') });
    await bench.runDue();
    expect(await bench.view(id)).toMatchObject({ status: 'PENDING', waitMs: 7_000 });
    await bench.advance(7);
    await bench.runDue();
    expect(await bench.view(id)).toMatchObject({ status: 'FAILED', attempts: 2, maxAttempts: 3 });
  },

  'a job without a limit goes on': async (bench) => {
    const id = await bench.enqueue({ type: 'act', payload: act('fail', 5), maxAttempts: null });
    for (let n = 1; n <= 6; n += 1) {
      await bench.runDue();
      await bench.advance(6);
    }
    expect(await bench.view(id)).toMatchObject({ status: 'COMPLETED', attempts: 6, maxAttempts: null });
  },

  'PermanentFailure and failOn end a job at once': async (bench) => {
    const ids = [
      await bench.enqueue({ type: 'act', payload: act('fail for good') }),
      await bench.enqueue({ type: 'act', payload: act('fail by policy') }),
    ];
    await bench.runDue();
    expect(await bench.view(ids[0]!)).toMatchObject({ status: 'FAILED', attempts: 1, error: 'no use' });
    expect(await bench.view(ids[1]!)).toMatchObject({ status: 'FAILED', attempts: 1, error: 'not retried' });
  },

  'RetryLater puts a job off and spends no attempt': async (bench) => {
    const id = await bench.enqueue({ type: 'act', payload: act('retry later', 1), maxAttempts: 1 });
    await bench.runDue();
    expect(await bench.view(id)).toMatchObject({
      status: 'PENDING',
      attempts: 1,
      maxAttempts: 2,
      waitMs: 90_000,
      history: ['started 1', 'snoozed 1'],
    });
    await bench.advance(90);
    await bench.runDue();
    expect(await bench.view(id)).toMatchObject({ status: 'COMPLETED', result: { isLastAttempt: true } });
  },

  'CancelJob cancels': async (bench) => {
    const id = await bench.enqueue({ type: 'act', payload: act('cancel itself') });
    await bench.runDue();
    expect(await bench.view(id)).toMatchObject({ status: 'CANCELLED', error: 'not wanted' });
  },

  'a result that has no JSON completes all the same': async (bench) => {
    const id = await bench.enqueue({ type: 'act', payload: act('return what has no JSON') });
    await bench.runDue();
    expect(await bench.view(id)).toMatchObject({ status: 'COMPLETED', result: { unserializable: true } });
  },

  'a handler enqueues others': async (bench) => {
    const id = await bench.enqueue({ type: 'act', payload: { name: 'parent', ...act('enqueue two') } });
    await bench.runDue();
    expect(began).toEqual(['parent', 'child 1', 'child 2']);
    expect(await bench.view(id)).toMatchObject({ result: { done: 2 } });
  },

  'a handler reads the result and the files of a job that has completed, and of no other': async (bench) => {
    const parent = await bench.enqueue({ type: 'act', payload: act('write a note') });
    const early = { type: 'act', payload: { of: parent, ...act('read its parent') } };
    const child = await bench.enqueue({ ...early, dependsOn: [parent] });
    await bench.runDue();
    expect(await bench.view(child)).toMatchObject({
      status: 'COMPLETED',
      result: { done: { note: 'noted', result: { attempt: 1, done: { name: 'note.txt', bytes: 5 } } } },
    });
    const of = '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55';
    const orphan = await bench.enqueue({ type: 'act', payload: { of, ...act('read its parent') } });
    await bench.runDue();
    expect(await bench.view(orphan)).toMatchObject({ status: 'FAILED', attempts: 1 });
  },

  'an attempt that takes too long times out and is retried': async (bench) => {
    const begun = handlerBegun();
    const id = await bench.enqueue({ type: 'act', payload: act('heed its signal', 1), timeoutSeconds: 1 });
    const run = bench.runDue();
    await begun;
    await bench.advance(1);
    await run;
    expect(await bench.view(id)).toMatchObject({
      status: 'PENDING',
      waitMs: 2_000,
      history: ['started 1', 'timed_out 1'],
      error: 'The attempt was given 1 s and did not end in time',
    });
  },

  'a running job is cancelled through its signal': async (bench) => {
    const begun = handlerBegun();
    const id = await bench.enqueue({ type: 'act', payload: act('heed its signal') });
    const run = bench.runDue();
    await begun;
    expect(await bench.cancel(id)).toMatchObject({ result: 'requested' });
    await run;
    expect(await bench.view(id)).toMatchObject({
      status: 'CANCELLED',
      history: ['started 1', 'cancel_requested 1', 'cancelled 1'],
    });
  },

  'a waiting job is cancelled at once, and a final one not at all': async (bench) => {
    const id = await bench.enqueue({ type: 'act' });
    expect(await bench.cancel(id)).toMatchObject({ result: 'done', job: { status: 'CANCELLED' } });
    expect(await bench.cancel(id)).toMatchObject({ result: 'conflict', code: 'job_state_conflict' });
    await bench.runDue();
    expect(began).toEqual([]);
  },

  'a failed job is retried by hand with its first limit once more': async (bench) => {
    const id = await bench.enqueue({ type: 'act', payload: act('fail', 1), maxAttempts: 1 });
    await bench.runDue();
    expect(await bench.retry(id)).toMatchObject({ result: 'done', job: { status: 'PENDING' } });
    await bench.runDue();
    expect(await bench.view(id)).toMatchObject({
      status: 'COMPLETED',
      attempts: 2,
      maxAttempts: 2,
      history: ['started 1', 'failed 1', 'retried 1', 'started 2', 'completed 2'],
    });
    expect(await bench.retry(id)).toMatchObject({ result: 'conflict', code: 'job_state_conflict' });
  },
};
