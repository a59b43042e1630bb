import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

describe('the workers over HTTP', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('workers', {
      workers: 1,
      program: FIXTURE_APP,
      environment: { WORKER_QUEUES: 'default,reports', WORKER_CONCURRENCY: '3' },
    });
  });
  afterAll(() => app?.stop());

  const list = async (query = '') => (await app.client.get(`/workers${query}`)).body;
  const running = async () =>
    (await list()).workers.find((worker: { state: string }) => worker.state === 'running');
  /** A worker of which there is nothing but its row. */
  const insert = async (startedAgo: number, changes: Record<string, string> = {}): Promise<string> => {
    const id = randomUUID();
    await app.database.pool.query(
      `INSERT INTO workers (id, hostname, pid, version, queues, slots, started_at) VALUES ($1, 'elsewhere', 7, '1', '{*}', 2, now() - $2 * interval '1 s')`,
      [id, startedAgo],
    );
    for (const [column, value] of Object.entries(changes))
      await app.database.pool.query(`UPDATE workers SET ${column} = ${value} WHERE id = $1`, [id]);
    return id;
  };
  beforeEach(() => app.database.pool.query(`DELETE FROM workers WHERE hostname = 'elsewhere'`));

  test('show what they serve and the jobs they run', async () => {
    const jobs: string[] = [];
    for (let job = 0; job < 4; job++)
      jobs.push((await app.client.post('/jobs', { type: 'sleep', payload: { ms: 4_000 } })).body.job_id);
    const worker = await eventually(async () => {
      const found = await running();
      return found?.job_ids.length === 3 ? found : undefined;
    });
    expect(worker).toEqual({
      id: expect.any(String),
      is_external: false,
      takes_nothing: false,
      hostname: hostname(),
      pid: app.workers[0]!.child.pid,
      version: expect.any(String),
      queues: ['default', 'reports'],
      slots: 3,
      busy: expect.any(Number),
      stuck: 0,
      types: expect.arrayContaining(['echo', 'sleep']),
      state: 'running',
      started_at: expect.stringMatching(/Z$/),
      last_seen_at: expect.stringMatching(/Z$/),
      job_ids: jobs.slice(0, 3),
    });
    expect((await app.client.get(`/workers/${worker.id}`)).body).toMatchObject({ id: worker.id, slots: 3 });
    for (const jobId of jobs) await app.jobWith('COMPLETED', jobId);
    expect((await running()).job_ids).toEqual([]);
  });

  test('are listed with their state, the newest first, page by page', async () => {
    const stopped = await insert(-1, { stopped_at: 'now()' });
    const lost = await insert(-2, { last_seen_at: `now() - interval '31 s'` });
    const draining = await insert(-3, { drain_requested_at: 'now()' });
    const lostWhileDraining = await insert(-4, {
      drain_requested_at: 'now()',
      last_seen_at: `now() - interval '31 s'`,
    });
    const { workers } = await list();
    expect(workers.slice(0, 4).map(({ id, state }: Record<string, string>) => [id, state])).toEqual([
      [lostWhileDraining, 'lost'],
      [draining, 'draining'],
      [lost, 'lost'],
      [stopped, 'stopped'],
    ]);
    const ids: string[] = [];
    for (let cursor = ''; ;) {
      const page = await list(`?limit=2${cursor}`);
      ids.push(...page.workers.map(({ id }: { id: string }) => id));
      if (page.next_cursor === null) break;
      expect(page.workers).toHaveLength(2);
      cursor = `&cursor=${page.next_cursor}`;
    }
    expect(ids).toEqual(workers.map(({ id }: { id: string }) => id));
    expect((await app.client.get('/workers?cursor=nonsense')).body).toMatchObject({ code: 'invalid_cursor' });
    expect((await app.client.get('/workers?limit=0')).status).toBe(422);
  });

  test('are asked to drain, in their row and by a notice, as often as anybody likes', async () => {
    const id = await insert(0);
    const listener = new pg.Client(app.database.url);
    await listener.connect();
    const notices: string[] = [];
    listener.on('notification', ({ payload }) => notices.push(payload!));
    await listener.query('LISTEN roundhouse_wakeups');
    const first = await app.client.post(`/workers/${id}/drain`);
    expect(first).toMatchObject({ status: 202, body: { id, state: 'draining' } });
    await eventually(() => notices.some((notice) => JSON.parse(notice).workers?.includes(id)));
    await listener.end();
    const requestedAt = async () =>
      (await app.database.pool.query('SELECT drain_requested_at AS at FROM workers WHERE id = $1', [id]))
        .rows[0].at;
    const at = await requestedAt();
    expect(at).toBeInstanceOf(Date);
    expect((await app.client.post(`/workers/${id}/drain`)).status).toBe(202);
    expect(await requestedAt()).toEqual(at);
  });

  test('that drain finish what they run, take nothing more and end in good order', async () => {
    const submit = async (ms: number): Promise<string> =>
      (await app.client.post('/jobs', { type: 'sleep', queue: 'reports', payload: { ms } })).body.job_id;
    const [worker] = app.workers;
    const { id } = await running();
    const last = await submit(4_000);
    await app.jobWith('PROCESSING', last);
    expect(await app.client.post(`/workers/${id}/drain`)).toMatchObject({
      status: 202,
      body: { state: 'draining', job_ids: [last] },
    });
    await eventually(() => worker!.output().includes('Asked to drain'), 1_000);
    const next = await submit(0);
    const exited = eventually(() => worker!.child.exitCode !== null || undefined);
    expect(await app.jobWith('COMPLETED', last)).toMatchObject({ attempts: 1, worker_id: id });
    await exited;
    expect(worker!.child.exitCode).toBe(0);
    expect((await app.client.get(`/workers/${id}`)).body).toMatchObject({ state: 'stopped', job_ids: [] });
    expect(await app.client.post(`/workers/${id}/drain`)).toMatchObject({
      status: 409,
      body: { code: 'worker_state_conflict', state: 'stopped' },
    });
    expect((await app.client.get(`/jobs/${next}`)).body).toMatchObject({ status: 'PENDING', attempts: 0 });
    await app.addWorker();
    await app.jobWith('COMPLETED', next);
  });

  test('that have ended cannot drain, and those that never were are not found', async () => {
    const ended = {
      stopped: await insert(0, { stopped_at: 'now()' }),
      lost: await insert(0, { last_seen_at: `now() - interval '31 s'` }),
    };
    for (const [state, id] of Object.entries(ended)) {
      const answer = await app.client.post(`/workers/${id}/drain`);
      expect(answer).toMatchObject({ status: 409, body: { code: 'worker_state_conflict', state } });
      const { rows } = await app.database.pool.query('SELECT drain_requested_at FROM workers WHERE id = $1', [
        id,
      ]);
      expect(rows).toEqual([{ drain_requested_at: null }]);
    }
    for (const id of [randomUUID(), 'nobody', '%00']) {
      expect(await app.client.get(`/workers/${id}`)).toMatchObject({
        status: 404,
        body: { code: 'worker_not_found' },
      });
      expect(await app.client.post(`/workers/${id}/drain`)).toMatchObject({
        status: 404,
        body: { code: 'worker_not_found' },
      });
    }
  });
});
