import { eventually } from '../support/eventually.js';
import { Client } from '../support/http.js';
import { FIXTURE_APP, startProduct } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const SOON = { STALLED_WORKER_TIMEOUT: '5' };

describe('after kill -9', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('crash', { program: FIXTURE_APP, workers: 3, environment: SOON });
  });
  afterAll(() => app?.stop());

  const submit = async (job: object): Promise<string> => (await app.client.post('/jobs', job)).body.job_id;

  test('of a worker, or an error that nobody catches, its job is completed by another, with both attempts on record', async () => {
    const killed = await submit({ type: 'sleep', payload: { ms: 60_000, times: 1 } });
    const victim = await app.workerOf(killed);
    await victim.stop('SIGKILL');
    const strayed = await submit({ type: 'stray_error', payload: {} });
    const fallen = await app.workerOf(strayed);
    await eventually(() => fallen.child.exitCode === 1);
    await fallen.says('nobody catches this');

    const survivor = app.workers.find((worker) => worker !== victim && worker !== fallen)!;
    for (const id of [killed, strayed]) {
      const job = await app.jobWith('COMPLETED', id, 30_000);
      expect(job).toMatchObject({ attempts: 2, max_attempts: 4, error_message: null });
      const [first, second] = (await app.client.get(`/jobs/${id}/attempts`)).body.attempts;
      const message = `Worker ${first.worker_id} stopped responding during attempt 1`;
      expect(first).toMatchObject({ number: 1, outcome: 'interrupted', error: { message } });
      expect(second).toMatchObject({
        number: 2,
        worker_id: job.worker_id,
        outcome: 'completed',
        error: null,
      });
      expect(second.worker_id).not.toBe(first.worker_id);
      await survivor.says(/Found \d stalled jobs, retrying\.\.\./);
      await survivor.says(`Successfully retried stalled job ${id}`);
    }
    const { workers } = (await app.client.get('/workers')).body;
    const gone = workers.find(({ pid }: { pid: number }) => pid === victim.child.pid);
    expect(gone).toMatchObject({ state: 'lost', busy: 0, job_ids: [] });
  });

  test('of everything, every job ends once everything runs again', async () => {
    const running = await Promise.all(
      [1, 2, 3].map(() => submit({ type: 'sleep', payload: { ms: 60_000, times: 1 } })),
    );
    for (const id of running) await app.jobWith('PROCESSING', id);
    const retrying = await submit({
      type: 'fail',
      payload: { times: 1 },
      backoff: { base_delay: 2, jitter: 0 },
    });
    const scheduled = await submit({ payload: {}, schedule_in: 2 });
    const waiting = await Promise.all(
      Array.from({ length: 20 }, () => submit({ type: 'echo', payload: {} })),
    );
    await Promise.all([app.api, ...app.workers].map((process) => process.stop('SIGKILL')));

    const [api, worker] = await Promise.all([
      startProduct('api', app.database.url, {}, FIXTURE_APP),
      startProduct('worker', app.database.url, SOON, FIXTURE_APP),
    ]);
    const client = new Client(api.ready);
    const all = [...running, retrying, scheduled, ...waiting];
    const { body } = await client.get('/jobs?limit=200');
    expect(body.jobs.map((job: any) => job.job_id)).toEqual(expect.arrayContaining(all));
    await eventually(async () => {
      const { body: completed } = await client.get('/jobs?status=COMPLETED&limit=200');
      return completed.jobs.filter((job: any) => all.includes(job.job_id)).length === all.length;
    });
    const { rows } = await app.database.pool.query(`
      SELECT count(*)::int AS jobs FROM jobs j
      WHERE attempts <> (SELECT count(*) FROM job_events e WHERE e.job_id = j.id AND e.event = 'started')
         OR 1 <> (SELECT count(*) FROM job_events e WHERE e.job_id = j.id AND e.event = 'completed')`);
    expect(rows).toEqual([{ jobs: 0 }]);
    expect(await worker.stop()).toBe(0);
    expect(await api.stop()).toBe(0);
  });
});
