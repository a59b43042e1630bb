import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { Metrics } from '../support/metrics.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';
import { busyMetricsPort, portOf } from '../support/worker-port.js';

const MINUTE_MS = 60_000;

describe('somebody at work in psql while a worker runs', () => {
  let app: App;
  let metricsUrl: string;
  beforeAll(async () => {
    app = await startApp('hands', { program: FIXTURE_APP, workers: 0 });
    const busy = await busyMetricsPort();
    const worker = await app.addWorker({ WORKER_METRICS_PORT: String(busy.port), WORKER_CONCURRENCY: '4' });
    metricsUrl = await portOf(worker);
    busy.free();
  });
  afterAll(() => app?.stop());

  const psql = (sql: string, values?: unknown[]) => app.database.pool.query(sql, values);
  const submit = async (job: object): Promise<string> => (await app.client.post('/jobs', job)).body.job_id;

  test('is followed up within a minute, and told by kind in the log, the metrics and the history', async () => {
    const paused = 'paused';
    await submit({ type: 'echo', payload: {}, queue: paused });
    await app.client.post(`/queues/${paused}/pause`, {});
    const [cut, moved, child] = [
      await submit({ type: 'echo', payload: {}, queue: paused }),
      await submit({ type: 'echo', payload: {}, queue: paused }),
      await submit({ type: 'echo', payload: {}, queue: paused, lock: 'L' }),
    ];
    const dependent = await submit({ type: 'echo', payload: {}, depends_on: [child] });
    const behind = await submit({ type: 'echo', payload: {}, lock: 'L' });
    const inserted = randomUUID();
    const running = await submit({ type: 'sleep', payload: { ms: 20_000 } });
    await app.jobWith('PROCESSING', running);

    await psql(`DELETE FROM pgboss.job WHERE id = $1`, [cut]);
    await psql(`UPDATE jobs SET queue = 'default' WHERE id = $1`, [moved]);
    await psql(`UPDATE jobs SET status = 'COMPLETED' WHERE id = $1`, [child]);
    await psql(`INSERT INTO jobs (id, type, queue, payload) VALUES ($1, 'echo', 'default', '{}')`, [
      inserted,
    ]);
    await psql('UPDATE jobs SET worker_id = NULL WHERE id = $1', [running]);

    for (const id of [moved, dependent, behind, inserted]) await app.jobWith('COMPLETED', id, MINUTE_MS);
    await app.client.post(`/queues/${paused}/resume`, {});
    await app.jobWith('COMPLETED', cut, MINUTE_MS);
    expect(await app.jobWith('COMPLETED', running, MINUTE_MS)).toMatchObject({ attempts: 1 });

    const output = app.workers[0]!.output();
    expect(output).toMatch(new RegExp(`Mended 1 ended_by_hand: .*${child}`));
    expect(output).toMatch(/Mended 2 lost_ticket: jobs that had lost their place in line got another one/);
    const metrics = await Metrics.of(metricsUrl);
    const mended = (kind: string) => metrics.value(`jobs_mended_total{kind="${kind}"}`);
    expect([mended('ended_by_hand'), mended('lost_ticket'), mended('jumped_lock')]).toEqual([1, 2, 0]);
    const { body } = await app.client.get(`/jobs/${cut}/events`);
    expect(body.events.map((event: any) => event.event)).toContain('mended');
  });

  test('DELETE_JOBS takes old jobs away within a minute, and counts them', async () => {
    const id = await submit({ type: 'echo', payload: {} });
    await app.jobWith('COMPLETED', id);
    await psql(`UPDATE jobs SET finished_at = finished_at - interval '2 days' WHERE id = $1`, [id]);
    const worker = await app.addWorker({ DELETE_JOBS: 'successful', RETENTION_DAYS: '1' });
    await eventually(async () => (await app.client.get(`/jobs/${id}`)).status === 404, MINUTE_MS);
    const told = 'Deleted 1 jobs that finished more than 1 days ago (1 COMPLETED)';
    await eventually(() => worker.output().includes(told));
  });
});
