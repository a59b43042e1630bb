import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

describe('GET /jobs/{id}/explain', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('explain', {
      program: FIXTURE_APP,
      environment: { WORKER_QUEUES: 'default:1,reports:1', WORKER_TIMEOUT: '1' },
    });
  });
  afterAll(() => app?.stop());

  const submit = async (job: object): Promise<string> =>
    (await app.client.post('/jobs', { payload: {}, ...job })).body.job_id;
  const explain = async (id: string) => {
    const { status, body } = await app.client.get(`/jobs/${id}/explain`);
    expect([status, body.job_id]).toEqual([200, id]);
    return body;
  };

  test('follows a job through its life', async () => {
    const running = await submit({ type: 'sleep', payload: { ms: 60_000 } });
    await app.jobWith('PROCESSING', running);
    const next = await submit({ priority: 2 });
    const last = await submit({ priority: 3 });
    const scheduled = await submit({ scheduled_at: '2099-01-01T00:00:00Z' });
    expect(await explain(running)).toMatchObject({
      status: 'PROCESSING',
      reasons: [{ code: 'running', attempt: 1, worker_id: expect.any(String) }],
    });
    expect(await explain(next)).toMatchObject({
      status: 'PENDING',
      reasons: [{ code: 'in_line', ahead: 0, workers: 1 }],
    });
    expect((await explain(last)).reasons).toMatchObject([{ code: 'in_line', ahead: 1 }]);
    expect((await explain(scheduled)).reasons).toMatchObject([
      { code: 'scheduled', until: '2099-01-01T00:00:00.000Z' },
    ]);
  });

  test('tells how a job ended', async () => {
    const { body } = await app.client.post(
      '/jobs',
      { type: 'fail', payload: {}, max_attempts: 1, queue: 'reports' },
      { Prefer: 'wait=30' },
    );
    expect(await explain(body.job_id)).toMatchObject({
      status: 'FAILED',
      reasons: [{ code: 'finished', error: 'failure 1' }],
    });
  });

  test('tells that nobody serves the queue, or that nobody who does knows the type', async () => {
    const emails = await submit({ queue: 'emails' });
    expect((await explain(emails)).reasons).toMatchObject([
      { code: 'no_worker_for_queue' },
      { code: 'in_line' },
    ]);
    const unknown = await submit({ queue: 'reports', schedule_in: 3600 });
    await app.database.pool.query(`UPDATE jobs SET type = 'of_another_build' WHERE id = $1`, [unknown]);
    expect((await explain(unknown)).reasons).toMatchObject([
      { code: 'scheduled' },
      { code: 'no_worker_for_type', workers: 1 },
    ]);
  });

  test('tells that no external worker asks for the jobs of a declared type', async () => {
    const declared = { description: 'Resizes.', queue: 'reports' };
    await app.client.send('PUT', '/job-types/resize', JSON.stringify(declared));
    const start = (queue: string) =>
      `: start an external worker that asks POST /leases for type "resize" and queue "${queue}".`;
    const served = await submit({ type: 'resize' });
    expect((await explain(served)).reasons[0]).toMatchObject({
      code: 'no_worker_for_type',
      detail: `1 live worker serves its queue "reports", but none takes its type "resize", which was declared${start('reports')}`,
    });
    const unserved = await submit({ type: 'resize', queue: 'images' });
    expect((await explain(unserved)).reasons[0]).toMatchObject({
      code: 'no_worker_for_queue',
      detail: `No live worker serves its queue "images"${start('images')}`,
    });
    const wish = { worker_id: 'gimp', queues: ['reports', 'images'], types: ['resize'] };
    expect((await app.client.post('/leases', wish)).body.leases).toHaveLength(1);
    const left = [served, unserved].map(async (id) => (await explain(id)).reasons[0].code);
    expect((await Promise.all(left)).sort()).toEqual(['in_line', 'running']);
  });

  test('answers 404 when there is no such job', async () => {
    for (const id of ['nonsense', '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55']) {
      const { status, body } = await app.client.get(`/jobs/${id}/explain`);
      expect([status, body.code]).toEqual([404, 'job_not_found']);
    }
  });
});
