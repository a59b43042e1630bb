import { request } from 'node:http';
import { SOON_MS, eventually } from '../support/eventually.js';
import { Client } from '../support/http.js';
import { FIXTURE_APP, startProduct } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

describe('a caller who prefers to wait', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('waiting', {
      program: FIXTURE_APP,
      environment: { WORKER_CONCURRENCY: '30', WORKER_TIMEOUT: '1' },
    });
  });
  afterAll(() => app?.stop());

  const wait = (seconds: number) => ({ Prefer: `wait=${seconds}` });
  const timed = async <T>(work: Promise<T>): Promise<[T, number]> => {
    const startedAt = performance.now();
    return [await work, performance.now() - startedAt];
  };

  test('is answered with the finished job by the submission itself', async () => {
    const { status, body, headers } = await app.client.post('/jobs', { payload: { n: 1 } }, wait(30));
    expect([status, headers.get('preference-applied')]).toEqual([200, 'wait=30']);
    expect(headers.get('location')).toBe(`/jobs/${body.job_id}`);
    expect(body).toMatchObject({ status: 'COMPLETED', result: { n: 1 }, attempts: 1 });
    expect((await app.client.get(`/jobs/${body.job_id}`)).body).toEqual(body);
  });

  test('is answered soon after the end, also when it ended otherwise than well', async () => {
    const [answer, ms] = await timed(
      app.client.post('/jobs', { type: 'fail', payload: {}, max_attempts: 1 }, wait(30)),
    );
    expect(answer).toMatchObject({ status: 200, body: { status: 'FAILED', error_message: 'failure 1' } });
    expect(ms).toBeLessThan(SOON_MS);
    const delays: number[] = [];
    for (let round = 0; round < 9; round++) {
      const { body } = await app.client.post('/jobs', { type: 'sleep', payload: { ms: 100 } }, wait(30));
      delays.push(Date.now() - Date.parse(body.finished_at));
    }
    expect(delays.sort((a, b) => a - b)[4]).toBeLessThan(SOON_MS);
  });

  test('is answered 202 with the job as it is when the time is over', async () => {
    const job = { type: 'sleep', payload: { ms: 10_000 } };
    const [answer, ms] = await timed(app.client.post('/jobs', job, wait(1)));
    expect(answer).toMatchObject({ status: 202, body: { status: 'PROCESSING', result: null } });
    expect(answer.headers.get('preference-applied')).toBe('wait=1');
    expect(ms).toBeGreaterThanOrEqual(1_000);
    expect(ms).toBeLessThan(SOON_MS);
    const path = `/jobs/${answer.body.job_id}`;
    const known = { 'If-None-Match': (await app.client.get(path)).headers.get('etag')! };
    expect((await app.client.get(path, known)).status).toBe(304);
    expect((await app.client.get(path, { ...known, ...wait(1) })).status).toBe(202);
    const finished = await app.client.get(path, { ...known, ...wait(30) });
    expect(finished).toMatchObject({ status: 200, body: { status: 'COMPLETED' } });
    const again = { 'If-None-Match': finished.headers.get('etag')!, ...wait(30) };
    expect((await app.client.get(path, again)).status).toBe(304);
  });

  test('may do so with the short form, and is told of the job instead of the queue', async () => {
    const done = await app.client.post('/tasks/echo', { n: 1 }, wait(30));
    expect(done).toMatchObject({ status: 200, body: { status: 'COMPLETED', result: { n: 1 } } });
    const late = await app.client.post('/tasks/sleep', { ms: 60_000 }, wait(1));
    expect(late).toMatchObject({ status: 202, body: { job_id: expect.any(String), type: 'sleep' } });
    const queued = await app.client.post('/tasks/echo', { n: 1 });
    expect(queued).toMatchObject({ status: 201, body: { status: 'queued' } });
    expect(queued.headers.has('preference-applied')).toBe(false);
  });

  test('of many at once is answered by one connection that listens', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        app.client.post('/jobs', { type: 'sleep', payload: { ms: 200, n } }, wait(30)),
      ),
    );
    expect(answers.filter(({ status, body }) => status === 200 && body.status === 'COMPLETED')).toHaveLength(
      200,
    );
    const { rows } = await app.database.pool.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'roundhouse api % listen'`,
    );
    expect(rows).toHaveLength(1);
  });

  test('and then goes away does not trouble the others', async () => {
    const { body } = await app.client.post('/jobs', { payload: {}, schedule_in: 3600 });
    const abandoned = request(`${app.api.ready}/jobs/${body.job_id}`, { headers: wait(60) }).end();
    abandoned.on('error', () => undefined);
    await eventually(() => abandoned.writableFinished);
    abandoned.destroy();
    const other = app.client.get(`/jobs/${body.job_id}`, wait(60));
    await app.database.pool.query(
      `UPDATE jobs SET status = 'CANCELLED', updated_at = clock_timestamp(), last_event = 'cancelled' WHERE id = $1`,
      [body.job_id],
    );
    expect(await other).toMatchObject({ status: 200, body: { status: 'CANCELLED' } });
  });

  test('for a job that does not exist, or is deleted, is told so', async () => {
    const { status } = await app.client.get('/jobs/01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55', wait(60));
    expect(status).toBe(404);
    const { body } = await app.client.post('/jobs', { payload: {}, schedule_in: 3600 });
    const answer = app.client.get(`/jobs/${body.job_id}`, wait(60));
    await app.database.pool.query('DELETE FROM jobs WHERE id = $1', [body.job_id]);
    expect(await answer).toMatchObject({ status: 404, body: { code: 'job_not_found' } });
  });

  test('is answered at once with 202 when the API stops', async () => {
    // Connections that are not yet accepted when the port is closed are refused: it stays open for a moment.
    const api = await startProduct('api', app.database.url, { SHUTDOWN_DELAY: '1' }, FIXTURE_APP);
    const client = new Client(api.ready);
    const { body } = await client.post('/jobs', { payload: {}, schedule_in: 3600 });
    const watching = async () =>
      (await app.database.pool.query('SELECT id FROM job_watchers WHERE watches_until > now()')).rows.length;
    const before = await watching();
    const answers = Promise.all(
      Array.from({ length: 20 }, () => client.get(`/jobs/${body.job_id}`, wait(60))),
    );
    await eventually(async () => (await watching()) > before);
    const [code, ms] = await timed(api.stop());
    expect(code).toBe(0);
    expect(ms).toBeLessThan(3 * SOON_MS);
    for (const { status } of await answers) expect(status).toBe(202);
  });
});
