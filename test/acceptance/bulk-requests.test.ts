import { byHand } from '../support/by-hand.js';
import { insertFailedJobs } from '../support/failed-jobs.js';
import { tolerateStatus } from '../support/openapi/watch-answers.js';
import { type App, startApp } from '../support/start-app.js';

/** Requests that are refused. */
const REFUSED: [request: object, pointer: string, code?: string][] = [
  [{}, '/action'],
  [{ action: 'delete', all: true }, '/action'],
  [{ action: 'cancel' }, '/filter', 'empty_filter'],
  [{ action: 'cancel', filter: {} }, '/filter', 'empty_filter'],
  [{ action: 'cancel', all: false }, '/filter', 'empty_filter'],
  [{ action: 'cancel', filter: {}, dry_run: true }, '/filter', 'empty_filter'],
  [{ action: 'cancel', filter: [] }, '/filter'],
  [{ action: 'cancel', filter: null, all: true }, '/filter'],
  [{ action: 'cancel', filter: { state: 'PENDING' } }, '/filter/state', 'unknown_field'],
  [{ action: 'cancel', filter: { status: 'PENDNG' } }, '/filter/status', 'is_job_status'],
  [{ action: 'cancel', filter: { status: [] } }, '/filter/status', 'is_job_status'],
  [{ action: 'cancel', filter: { status: [7] } }, '/filter/status', 'is_job_status'],
  [{ action: 'cancel', filter: { status: 'COMPLETED' } }, '/filter/status', 'does_not_fit_action'],
  [
    { action: 'retry', filter: { status: ['FAILED', 'PROCESSING'] } },
    '/filter/status',
    'does_not_fit_action',
  ],
  [{ action: 'run_now', filter: { status: 'BLOCKED' } }, '/filter/status', 'does_not_fit_action'],
  [{ action: 'discard', filter: { status: 'PENDING' } }, '/filter/status', 'does_not_fit_action'],
  [{ action: 'cancel', filter: { fingerprint: 'x' } }, '/filter/fingerprint', 'does_not_fit_action'],
  [{ action: 'cancel', filter: { created_after: 'yesterday' } }, '/filter/created_after', 'is_moment'],
  [{ action: 'cancel', filter: { job_ids: ['1'] } }, '/filter/job_ids', 'are_job_ids'],
  [{ action: 'cancel', filter: { tag: '\ud800' } }, '/filter/tag', 'invalid_unicode'],
  [{ action: 'cancel', all: 'yes' }, '/all'],
  [{ action: 'cancel', all: true, limit: 0 }, '/limit'],
  [{ action: 'cancel', all: true, limit: 1.5 }, '/limit'],
  [{ action: 'cancel', all: true, per_second: 0 }, '/per_second'],
  [{ action: 'cancel', all: true, per_second: 10_001 }, '/per_second'],
  [{ action: 'cancel', all: true, dry_run: 1 }, '/dry_run'],
  [{ action: 'cancel', all: true, rate: 1 }, '/rate', 'unknown_field'],
];

