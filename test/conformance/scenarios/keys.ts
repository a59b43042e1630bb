import { began } from '../act.handler.js';
import type { Bench } from '../bench.js';

const job = (name: string) => ({ type: 'act', payload: { name } });
const failing = { type: 'act', payload: { act: 'fail' }, maxAttempts: 2 };

/** Which jobs count as the same. */
export const keys: Record<string, (bench: Bench) => Promise<void>> = {
  'the second of two unique jobs is the first, until that one starts': async (bench) => {
    const unique = {};
    const first = await bench.enqueue({ ...job('a'), unique });
    expect(await bench.enqueue({ ...job('a'), unique })).toBe(first);
    expect(await bench.enqueue({ ...job('b'), unique })).not.toBe(first);
    await bench.runDue();
    expect(await bench.enqueue({ ...job('a'), unique })).not.toBe(first);
    expect(began).toEqual(['a', 'b']);
  },

  'a key that is held while waiting is not taken back by a retry': async (bench) => {
    const unique = { key: 'k' };
    const first = await bench.enqueue({ ...failing, unique });
    await bench.runDue();
    expect(await bench.enqueue({ ...failing, unique })).not.toBe(first);
  },

  'a key that is held while unfinished outlives a retry, and ends with the job': async (bench) => {
    const unique = { key: 'k', while: 'unfinished' } as const;
    const first = await bench.enqueue({ ...failing, unique });
    await bench.runDue();
    expect(await bench.enqueue({ ...failing, unique })).toBe(first);
    await bench.advance(2);
    await bench.runDue();
    const second = await bench.enqueue({ ...failing, unique });
    expect(second).not.toBe(first);
    expect(await bench.retry(first)).toMatchObject({ result: 'conflict', code: 'job_already_exists' });
  },

  'a key that is held for a time is free after it': async (bench) => {
    const unique = { key: 'k', while: { seconds: 60 } };
    const first = await bench.enqueue({ ...job('a'), unique });
    await bench.runDue();
    await bench.advance(50);
    expect(await bench.enqueue({ ...job('a'), unique })).toBe(first);
    expect(await bench.enqueue({ ...job('a'), unique: { key: 'k', while: 'waiting' } })).toBe(first);
    await bench.advance(10);
    expect(await bench.enqueue({ ...job('a'), unique })).not.toBe(first);
  },

  'replace: the waiting job takes over payload, priority and schedule': async (bench) => {
    const unique = { key: 'k', onConflict: 'replace' } as const;
    const first = await bench.enqueue({ ...job('old'), unique, delay: { hours: 1 } });
    expect(await bench.enqueue({ ...job('new'), unique, priority: 2 })).toBe(first);
    expect(await bench.view(first)).toMatchObject({
      priority: 2,
      payload: { name: 'new' },
      waitMs: 0,
      history: ['replaced 0'],
    });
    await bench.runDue();
    expect(began).toEqual(['new']);
  },

  'replace does not touch a job that has started': async (bench) => {
    const unique = { key: 'k', while: 'unfinished', onConflict: 'replace' } as const;
    const first = await bench.enqueue({ ...failing, unique });
    await bench.runDue();
    expect(await bench.enqueue({ ...job('new'), unique })).toBe(first);
    expect(await bench.view(first)).toMatchObject({ payload: failing.payload });
  },

  'reject: the second job is refused and told of the first': async (bench) => {
    const unique = { key: 'k', onConflict: 'reject' } as const;
    const first = await bench.enqueue({ ...job('a'), unique });
    await expect(bench.enqueue({ ...job('b'), unique })).rejects.toMatchObject({
      code: 'job_already_exists',
      options: { members: { existing_job_id: first, job_status: 'PENDING' } },
    });
  },

  'a type may say what makes its jobs unique, and a job that it is not': async (bench) => {
    const first = await bench.enqueue({ type: 'act-once', payload: { name: 'a' } });
    expect(await bench.enqueue({ type: 'act-once', payload: { name: 'b' } })).toBe(first);
    expect(await bench.enqueue({ type: 'act-once', payload: { name: 'b' }, unique: null })).not.toBe(first);
  },

  'an idempotency key answers with its job, whatever became of it': async (bench) => {
    const first = await bench.enqueue({ ...job('a'), idempotencyKey: 'i' });
    await bench.runDue();
    expect(await bench.enqueue({ ...job('a'), idempotencyKey: 'i' })).toBe(first);
    await expect(bench.enqueue({ ...job('b'), idempotencyKey: 'i' })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
      options: { members: { job_id: first } },
    });
    await bench.runDue();
    expect(began).toEqual(['a']);
  },
};
