import { QueueService } from '../../src/queue/index.js';
import { SOON_MS, eventually } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import { startProcess } from '../support/queue.js';
import { type App, startApp } from '../support/start-app.js';

describe('the cancellation of a running job', () => {
  let app: App;
  let operator: Awaited<ReturnType<typeof startProcess>>;
  beforeAll(async () => {
    app = await startApp('cancel signal', {
      program: FIXTURE_APP,
      workers: 2,
      // Neither can run all the jobs of a test.
      environment: { WORKER_TIMEOUT: '8', WORKER_CONCURRENCY: '5' },
    });
    await app.database.pool.query(
      'CREATE TABLE signals (job_id uuid, reason text, at timestamptz DEFAULT clock_timestamp())',
    );
    operator = await startProcess(app.database.url);
  });
  afterAll(async () => {
    await operator?.close();
    await app?.stop();
  });

  const submit = async (payload: object = {}): Promise<string> =>
    (await app.client.post('/jobs', { type: 'wait', payload })).body.job_id;
  const cancel = (id: string) => operator.get(QueueService).cancel([id], 'anonymous');
  const signalOf = async (id: string) =>
    (await app.database.pool.query('SELECT reason, at FROM signals WHERE job_id = $1', [id])).rows[0];
  const outcomesOf = async (id: string) =>
    (await app.client.get(`/jobs/${id}/attempts`)).body.attempts.map((attempt: any) => attempt.outcome);
  const requestedAt = async (id: string): Promise<Date> =>
    (await app.database.pool.query('SELECT cancel_requested_at FROM jobs WHERE id = $1', [id])).rows[0]
      .cancel_requested_at;

  test('fires its signal within a second on whichever worker, and it ends CANCELLED however its handler ends', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, (_, n) => submit(n % 2 ? { fails: true } : {})));
    for (const id of ids) await app.jobWith('PROCESSING', id);
    for (const id of ids) await cancel(id);
    for (const id of ids) {
      expect(await app.jobWith('CANCELLED', id)).toMatchObject({ attempts: 1, result: null });
      expect(await outcomesOf(id)).toEqual(['cancelled']);
      const { reason, at } = await signalOf(id);
      expect(reason).toBe('cancel');
      expect(at.getTime() - (await requestedAt(id)).getTime()).toBeLessThan(SOON_MS);
    }
    const { rows } = await app.database.pool.query('SELECT DISTINCT worker_id FROM jobs');
    expect(rows).toHaveLength(2);
  });

  test('of a job that has just been claimed is not missed', async () => {
    const ids: string[] = [];
    for (let round = 0; round < 20; round++) {
      const id = await submit();
      ids.push(id);
      const { pool } = app.database;
      await eventually(
        async () => (await pool.query(`SELECT 1 FROM jobs WHERE id = $1 AND attempts = 1`, [id])).rows.length,
      );
      await cancel(id);
    }
    for (const id of ids) {
      await app.jobWith('CANCELLED', id);
      const signal = await signalOf(id);
      expect(signal.at.getTime() - (await requestedAt(id)).getTime()).toBeLessThan(SOON_MS);
    }
  });

  test('takes its slot from a handler that ignores it, after 5 s', async () => {
    const id = await submit({ ignore: 7_000 });
    await app.jobWith('PROCESSING', id);
    await cancel(id);
    await app.jobWith('CANCELLED', id);
    const { body } = await app.client.get(`/jobs/${id}`);
    const took = Date.parse(body.finished_at) - (await requestedAt(id)).getTime();
    expect(took).toBeGreaterThanOrEqual(5_000);
    expect(took).toBeLessThan(5_000 + SOON_MS);
    await eventually(() =>
      app.workers.some((worker) => worker.output().includes('ignored its abort signal')),
    );
  });

  test('is heard without a notice too, at the next beat', async () => {
    const id = await submit();
    await app.jobWith('PROCESSING', id);
    await app.database.pool.query(
      `UPDATE jobs SET cancel_requested_at = now(), updated_at = now(), last_event = 'cancel_requested' WHERE id = $1`,
      [id],
    );
    await app.jobWith('CANCELLED', id, 8_000);
    expect(await signalOf(id)).toMatchObject({ reason: 'cancel' });
  });

  test('is heard by a worker that stops, also', async () => {
    const ids = await Promise.all([submit(), submit(), submit(), submit()]);
    for (const id of ids) await app.jobWith('PROCESSING', id);
    const stopped = Promise.all(app.workers.map((worker) => worker.stop()));
    await eventually(() => app.workers.every((worker) => worker.output().includes('no more jobs are taken')));
    for (const id of ids) await cancel(id);
    for (const id of ids) expect(await app.jobWith('CANCELLED', id, 1_500)).toMatchObject({ attempts: 1 });
    expect(await stopped).toEqual([0, 0]);
  });
});
