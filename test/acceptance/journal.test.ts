import { eventually } from '../support/eventually.js';
import { FIXTURE_APP, startProduct } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';
import { startTcpProxy } from '../support/tcp-proxy.js';

describe('what a handler says', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('journal', { program: FIXTURE_APP });
  });
  afterAll(() => app?.stop());

  const speak = async (payload: object = {}, more: object = {}): Promise<string> =>
    (await app.client.post('/jobs', { type: 'speak', payload, ...more })).body.job_id;
  const logsOf = async (id: string, query = '') => (await app.client.get(`/jobs/${id}/logs${query}`)).body;

  test('is kept line by line, clean and short, before the job is seen to have ended', async () => {
    const id = await speak();
    const job = await app.jobWith('COMPLETED', id);
    const { logs, next_after } = await logsOf(id);
    expect(next_after).toBeNull();
    expect(logs.map(({ level, message }: any) => [level, message])).toEqual([
      ['info', 'plain'],
      ['warn', 'a\ufffdb\ufffd'],
      ['error', `${'é'.repeat(2_046)}…`],
      ['info', 'a value that cannot be read'],
      ['info', 'unknown level'],
    ]);
    expect(Buffer.byteLength(logs[2].message)).toBeLessThanOrEqual(4_096);
    for (const line of logs) {
      expect(line.attempt).toBe(1);
      expect(Date.parse(line.at)).toBeGreaterThanOrEqual(Date.parse(job.started_at) - 50);
      expect(Date.parse(line.at)).toBeLessThanOrEqual(Date.parse(job.finished_at) + 50);
    }
    expect(job.progress).toEqual({ percent: 100, message: 'Done\ufffd' });
  });

  test('is shown within a second while the job runs, and changes its ETag', async () => {
    const id = await speak({ wait: true }, { timeout: 4 });
    const early = (await app.client.get(`/jobs/${id}`)).headers.get('etag');
    await eventually(async () => {
      const { body, headers } = await app.client.get(`/jobs/${id}`);
      expect(body).toMatchObject({ status: 'PROCESSING', progress: { percent: 13, message: 'Reading' } });
      expect(headers.get('etag')).not.toBe(early);
      expect((await logsOf(id)).logs).toHaveLength(5);
      return true;
    });
    const { body } = await app.client.get('/jobs?type=speak&status=running');
    expect(body.jobs).toMatchObject([{ job_id: id, progress: { percent: 13, message: 'Reading' } }]);
    expect((await app.client.post('/jobs', { payload: {} })).body.progress).toBeNull();
  });

  test('is read in pages, by id', async () => {
    const id = await speak({ lines: 250 });
    await app.jobWith('COMPLETED', id);
    const first = await logsOf(id);
    expect(first.logs).toHaveLength(200);
    expect(first.next_after).toBe(first.logs[199].id);
    const second = await logsOf(id, `?after=${first.next_after}&limit=100`);
    expect(second.logs).toHaveLength(55);
    expect(second.next_after).toBeNull();
    const messages = [...first.logs, ...second.logs].map((line: any) => line.message);
    expect(messages.filter((message) => message.startsWith('line '))).toEqual(
      Array.from({ length: 250 }, (_, n) => `line ${n}`),
    );
    expect((await app.client.get(`/jobs/${id}/logs?limit=1001`)).status).toBe(422);
    expect((await app.client.get(`/jobs/${id}/logs?after=-1`)).status).toBe(422);
    expect((await app.client.get('/jobs/nonsense/logs')).body.code).toBe('job_not_found');
  });

  test('is cut after 1,000 lines a job, over all its attempts, and that is said once', async () => {
    const id = await speak(
      { lines: 700, wait: true },
      { timeout: 1, max_attempts: 3, backoff: { base_delay: 0, jitter: 0 } },
    );
    await app.jobWith('FAILED', id);
    const { logs } = await logsOf(id, '?limit=1000');
    const [last, ...more] = (await logsOf(id, `?after=${logs.at(-1).id}`)).logs;
    expect(logs).toHaveLength(1_000);
    expect(last).toMatchObject({ level: 'warn', message: 'More lines were left out: a job keeps 1,000' });
    expect(more).toEqual([]);
    expect(new Set(logs.map((line: any) => line.attempt))).toEqual(new Set([1, 2]));
  });

  test('is told to whoever watches, and to nobody else', async () => {
    const listener = await app.database.pool.connect();
    const heard: string[] = [];
    listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
    try {
      await listener.query('LISTEN roundhouse_job_changes');
      await app.jobWith('COMPLETED', await speak());
      expect(heard).toEqual([]);

      await listener.query(
        `INSERT INTO job_watchers VALUES (gen_random_uuid(), now() + interval '1 minute')`,
      );
      const id = await speak({ wait: true }, { timeout: 2, max_attempts: 1 });
      await app.jobWith('PROCESSING', id);
      const atStart = heard.length;
      await eventually(() => heard.slice(atStart).includes(id.replaceAll('-', '')));
    } finally {
      await listener.query('TRUNCATE job_watchers');
      listener.release(true);
    }
  });

  test('waits while the database is away, and does not fail the job', async () => {
    const proxy = await startTcpProxy(app.database.url);
    await app.workers[0]!.stop();
    const worker = await startProduct('worker', proxy.url, {}, FIXTURE_APP);
    const id = await speak({ wait: true }, { timeout: 1, max_attempts: 1 });
    await app.jobWith('PROCESSING', id);
    proxy.cut();
    await eventually(() => worker.output().includes('wait for the database'));
    proxy.mend();
    expect(await app.jobWith('FAILED', id)).toMatchObject({ attempts: 1 });
    await eventually(async () => (await logsOf(id)).logs.length === 5);
    await worker.stop();
    await proxy.stop();
    app.workers[0] = await app.addWorker();
  });

  test('goes with its job', async () => {
    const id = await speak();
    await app.jobWith('COMPLETED', id);
    const { pool } = app.database;
    await pool.query('DELETE FROM jobs WHERE id = $1', [id]);
    for (const table of ['job_logs', 'job_progress'])
      expect((await pool.query(`SELECT 1 FROM ${table} WHERE job_id = $1`, [id])).rows).toEqual([]);
  });
});
