import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { firstIdAt } from '../../src/common/index.js';
import { Mender } from '../../src/queue/index.js';
import { COMPLETE_AND_LEAVE, COMPLETE_PLAIN_JOBS } from '../../src/queue/settle/settle.sql.js';
import { DELETE_OLD_DELIVERIES } from '../../src/worker/housekeeping.sql.js';
import { type TestQueue, startQueue } from '../support/queue.js';

const error = { name: 'Error', message: 'no' };
const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

describe('what jobs tell of their ends', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('webhook_events', { environment: { WEBHOOK_SIGNING_SECRET: secret } });
  });
  beforeEach(() =>
    fixture.database.pool.query(
      'TRUNCATE jobs, job_events, job_keys, job_locks, job_dependencies, webhooks, webhook_deliveries, pgboss.job',
    ),
  );
  afterAll(() => fixture?.stop());

  const listen = (settings: { queues?: string[]; enabled?: boolean } = {}) =>
    fixture.rows(
      `INSERT INTO webhooks (id, url, events, queues, secret, enabled, disabled_at, disabled_reason)
       VALUES ($1, 'https://hooks.example/', '{job.completed,job.failed,job.cancelled}', $2, '', $3,
               CASE WHEN NOT $3 THEN now() END, CASE WHEN NOT $3 THEN 'test' END)`,
      [randomUUID(), settings.queues ?? null, settings.enabled ?? true],
    );
  /** What was told of whom; each has a job with a ticket that delivers it. */
  const told = async () => {
    const rows = await fixture.rows(`
      SELECT d.event, d.subject_id FROM webhook_deliveries d
      JOIN jobs j ON j.id = d.id AND j.type = 'deliver_webhook' AND j.queue = 'webhooks' AND j.status = 'PENDING'
      JOIN pgboss.job t ON t.id = d.id AND t.name = 'webhooks' ORDER BY d.id`);
    const [count] = await fixture.rows('SELECT count(*)::int AS n FROM webhook_deliveries');
    expect(rows).toHaveLength(count!.n);
    return rows.map(({ event, subject_id }) => `${event} ${subject_id}`);
  };
  const started = () => fixture.started();

  test('is nothing while nobody listens', async () => {
    await listen({ enabled: false });
    await listen({ queues: ['elsewhere'] });
    await fixture.settle(await started(), { kind: 'completed', result: 1 });
    await fixture.settle(await started(), { kind: 'failed', error, permanent: true });
    expect(await told()).toEqual([]);
  });

  test('is told of every outcome that ends a job, and of none that does not', async () => {
    await listen();
    const jobs = [
      await started(),
      await started(),
      await started(),
      await started(),
      await started(),
    ] as const;
    await fixture.settle(jobs[0], { kind: 'completed', result: 1 });
    await fixture.settle(jobs[1], { kind: 'failed', error, permanent: true });
    await fixture.settle(jobs[2], { kind: 'cancelled' });
    const lost = { ...jobs[3], interruptionsAlone: 99 };
    await fixture.settle(lost, { kind: 'interrupted', error, evidence: 'alone' });
    await fixture.settle(jobs[4], { kind: 'failed', error });
    expect(await told()).toEqual([
      `job.completed ${jobs[0].id}`,
      `job.failed ${jobs[1].id}`,
      `job.cancelled ${jobs[2].id}`,
      `job.failed ${jobs[3].id}`,
    ]);
    // An answer that was lost, and a result that comes too late, tell nothing again.
    await fixture.settle(jobs[0], { kind: 'completed', result: 1 });
    await fixture.settle(jobs[1], { kind: 'completed', result: 1 });
    expect(await told()).toHaveLength(4);
  });

  test('is told exactly when the transaction commits that ends the job', async () => {
    await listen();
    const [kept, undone] = [await started(), await started()];
    const complete = (claim: typeof kept, fail: boolean) =>
      fixture.get(DataSource).transaction(async (manager) => {
        await fixture.queue.settleWithin(manager, [{ claim, outcome: { kind: 'completed', result: 1 } }]);
        if (fail) throw new Error('changed its mind');
      });
    await complete(kept, false);
    await expect(complete(undone, true)).rejects.toThrow('changed its mind');
    expect(await told()).toEqual([`job.completed ${kept.id}`]);
  });

  test('is told of whoever is cancelled with a job that it depends on, in whatever moment', async () => {
    await listen();
    const parent = await fixture.enqueue({ delayMs: 3_600_000 });
    const child = await fixture.enqueue({ dependsOn: [parent.id] });
    await fixture.queue.cancel([parent.id], 'somebody');
    const late = await fixture.enqueue({ dependsOn: [parent.id] });
    expect(await told()).toEqual([parent, child, late].map(({ id }) => `job.cancelled ${id}`));
  });

  test('is told of a job that somebody has ended in its table, once that is mended', async () => {
    await listen();
    const job = await started();
    await fixture.rows(`UPDATE jobs SET status = 'FAILED' WHERE id = $1`, [job.id]);
    await fixture.get(Mender).mend();
    expect(await told()).toEqual([`job.failed ${job.id}`]);
  });

  test('goes to the callback of a job alone when nobody else listens', async () => {
    const [told7, silent] = await fixture.queue.enqueue([
      { type: 'task', payload: {}, callbackUrl: 'https://hooks.example/7' },
      { type: 'task', payload: {} },
    ]);
    const claimed = await fixture.claim();
    for (const claim of claimed)
      await fixture.settle(claim, { kind: 'completed', result: 'x'.repeat(20_000) });
    expect([told7!.job.callbackUrl, silent!.job.callbackUrl]).toEqual(['https://hooks.example/7', null]);
    const [delivery, ...more] = await fixture.rows('SELECT * FROM webhook_deliveries');
    expect(more).toEqual([]);
    expect(delivery).toMatchObject({ subject_id: told7!.job.id, callback_url: 'https://hooks.example/7' });
    expect(JSON.parse(delivery!.body).data.result).toEqual({
      truncated: true,
      bytes: 20_002,
      preview: `"${'x'.repeat(999)}`,
    });
  });

  test('is forgotten after the time of retention, unless it is still to be delivered', async () => {
    const [then, now] = [new Date('2026-01-01'), new Date()];
    const add = (at: Date, status: string, job?: string) =>
      fixture.rows(
        `WITH delivery AS (
           INSERT INTO webhook_deliveries (id, event_id, event, callback_url, body, status, finished_at)
           VALUES ($1, 'evt', 'job.failed', 'https://hooks.example/', '', $2, CASE WHEN $2 <> 'pending' THEN now() END))
         INSERT INTO jobs (id, type, queue, status, payload, finished_at)
         SELECT $1, 'deliver_webhook', 'webhooks', $3::job_status, '{}', CASE WHEN $3 <> 'PENDING' THEN now() END
         WHERE $3 IS NOT NULL`,
        [firstIdAt(at).replace(/.{4}$/, randomUUID().slice(0, 4)), status, job ?? null],
      );
    await add(then, 'delivered', 'COMPLETED');
    await add(then, 'pending', 'CANCELLED');
    await add(then, 'pending');
    await add(then, 'pending', 'PENDING');
    await add(now, 'delivered', 'COMPLETED');
    const { rowCount } = await fixture.database.pool.query(DELETE_OLD_DELIVERIES, [
      firstIdAt(new Date('2026-02-01')),
      10,
    ]);
    expect(rowCount).toBe(3);
  });

  test('is refused where it may not go', async () => {
    await expect(fixture.enqueue({ callbackUrl: 'https://127.0.0.1/' })).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining('callback_url leads to a loopback address'),
    });
  });

  test('leaves the statements that complete jobs to look those up, whatever the planner knows of the table', async () => {
    await fixture.rows(
      `INSERT INTO jobs (id, type, queue, status, payload, attempts)
       SELECT gen_random_uuid(), 'task', 'default', 'PROCESSING', '{}', 1 FROM generate_series(1, 2000)`,
    );
    const client = await fixture.database.pool.connect();
    try {
      await client.query(`
        SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_bitmapscan = off;
        SET enable_sort = off; SET plan_cache_mode = force_generic_plan`);
      for (const { text } of [COMPLETE_PLAIN_JOBS, COMPLETE_AND_LEAVE]) {
        const { rows } = await client.query({ text: `EXPLAIN ${text}`, values: [[], [], [], '200'] });
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        expect(plan).toMatch(/Index Scan using "PK_jobs" on jobs j .*\n *Index Cond: \(id = i\.id\)/);
        expect(plan.match(/webhooks/g)).toHaveLength(3);
      }
    } finally {
      client.release(true);
    }
  });
});
