import { randomUUID } from 'node:crypto';
import { Postgres } from '../../src/database/index.js';
import { type Limits, LimitSettings, Mender } from '../../src/queue/index.js';
import { type TestQueue, startQueue } from '../support/queue.js';
import { eventually } from '../support/eventually.js';

const NONE = { rate: null, burst: 1, concurrency: null, per_key: null };
const ONE_AT_A_TIME = { per_key: { rate: null, burst: 1, concurrency: 1 } };

describe('limits', () => {
  let fixture: TestQueue;

  beforeAll(async () => {
    fixture = await startQueue('limits_against_odds');
  }, 60_000);

  afterAll(() => fixture?.stop());

  const setLimits = async (queue: string, limits: Partial<Limits> | null) => {
    const settings = fixture.get(LimitSettings);
    await fixture.queue.claim(queue, 1, { workerId: randomUUID(), types: ['none'] });
    await fixture.get(Postgres).transaction(async (session) => {
      await settings.hold(session, queue);
      await settings.set(session, queue, limits && { ...NONE, ...limits });
    });
  };
  const takeAway = async (queue: string) => {
    await setLimits(queue, null);
    await fixture.get(LimitSettings).release(queue);
  };
  const parked = async (queue: string) =>
    (await fixture.rows('SELECT 1 FROM pgboss.job WHERE name = $1 AND blocked', [queue])).length;
  const fill = async (queue: string, limitKeys: readonly (string | undefined)[]) => {
    const jobs = await fixture.queue.enqueue(
      limitKeys.map((limitKey) => ({ type: 'task', payload: {}, queue, ...(limitKey ? { limitKey } : {}) })),
    );
    return jobs.map(({ job }) => job.id);
  };
  const look = async (queue: string, limit = 10) => {
    const times: number[] = [];
    const jobs = await fixture.claim(limit, { queue, lookAgain: (at) => times.push(at) });
    return { jobs, times };
  };
  const complete = (claim: Awaited<ReturnType<typeof look>>['jobs'][number]) =>
    fixture.settle(claim, { kind: 'completed', result: null });
  const databaseTime = async () =>
    Number((await fixture.rows('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms'))[0]!.ms);
  const startsSoon = (queue: string) => eventually(async () => (await look(queue)).jobs.length === 1, 3_000);

  test('let jobs start by a quick rate right away that was a slow one before', async () => {
    await setLimits('quicker', { rate: '1/day' });
    await fill('quicker', [undefined, undefined]);
    expect((await look('quicker')).jobs).toHaveLength(1);
    await setLimits('quicker', { rate: '10/second' });
    await startsSoon('quicker');
  });

  test('let jobs of a key start by a quick rate right away that was a slow one before', async () => {
    await setLimits('quicker-key', { per_key: { rate: '1/day', burst: 1, concurrency: null } });
    await fill('quicker-key', ['k', 'k']);
    expect((await look('quicker-key')).jobs).toHaveLength(1);
    await setLimits('quicker-key', { per_key: { rate: '10/second', burst: 1, concurrency: null } });
    await startsSoon('quicker-key');
  });

  test('go on after the clock of the database was turned back', async () => {
    await setLimits('turned', { rate: '10/second' });
    await fill('turned', [undefined, undefined]);
    expect((await look('turned')).jobs).toHaveLength(1);
    await fixture.rows(`UPDATE limit_states SET tat = tat + interval '1 hour' WHERE queue = 'turned'`);
    await startsSoon('turned');
  });

  test('of keys go on after the clock of the database was turned back', async () => {
    await setLimits('turned-key', { per_key: { rate: '10/second', burst: 1, concurrency: null } });
    await fill('turned-key', ['k', 'k']);
    expect((await look('turned-key')).jobs).toHaveLength(1);
    await fixture.rows(
      `UPDATE limit_states SET tat = tat + interval '1 hour', ready_at = ready_at + interval '1 hour'
       WHERE queue = 'turned-key'`,
    );
    await startsSoon('turned-key');
  });

  test('have nobody look again at once at a key whose job runs for long', async () => {
    await setLimits('long', ONE_AT_A_TIME);
    await fill('long', ['k', 'k']);
    expect((await look('long')).jobs).toHaveLength(1);
    await fixture.rows(`UPDATE limit_states SET ready_at = now() - interval '1 second' WHERE queue = 'long'`);
    await look('long');
    const { times } = await look('long');
    expect(times).toHaveLength(1);
    expect(times[0]! - (await databaseTime())).toBeGreaterThan(1_000);
  });

  test('of keys whose jobs run for long hold up no key that has room again', async () => {
    await setLimits('crowd', ONE_AT_A_TIME);
    const keys = Array.from({ length: 120 }, (_, index) => `k${index}`);
    await fill('crowd', [...keys, ...keys]);
    const started = [];
    for (let round = 0; round < 12; round++) started.push(...(await look('crowd', 50)).jobs);
    expect(started).toHaveLength(120);
    const { limit_key: opened } = await fixture.row(started[0]!.id);
    await fixture.rows(
      `UPDATE limit_states SET ready_at = now() - interval '1 second' WHERE queue = 'crowd' AND key <> $1`,
      [opened],
    );
    await complete(started[0]!);
    await startsSoon('crowd');
  });

  test('of keys let those behind start when somebody holds the first in line', async () => {
    await setLimits('held', { concurrency: 100, ...ONE_AT_A_TIME });
    const ids = await fill(
      'held',
      Array.from({ length: 60 }, () => undefined),
    );
    const client = await fixture.database.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM jobs WHERE id = ANY($1) ORDER BY id FOR UPDATE', [ids.slice(0, 50)]);
      expect((await look('held')).jobs.map(({ id }) => id)).toEqual(ids.slice(50));
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });

  test('of keys are taken away although somebody holds a job that was put aside', async () => {
    await setLimits('taken', ONE_AT_A_TIME);
    const ids = await fill('taken', ['k', 'k', 'k']);
    await look('taken');
    const client = await fixture.database.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM pgboss.job WHERE id = $1 FOR UPDATE', [ids[1]]);
      await takeAway('taken');
      expect((await look('taken')).jobs.map(({ id }) => id)).toEqual(ids.slice(2));
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
    await fixture.get(LimitSettings).sweep();
    expect((await look('taken')).jobs.map(({ id }) => id)).toEqual(ids.slice(1, 2));
    expect(await fixture.rows(`SELECT 1 FROM limit_states WHERE queue = 'taken' AND key <> ''`)).toEqual([]);
  });

  test('of keys are taken away however much was put aside, and whoever dies before all of it is back in line', async () => {
    await setLimits('many', ONE_AT_A_TIME);
    for (let batch = 0; batch < 3; batch++)
      await fill(
        'many',
        Array.from({ length: 2_000 }, () => 'k'),
      );
    for (let round = 0; round < 5; round++) await look('many');
    expect(await parked('many')).toBe(5_999);
    await setLimits('many', null);
    await fixture.rows(`UPDATE pgboss.job SET created_on = created_on - interval '1 minute'`);
    await fixture.get(Mender).mend();
    expect(await parked('many')).toBe(5_999);
    await fixture.get(LimitSettings).sweep();
    expect(await parked('many')).toBe(0);
    expect((await look('many')).jobs).toHaveLength(10);
  });

  test('of keys that are set again meanwhile keep what is put aside', async () => {
    await setLimits('again', ONE_AT_A_TIME);
    await fill('again', ['k', 'k', 'k']);
    await look('again');
    await setLimits('again', null);
    await setLimits('again', ONE_AT_A_TIME);
    await fixture.get(LimitSettings).release('again');
    await fixture.get(LimitSettings).sweep();
    expect((await look('again')).jobs).toEqual([]);
    expect(await parked('again')).toBe(2);
  });
});
