import { byHand } from '../support/by-hand.js';
import { eventually } from '../support/eventually.js';
import { insertFailedJobs } from '../support/failed-jobs.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const LATER = new Date('2099-01-01');

describe('a bulk operation', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('bulk', { program: FIXTURE_APP });
  });
  beforeEach(() => byHand(app.database.pool, 'DELETE FROM jobs; DELETE FROM bulk_operations'));
  afterAll(() => app?.stop());

  const submit = async (job: object): Promise<string> => {
    const { status, body } = await app.client.post('/jobs', { payload: {}, ...job });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body.job_id;
  };
  const waiting = (job: object = {}) => submit({ schedule_in: 3600, ...job });
  const start = async (request: object): Promise<Record<string, any>> => {
    const { status, body } = await app.client.post('/bulk-operations', request);
    if (status !== 202) throw new Error(JSON.stringify(body));
    return body;
  };
  const read = async (id: string): Promise<Record<string, any>> =>
    (await app.client.get(`/bulk-operations/${id}`)).body;
  const ended = (id: string) =>
    eventually(async () => {
      const operation = await read(id);
      return operation.finished_at === null ? undefined : operation;
    });
  const done = async (request: object) => ended((await start(request)).operation_id);
  const dryRun = async (request: object) =>
    (await app.client.post('/bulk-operations', { ...request, dry_run: true })).body;
  const statuses = async (ids: readonly string[]) => {
    const { rows } = await app.database.pool.query(
      'SELECT status FROM unnest($1::uuid[]) WITH ORDINALITY AS i (id, n) LEFT JOIN jobs j USING (id) ORDER BY n',
      [ids],
    );
    return rows.map((row) => row.status);
  };

  test('is accepted at once, has an address, and tells how far it is from start to end', async () => {
    const ids = [await waiting({ tags: ['x'] }), await waiting({ tags: ['x'] }), await waiting()];
    const { status, headers, body } = await app.client.post('/bulk-operations', {
      action: 'cancel',
      filter: { tag: 'x' },
    });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/bulk-operations/${body.operation_id}`);
    expect(body).toMatchObject({
      action: 'cancel',
      created_by: 'anonymous',
      limit: null,
      per_second: null,
      errors: [],
    });
    expect(['queued', 'running', 'completed']).toContain(body.state);
    const operation = await ended(body.operation_id);
    expect(operation).toEqual({
      ...body,
      state: 'completed',
      filter: { status: ['BLOCKED', 'PENDING', 'PROCESSING'], tag: 'x' },
      matched: 2,
      matched_is_exact: true,
      sample: ids.slice(0, 2),
      done: 2,
      skipped: 0,
      failed: 0,
      rate: expect.any(Number),
      eta: null,
      abort_requested: false,
      error_message: null,
      started_at: expect.any(String),
      updated_at: expect.any(String),
      finished_at: expect.any(String),
    });
    expect(await statuses(ids)).toEqual(['CANCELLED', 'CANCELLED', 'PENDING']);
    const job = await app.jobWith('COMPLETED', body.operation_id);
    expect(job).toMatchObject({
      type: 'bulk_operation',
      queue_name: 'default',
      result: { done: 2, skipped: 0, failed: 0 },
      progress: { percent: 100, message: '2 of 2 jobs' },
    });
  });

  test('cancels what waits and what runs', async () => {
    const running = await submit({ type: 'sleep', payload: { ms: 60_000 } });
    await app.jobWith('PROCESSING', running);
    const scheduled = await waiting();
    const operation = await done({ action: 'cancel', filter: { created_after: '2020-01-01T00:00:00Z' } });
    expect(operation).toMatchObject({ state: 'completed', matched: 2, done: 2 });
    await app.jobWith('CANCELLED', scheduled);
    await app.jobWith('CANCELLED', running);
  });

  test('runs now what waits for its time, and leaves alone what does not', async () => {
    const ids = [
      await waiting({ queue: 'emails' }),
      await waiting({ queue: 'emails', scheduled_at: '2099-01-01' + 'T00:00:00Z', schedule_in: undefined }),
    ];
    const other = await waiting();
    expect(await done({ action: 'run_now', filter: { queue: 'emails' } })).toMatchObject({
      matched: 2,
      done: 2,
    });
    for (const id of ids) await app.jobWith('COMPLETED', id);
    expect(await statuses([other])).toEqual(['PENDING']);
  });

  test('retries what failed, and what was cancelled only when told so', async () => {
    const { pool } = app.database;
    const failed = await insertFailedJobs(pool, 2);
    const cancelled = await insertFailedJobs(pool, 2, { status: 'CANCELLED' });
    await done({ action: 'retry', filter: { type: 'echo' } });
    for (const id of failed) await app.jobWith('COMPLETED', id);
    expect(await statuses(cancelled)).toEqual(['CANCELLED', 'CANCELLED']);
    await done({ action: 'retry', filter: { type: 'echo', status: 'aborted' } });
    for (const id of cancelled) await app.jobWith('COMPLETED', id);
  });

  test('discards what failed or was cancelled, and what succeeded only when told so; the log has each', async () => {
    const { pool } = app.database;
    const failed = await insertFailedJobs(pool, 2);
    const cancelled = await insertFailedJobs(pool, 1, { status: 'CANCELLED' });
    const completed = await insertFailedJobs(pool, 1, { status: 'COMPLETED' });
    const { operation_id: id } = await done({ action: 'discard', all: true });
    expect(await statuses([...failed, ...cancelled, ...completed])).toEqual([null, null, null, 'COMPLETED']);
    for (const gone of [...failed, ...cancelled]) {
      await eventually(() =>
        app.workers[0]!.output().includes(`Job ${gone}: discarded by anonymous (bulk operation ${id})`),
      );
    }
    await done({ action: 'discard', filter: { status: 'COMPLETED', type: 'echo' } });
    expect(await statuses(completed)).toEqual([null]);
    expect((await read(id)).state).toBe('completed');
  });

  test.each<[string, object, (jobs: string[]) => object]>([
    ['type', { type: 'sleep' }, () => ({ type: 'sleep' })],
    ['queue', { queue: 'emails' }, () => ({ queue: 'emails' })],
    ['tag', { tags: ['eu', 'x'] }, () => ({ tag: 'eu' })],
    ['lock', { lock: 'customer-1' }, () => ({ lock: 'customer-1' })],
    ['job_ids', {}, (jobs) => ({ job_ids: jobs.map((id) => id.toUpperCase()) })],
    ['status', { lock: 'customer-2' }, () => ({ status: ['pending', 'blocked'], lock: 'customer-2' })],
  ])('is for the jobs of a filter by %s, and for no others', async (_, job, filterFor) => {
    const before = await waiting();
    const meant = [await waiting(job), await waiting(job)];
    const after = await waiting();
    const request = { action: 'cancel', filter: filterFor(meant) };
    expect(await dryRun(request)).toMatchObject({
      matched: 2,
      matched_is_exact: true,
      would_change: 2,
      sample: meant,
    });
    expect(await done(request)).toMatchObject({ matched: 2, done: 2, sample: meant });
    expect(await statuses([before, ...meant, after])).toEqual([
      'PENDING',
      'CANCELLED',
      'CANCELLED',
      'PENDING',
    ]);
  });

  test('is for the jobs accepted from one time to another', async () => {
    const ids = await insertFailedJobs(app.database.pool, 10, { failedAt: new Date('2026-01-01') });
    const filter = { created_after: '2026-01-01T00:00:00.003Z', created_before: '2026-01-01T00:00:00.006Z' };
    expect(await done({ action: 'retry', filter })).toMatchObject({
      matched: 3,
      done: 3,
      sample: ids.slice(3, 6),
    });
    const failures = { failed_after: '2026-01-01T00:00:00.001Z', failed_before: '2026-01-01T00:00:00.003Z' };
    expect(await done({ action: 'discard', filter: failures })).toMatchObject({
      done: 2,
      sample: ids.slice(1, 3),
    });
  });

  test('takes the oldest of the jobs when it is limited', async () => {
    const ids = await insertFailedJobs(app.database.pool, 250, { type: 'unknown' });
    const request = { action: 'retry', filter: { type: 'unknown' }, limit: 130 };
    expect(await dryRun(request)).toMatchObject({ matched: 250, would_change: 130 });
    expect(await done(request)).toMatchObject({ matched: 250, done: 130 });
    const expected = ids.map((_, index) => (index < 130 ? 'PENDING' : 'FAILED'));
    expect(await statuses(ids)).toEqual(expected);
  });

  test('does for 10,000 jobs what its dry run said, which changes and stores nothing', async () => {
    const { pool } = app.database;
    const ids = await insertFailedJobs(pool, 10_000, { status: 'PENDING', scheduledAt: LATER });
    await insertFailedJobs(pool, 500, { status: 'PENDING', scheduledAt: LATER, queue: 'other' });
    const request = { action: 'cancel', filter: { queue: 'default', status: 'PENDING' } };
    const contents = `SELECT md5(string_agg(j::text, '' ORDER BY id)) FROM jobs j`;
    const { rows: before } = await pool.query(contents);
    const plan = await dryRun(request);
    expect(plan).toEqual({
      action: 'cancel',
      filter: { status: ['PENDING'], queue: 'default' },
      limit: null,
      per_second: null,
      matched: 10_000,
      matched_is_exact: true,
      would_change: 10_000,
      sample: ids.slice(0, 10),
    });
    expect((await pool.query(contents)).rows).toEqual(before);
    expect((await app.client.get('/bulk-operations')).body.bulk_operations).toEqual([]);

    const operation = await done(request);
    expect(operation).toMatchObject({
      matched: 10_000,
      matched_is_exact: true,
      done: 10_000,
      skipped: 0,
      failed: 0,
      sample: plan.sample,
    });
    const { rows } = await pool.query(
      `SELECT queue, status, count(*)::int AS jobs, count(DISTINCT e.job_id)::int AS cancelled, count(e.id)::int AS events
       FROM jobs j LEFT JOIN job_events e ON e.job_id = j.id AND e.event = 'cancelled' AND e.actor = $1
       WHERE j.type = 'echo' GROUP BY 1, 2 ORDER BY 1`,
      [`anonymous (bulk operation ${operation.operation_id})`],
    );
    expect(rows).toEqual([
      { queue: 'default', status: 'CANCELLED', jobs: 10_000, cancelled: 10_000, events: 10_000 },
      { queue: 'other', status: 'PENDING', jobs: 500, cancelled: 0, events: 0 },
    ]);
  });

  test('touches no job that was accepted after it, not even one that it retried itself', async () => {
    const { pool } = app.database;
    // They fail again at once, and are FAILED again while the operation still runs.
    const ids = await insertFailedJobs(pool, 60, { type: 'fail_as' });
    const { operation_id: id } = await start({
      action: 'retry',
      filter: { type: 'fail_as' },
      per_second: 60,
    });
    const late = await submit({ type: 'fail_as' });
    await app.jobWith('FAILED', late);
    expect(await ended(id)).toMatchObject({ matched: 60, done: 60, skipped: 0 });
    await eventually(async () => (await statuses(ids)).every((status) => status === 'FAILED'));
    const { rows } = await pool.query(
      `SELECT attempts, count(*)::int AS jobs FROM jobs WHERE type = 'fail_as' GROUP BY 1 ORDER BY 1`,
    );
    expect(rows).toEqual([
      { attempts: 1, jobs: 1 },
      { attempts: 2, jobs: 60 },
    ]);
  });

  test('that cancels everything does not cancel itself', async () => {
    const ids = [await waiting(), await waiting()];
    expect(await done({ action: 'cancel', all: true })).toMatchObject({
      state: 'completed',
      matched: 2,
      done: 2,
    });
    expect(await statuses(ids)).toEqual(['CANCELLED', 'CANCELLED']);
  });

  test('tells which jobs it could not change, and why', async () => {
    const unique = { key: 'k', while: 'unfinished' };
    const failed = await submit({ type: 'fail_as', unique });
    await app.jobWith('FAILED', failed);
    await waiting({ type: 'sleep', unique });
    const operation = await done({ action: 'retry', filter: { type: 'fail_as' } });
    expect(operation).toMatchObject({ state: 'completed', matched: 1, done: 0, skipped: 0, failed: 1 });
    expect(operation.errors).toEqual([
      { code: 'job_already_exists', count: 1, detail: expect.stringContaining(failed) },
    ]);
  });
});
