import type { INestApplicationContext } from '@nestjs/common';
import { ADVISORY_LOCKS, TRY_ADVISORY_LOCK } from '../../src/database/advisory-locks.js';
import { Retention } from '../../src/queue/index.js';
import { insertFailedJobs } from '../support/failed-jobs.js';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';

const DONE = { kind: 'completed', result: null } as const;
const FAILED = { kind: 'failed', error: { name: 'Error', message: 'no' }, permanent: true } as const;
const ALWAYS = ['COMPLETED', 'CANCELLED', 'FAILED'] as const;

describe('old jobs', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('retention');
  });
  beforeEach(() =>
    fixture.rows('TRUNCATE jobs, job_events, job_keys, job_locks, job_dependencies, job_logs, pgboss.job'),
  );
  afterAll(() => fixture?.stop());

  const age = (days: number) =>
    fixture.rows(
      `UPDATE jobs SET finished_at = finished_at - $1 * interval '1 day', created_at = created_at - $1 * interval '1 day'`,
      [days],
    );
  const left = async () => (await fixture.rows('SELECT id FROM jobs ORDER BY id')).map(({ id }) => id);
  const one = async (outcome: typeof DONE | typeof FAILED, queue = 'default') => {
    const job = await fixture.started({ queue });
    await fixture.settle(job, outcome);
    return job.id;
  };
  const cancelled = async () => {
    const { id } = await fixture.enqueue();
    await fixture.queue.cancel([id], 'ada');
    return id;
  };
  const sweepWith = async (environment: Record<string, string>) => {
    let app: INestApplicationContext | undefined;
    try {
      app = await startProcess(fixture.database.url, { environment });
      return await app.get(Retention).sweep();
    } finally {
      await app?.close();
    }
  };

  test.each([
    ['never', {}, ['completed', 'cancelled', 'failed']],
    ['successful', { DELETE_JOBS: 'successful' }, ['failed']],
    ['always', { DELETE_JOBS: 'always' }, []],
    ['always, later', { DELETE_JOBS: 'always', RETENTION_DAYS: '32' }, ['completed', 'cancelled', 'failed']],
  ])('are deleted %s, and what waits or runs never', async (_, environment, expected) => {
    const ids: Record<string, string> = {
      completed: await one(DONE, 'mail'),
      cancelled: await cancelled(),
      failed: await one(FAILED),
    };
    const running = await fixture.started();
    const blocked = await fixture.enqueue({ dependsOn: [running.id] });
    const waiting = [
      running,
      blocked,
      await fixture.enqueue(),
      await fixture.enqueue({ delayMs: 3_600_000 }),
    ];
    await age(31);
    await fixture.rows(`UPDATE jobs SET created_at = created_at - interval '1 year'`);
    const fresh = [await one(DONE), await cancelled()];
    expect(await sweepWith(environment)).toBe(3 - expected.length);
    const stay = [...expected.map((name) => ids[name]), ...fresh, ...waiting.map(({ id }) => id)];
    expect(await left()).toEqual(expect.arrayContaining(stay));
    expect(await left()).toHaveLength(stay.length);
  });

  test('that somebody revived in psql stay, whatever they say of their end', async () => {
    const id = await one(FAILED);
    await age(31);
    await fixture.rows(`UPDATE jobs SET status = 'PENDING'`);
    expect(await fixture.get(Retention).purge(ALWAYS, 30)).toBe(0);
    expect(await left()).toEqual([id]);
  });

  test('take their history and logs along; their idempotency keys go on answering, their locks are free', async () => {
    const job = await fixture.started({ lock: 'L', idempotency: { key: 'I', fingerprint: 'f' } });
    await fixture.rows(
      `INSERT INTO job_logs (job_id, attempt, at, level, message) VALUES ($1, 1, now(), 'info', 'x')`,
      [job.id],
    );
    await fixture.rows('INSERT INTO job_progress (job_id, attempt, percent, at) VALUES ($1, 1, 50, now())', [
      job.id,
    ]);
    await fixture.settle(job, DONE);
    await age(31);
    expect(await fixture.get(Retention).purge(ALWAYS, 30)).toBe(1);
    for (const table of ['jobs', 'job_events', 'job_logs', 'job_progress', 'job_locks'])
      expect(await fixture.rows(`SELECT 1 FROM ${table}`)).toEqual([]);
    const [again] = await fixture.queue.enqueue([
      { type: 'task', payload: {}, idempotency: { key: 'I', fingerprint: 'f' } },
    ]);
    expect(again).toMatchObject({ created: false, replayed: true, job: { id: job.id, status: 'COMPLETED' } });
  });

  test('stay while an unfinished job depends on them, and while they hold a unique key for a time', async () => {
    const [parent, other] = [await fixture.started(), await fixture.started()];
    const child = await fixture.enqueue({ dependsOn: [parent.id, other.id] });
    const unique = { key: 'U', while: { seconds: 60 * 86_400 }, onConflict: 'return' } as const;
    const holder = await fixture.started({ unique });
    for (const claim of [parent, holder]) await fixture.settle(claim, DONE);
    await age(31);
    expect(await fixture.get(Retention).purge(ALWAYS, 30)).toBe(0);
    expect((await fixture.enqueue({ unique })).id).toBe(holder.id);
    await fixture.settle(other, DONE);
    await fixture.settle((await fixture.claim())[0]!, DONE);
    await age(31);
    await fixture.rows(`UPDATE job_keys SET expires_at = now() - interval '1 second' WHERE kind = 'unique'`);
    // The parents once their dependent has ended, in whatever order they go.
    expect(await fixture.get(Retention).purge(ALWAYS, 30)).toBe(4);
    expect(await left()).not.toContain(child.id);
    expect(await fixture.rows('SELECT 1 FROM job_dependencies')).toEqual([]);
  });

  test('go in batches, by one process at a time, past rows that somebody holds', async () => {
    await fixture.rows(
      `INSERT INTO jobs (id, type, queue, status, payload, finished_at)
       SELECT gen_random_uuid(), 'task', 'default', 'COMPLETED', '{}', now() - interval '31 days'
       FROM generate_series(1, 2500)`,
    );
    const other = await fixture.database.pool.connect();
    await other.query('BEGIN');
    await other.query(TRY_ADVISORY_LOCK, [ADVISORY_LOCKS.retention]);
    expect(await fixture.get(Retention).purge(ALWAYS, 30)).toBe(0);
    await other.query('ROLLBACK');
    await other.query('BEGIN');
    await other.query('SELECT 1 FROM jobs LIMIT 1 FOR UPDATE');
    expect(await fixture.get(Retention).purge(ALWAYS, 30)).toBe(2_499);
    await other.query('ROLLBACK');
    other.release();
    expect(await fixture.get(Retention).purge(ALWAYS, 30)).toBe(1);
  });

  test('go in numbers, also in a session that made its plans when there were next to none', async () => {
    const client = await fixture.database.pool.connect();
    const store = (count: number) => insertFailedJobs(fixture.database.pool, count, { status: 'PENDING' });
    try {
      for (let turn = 0; turn < 8; turn++) {
        await client.query(
          'VACUUM ANALYZE jobs, job_events, job_keys, job_dependencies, job_logs, job_progress',
        );
        await store(2);
        await client.query('DELETE FROM jobs');
      }
      await store(5_000);
      await client.query(
        `UPDATE jobs SET status = 'CANCELLED', finished_at = now(), last_event = 'cancelled'`,
      );
      // A plan that compares each job with each event takes half a minute.
      await client.query(`SET statement_timeout = '5s'`);
      expect((await client.query('DELETE FROM jobs')).rowCount).toBe(5_000);
      expect(await fixture.rows('SELECT FROM job_events')).toEqual([]);
      await client.query('RESET statement_timeout');
    } finally {
      client.release();
    }
  });
});