describe('requests for bulk operations', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('bulk requests', { workers: 0 });
  });
  beforeEach(() => byHand(app.database.pool, 'DELETE FROM jobs; DELETE FROM bulk_operations'));
  afterAll(() => app?.stop());

  const start = async (request: object = { action: 'cancel', all: true }) =>
    (await app.client.post('/bulk-operations', request)).body;

  test.each(REFUSED)('%j is refused', async (request, pointer, code = '') => {
    const { status, body } = await app.client.post('/bulk-operations', request);
    expect([status, body.errors?.[0]?.pointer]).toEqual([422, pointer]);
    if (code) expect(body.errors[0].code).toBe(code);
    expect((await app.client.get('/bulk-operations')).body.bulk_operations).toEqual([]);
  });

  test('say which statuses an action is possible for', async () => {
    const { body } = await app.client.post('/bulk-operations', {
      action: 'retry',
      filter: { status: 'running' },
    });
    expect(body.detail).toBe('retry is possible for jobs that are FAILED, CANCELLED, not PROCESSING ones');
  });

  test('may name a thousand jobs', async () => {
    const ids = await insertFailedJobs(app.database.pool, 1_000);
    const request = { action: 'retry', filter: { job_ids: ids }, dry_run: true };
    expect((await app.client.post('/bulk-operations', request)).body).toMatchObject({
      matched: 1_000,
      sample: ids.slice(0, 10),
    });
    request.filter.job_ids.push(ids[0]!);
    const { status, body } = await app.client.post('/bulk-operations', request);
    expect([status, body.detail]).toEqual([422, 'job_ids must be a list of 1 to 1000 job ids']);
  });

  test('are answered by a queued operation as long as no worker runs, and it can be aborted', async () => {
    const operation = await start();
    expect(operation).toMatchObject({
      state: 'queued',
      matched: null,
      sample: [],
      rate: null,
      eta: null,
      started_at: null,
      finished_at: null,
    });
    const { status, body } = await app.client.post(`/bulk-operations/${operation.operation_id}/abort`);
    expect([status, body.state, body.abort_requested]).toEqual([202, 'aborted', true]);
    expect(body.finished_at).not.toBeNull();
    expect((await app.client.get(`/jobs/${operation.operation_id}`)).body.status).toBe('CANCELLED');
    const again = await app.client.post(`/bulk-operations/${operation.operation_id}/abort`);
    expect([again.status, again.body.code, again.body.state]).toEqual([
      409,
      'bulk_operation_finished',
      'aborted',
    ]);
  });

  test('leave neither an operation nor a job behind when the other cannot be stored', async () => {
    tolerateStatus(500);
    await app.database.pool.query('ALTER TABLE bulk_operations ADD CONSTRAINT never CHECK (false) NOT VALID');
    expect((await app.client.post('/bulk-operations', { action: 'cancel', all: true })).status).toBe(500);
    await app.database.pool.query('ALTER TABLE bulk_operations DROP CONSTRAINT never');
    expect((await app.client.get('/jobs')).body.jobs).toEqual([]);
    await app.database.pool.query(
      `ALTER TABLE jobs ADD CONSTRAINT never CHECK (type <> 'bulk_operation') NOT VALID`,
    );
    expect((await app.client.post('/bulk-operations', { action: 'cancel', all: true })).status).toBe(500);
    await app.database.pool.query('ALTER TABLE jobs DROP CONSTRAINT never');
    expect((await app.client.get('/bulk-operations')).body.bulk_operations).toEqual([]);
  });

  test('are listed, the newest first, page by page', async () => {
    const ids: string[] = [];
    for (let number = 0; number < 5; number++) ids.unshift((await start()).operation_id);
    const pages: string[][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: Record<string, any> } = await app.client.get(
        `/bulk-operations?limit=2${cursor && `&cursor=${cursor}`}`,
      );
      pages.push(body.bulk_operations.map((operation: any) => operation.operation_id));
      cursor = body.next_cursor;
    }
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect((await app.client.get(`/bulk-operations/${ids[0]}`)).body).toMatchObject({
      operation_id: ids[0],
      state: 'queued',
    });
  });

  test('for operations that do not exist are answered so', async () => {
    for (const id of ['nonsense', '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55']) {
      for (const [method, path] of [
        ['GET', ''],
        ['POST', '/abort'],
      ] as const) {
        const { status, body } = await app.client.send(method, `/bulk-operations/${id}${path}`);
        expect([status, body.code]).toEqual([404, 'bulk_operation_not_found']);
      }
    }
    for (const query of ['cursor=nonsense', 'limit=201', 'state=running']) {
      expect((await app.client.get(`/bulk-operations?${query}`)).status).toBe(422);
    }
  });

  // The last one, since it starts a worker.
  test('are gone on with where a worker died between changing jobs and saying so', async () => {
    const { pool } = app.database;
    const wanted = { status: 'PENDING', scheduledAt: new Date('2099-01-01') };
    const ids = await insertFailedJobs(pool, 300, wanted);
    const { operation_id: id } = await start({ action: 'cancel', filter: { type: 'echo' } });
    const actor = `anonymous (bulk operation ${id})`;
    const changed = `UPDATE jobs SET status = 'CANCELLED', last_event = 'cancelled', last_actor = $2, updated_at = now() WHERE id = ANY($1)`;
    await pool.query(changed, [ids.slice(0, 60), actor]);
    // One of the chunk was cancelled by somebody else meanwhile, and one is gone.
    await pool.query(changed, [ids.slice(60, 61), 'jane']);
    await pool.query('DELETE FROM jobs WHERE id = $1', [ids[61]]);
    await pool.query('UPDATE bulk_operations SET attempt = 0, matched = 300, chunk = $2 WHERE id = $1', [
      id,
      ids.slice(0, 100),
    ]);
    await app.addWorker();
    await app.jobWith('COMPLETED', id);
    expect((await app.client.get(`/bulk-operations/${id}`)).body).toMatchObject({
      state: 'completed',
      done: 298,
      skipped: 2,
      failed: 0,
      errors: expect.arrayContaining([
        { code: 'job_state_conflict', count: 1, detail: expect.stringContaining(ids[60]!) },
        { code: 'job_not_found', count: 1, detail: expect.any(String) },
      ]),
    });
    const { rows } = await pool.query(
      'SELECT count(*)::int AS events, count(DISTINCT job_id)::int AS jobs FROM job_events WHERE actor = $1',
      [actor],
    );
    expect(rows).toEqual([{ events: 298, jobs: 298 }]);
  });
});
