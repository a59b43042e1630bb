import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { Metrics } from '../support/metrics.js';
import { FIXTURE_APP, type ProductProcess } from '../support/product.js';
import { RunningProgram } from '../support/running-program.js';
import { type App, startApp } from '../support/start-app.js';
import { busyMetricsPort, portOf } from '../support/worker-port.js';

describe('a worker that ends by itself', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('drain', { program: FIXTURE_APP, workers: 0, environment: { WORKER_TIMEOUT: '4' } });
    await app.database.pool.query(
      'CREATE TABLE signals (job_id uuid, reason text, at timestamptz DEFAULT clock_timestamp())',
    );
  });
  afterAll(() => app?.stop());

  const submit = async (job: object): Promise<string> => (await app.client.post('/jobs', job)).body.job_id;
  const exitOf = (worker: ProductProcess, withinMs?: number) =>
    eventually(
      () => (worker.child.exitCode === null ? undefined : { code: worker.child.exitCode }),
      withinMs,
    );
  const rowOf = async (worker: ProductProcess) =>
    (await app.database.pool.query('SELECT * FROM workers WHERE pid = $1', [worker.child.pid])).rows[0];
  /** As POST /workers/{id}/drain does it. */
  const drain = async (id: string, tell = true) => {
    await app.database.pool.query('UPDATE workers SET drain_requested_at = now() WHERE id = $1', [id]);
    const notice = JSON.stringify({ ready: [], due: {}, workers: [id] });
    if (tell) await app.database.pool.query(`SELECT pg_notify('roundhouse_wakeups', $1)`, [notice]);
  };

  test('when it is drained takes no more jobs, finishes those it runs, and ends with 0', async () => {
    const worker = await app.addWorker();
    const running = await submit({ type: 'sleep', payload: { ms: 4_000 } });
    await app.jobWith('PROCESSING', running);
    await drain((await rowOf(worker)).id);
    await eventually(
      () => worker.output().includes('no more jobs are taken, and 1 are finished first'),
      1_000,
    );
    const waiting = await submit({ type: 'sleep', payload: {} });
    expect(await exitOf(worker)).toEqual({ code: 0 });
    await worker.says('Asked to drain');
    expect(await app.jobWith('COMPLETED', running)).toMatchObject({ attempts: 1 });
    expect(await app.jobWith('PENDING', waiting)).toMatchObject({ attempts: 0 });
    expect(await rowOf(worker)).toMatchObject({ stopped_at: expect.any(Date), busy: 0 });
    await app.client.post(`/jobs/${waiting}/cancel`);
  });

  test('hears of it at its next beat when the notice is lost', async () => {
    const worker = await app.addWorker();
    await drain((await rowOf(worker)).id, false);
    expect(await exitOf(worker, 8_000)).toEqual({ code: 0 });
  });

  test('says who it is, what it can run and what it does', async () => {
    const worker = await app.addWorker({ WORKER_CONCURRENCY: '7', STALLED_WORKER_TIMEOUT: '5' });
    expect(await rowOf(worker)).toMatchObject({ slots: 7, stuck: 0, drain_requested_at: null });
    expect((await rowOf(worker)).types).toEqual(expect.arrayContaining(['echo', 'sleep', 'write_once']));
    await Promise.all([1, 2].map(() => submit({ type: 'sleep', payload: { ms: 6_000 } })));
    await eventually(async () => (await rowOf(worker)).busy === 2, 6_000);
    await worker.stop();
  });

  test('counts handlers that are stuck, also one that ends after all, and is replaced at half of its slots', async () => {
    const busy = await busyMetricsPort();
    const worker = await app.addWorker({
      WORKER_CONCURRENCY: '4',
      WORKER_METRICS_PORT: String(busy.port),
      STALLED_WORKER_TIMEOUT: '5',
    });
    const url = await portOf(worker);
    busy.free();
    const gauge = async () => (await Metrics.of(url)).value('worker_stuck_handlers');
    const stick = (ignore: number) =>
      submit({ type: 'wait', payload: { ignore }, timeout: 1, max_attempts: 1 });
    expect(await gauge()).toBe(0);

    const late = await stick(9_000);
    expect(await app.jobWith('FAILED', late)).toMatchObject({ attempts: 1 });
    expect(await gauge()).toBe(1);
    await eventually(async () => (await rowOf(worker)).stuck === 1);
    await eventually(async () => (await gauge()) === 0);
    await worker.says('has ended after all');
    expect(worker.child.exitCode).toBeNull();

    const stuck = [await stick(60_000), await stick(60_000)];
    await Promise.all(stuck.map((id) => app.jobWith('PROCESSING', id)));
    const healthy = await submit({ type: 'sleep', payload: { ms: 7_000 } });
    for (const id of stuck) await app.jobWith('FAILED', id);
    expect(await exitOf(worker)).toEqual({ code: 1 });
    await worker.says('2 handlers are stuck in 4 slots');
    expect(await app.jobWith('COMPLETED', healthy)).toMatchObject({ attempts: 1 });
  });

  test('is started afresh by the launcher', async () => {
    const home = mkdtempSync(join(tmpdir(), 'roundhouse-drain-'));
    const launcher = RunningProgram.node(['dist/src/main.js'], {
      ROUNDHOUSE_HOME: home,
      ROLE: 'all',
      PORT: '0',
      WORKER_METRICS_PORT: '0',
      PERIODIC_TASKS_ENABLED: 'false',
      DATABASE_URL: app.database.url,
    });
    try {
      await launcher.says(/^Roundhouse is ready/m);
      const { rows } = await app.database.pool.query('SELECT id FROM workers WHERE stopped_at IS NULL');
      await drain(rows[0].id);
      await launcher.says(/^The worker has drained and ended; starting it again in 0\.5 s\.$/m);
      await launcher.says(/^The worker is ready again\.$/m);
      const { rows: fresh } = await app.database.pool.query(
        'SELECT id FROM workers WHERE stopped_at IS NULL',
      );
      expect(fresh).toHaveLength(1);
      expect(fresh[0].id).not.toBe(rows[0].id);
    } finally {
      launcher.kill('SIGTERM');
      await launcher.exited;
      rmSync(home, { recursive: true, force: true });
    }
  });
});
