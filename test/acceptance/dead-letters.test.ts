import { byHand } from '../support/by-hand.js';
import { insertFailedJobs } from '../support/failed-jobs.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

describe('dead letters', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('dead letters', { program: FIXTURE_APP });
  });
  beforeEach(() => byHand(app.database.pool, 'DELETE FROM jobs'));
  afterAll(() => app?.stop());

  const submit = async (job: object): Promise<string> =>
    (await app.client.post('/jobs', { payload: {}, ...job })).body.job_id;
  const failed = async (job: object): Promise<string> => {
    const id = await submit({ type: 'fail_as', ...job });
    await app.jobWith('FAILED', id);
    return id;
  };
  const listed = async (query = ''): Promise<Record<string, any>> => {
    const { status, body } = await app.client.get(`/dead-letters?${query}`);
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body;
  };
  const ids = async (query = '') => (await listed(query)).dead_letters.map((letter: any) => letter.job_id);

  test('are the jobs that failed, each as it is read alone and with its error, the latest failure first', async () => {
    const first = await failed({ payload: { message: 'No user 1', name: 'NotFound' } });
    await submit({ type: 'echo' });
    const second = await failed({ payload: { message: 'No user 2', name: 'NotFound' } });
    const { dead_letters: letters, ...page } = await listed();
    expect(page).toEqual({ next_cursor: null, incomplete: false });
    expect(letters.map((letter: any) => letter.job_id)).toEqual([second, first]);
    const { body: job } = await app.client.get(`/jobs/${first}`);
    expect(letters[1]).toEqual({
      ...job,
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      error: { name: 'NotFound', message: 'No user 1', stack: expect.stringContaining('FailAsHandler.run') },
      failed_at: job.finished_at,
    });
    expect(letters[0].fingerprint).toBe(letters[1].fingerprint);
  });

  test('are listed in the order in which they failed, not in which they were accepted', async () => {
    const [late] = await insertFailedJobs(app.database.pool, 1, { failedAt: new Date('2026-01-03') });
    const [early] = await insertFailedJobs(app.database.pool, 1, { failedAt: new Date('2026-01-01') });
    await app.database.pool.query(`UPDATE jobs SET finished_at = '2026-01-04' WHERE id = $1`, [early]);
    expect(await ids()).toEqual([early, late]);
  });

  test('are filtered by type, queue, fingerprint and the time of the failure', async () => {
    const { pool } = app.database;
    const a = await insertFailedJobs(pool, 3, {
      type: 'a',
      queue: 'x',
      fingerprint: 'one',
      failedAt: new Date('2026-01-01'),
    });
    const b = await insertFailedJobs(pool, 3, {
      type: 'b',
      queue: 'y',
      fingerprint: 'two',
      failedAt: new Date('2026-01-02'),
    });
    const c = await insertFailedJobs(pool, 3, {
      type: 'a',
      queue: 'y',
      fingerprint: 'two',
      failedAt: new Date('2026-01-03'),
    });
    const newestFirst = (...lists: string[][]) => lists.flat().reverse();
    expect(await ids()).toEqual(newestFirst(a, b, c));
    expect(await ids('type=a')).toEqual(newestFirst(a, c));
    expect(await ids('queue=y')).toEqual(newestFirst(b, c));
    expect(await ids('fingerprint=two')).toEqual(newestFirst(b, c));
    expect(await ids('fingerprint=two&type=a')).toEqual(newestFirst(c));
    expect(await ids('type=b&queue=x')).toEqual([]);
    expect(await ids('fingerprint=none')).toEqual([]);
    expect(await ids('failed_after=2026-01-02T00:00:00.001Z')).toEqual(newestFirst(b.slice(1), c));
    expect(await ids('failed_before=2026-01-02T00:00:00.001')).toEqual(newestFirst(a, b.slice(0, 1)));
    expect(
      await ids('failed_after=2026-01-02T00:00:00Z&failed_before=2026-01-03T00:00:00Z&fingerprint=two'),
    ).toEqual(newestFirst(b));
  });

  test.each(['', 'type=a&', 'queue=y&', 'fingerprint=two&', 'fingerprint=two&type=a&'])(
    'are walked through page by page, completely and without repeats: %s',
    async (filter) => {
      const { pool } = app.database;
      for (const type of ['a', 'b']) {
        for (const [queue, fingerprint] of [
          ['x', 'one'],
          ['y', 'two'],
        ] as const) {
          await insertFailedJobs(pool, 5, { type, queue, fingerprint, failedAt: new Date('2026-01-01') });
        }
      }
      const whole = await ids(`${filter}limit=200`);
      expect(whole.length).toBeGreaterThan(4);
      const walked: string[] = [];
      let cursor: string | null = '';
      for (let page = 0; cursor !== null && page < 30; page++) {
        const body: Record<string, any> = await listed(`${filter}limit=2${cursor && `&cursor=${cursor}`}`);
        walked.push(...body.dead_letters.map((letter: any) => letter.job_id));
        cursor = body.next_cursor;
      }
      expect(walked).toEqual(whole);
    },
  );

  test('are found behind many thousands that do not fit', async () => {
    const wanted = await insertFailedJobs(app.database.pool, 2, {
      type: 'rare',
      failedAt: new Date('2025-01-01'),
    });
    await insertFailedJobs(app.database.pool, 12_000, { type: 'common' });
    const { dead_letters: letters, incomplete, next_cursor: next } = await listed('type=rare&limit=2');
    expect(letters.map((letter: any) => letter.job_id)).toEqual(wanted.reverse());
    expect([incomplete, next]).toEqual([false, null]);
  });

  test.each([
    ['limit=0', '/limit'],
    ['limit=201', '/limit'],
    ['failed_after=yesterday', '/failed_after'],
    ['status=FAILED', '/status'],
    ['cursor=nonsense', '/cursor'],
  ])('cannot be asked for by %s', async (query, pointer) => {
    const { status, body } = await app.client.get(`/dead-letters?${query}`);
    expect([status, body.errors[0].pointer]).toEqual([422, pointer]);
  });

  test('that are discarded are gone, with their history, and the log says by whom', async () => {
    const id = await failed({ payload: { message: 'x' } });
    const { status } = await app.client.send('DELETE', `/dead-letters/${id}`);
    expect(status).toBe(204);
    expect((await app.client.get(`/jobs/${id}`)).status).toBe(404);
    expect(await ids()).toEqual([]);
    const { rows } = await app.database.pool.query('SELECT FROM job_events WHERE job_id = $1', [id]);
    expect(rows).toEqual([]);
    await app.api.says(`Job ${id}: discarded by anonymous`);
    const again = await app.client.send('DELETE', `/dead-letters/${id}`);
    expect([again.status, again.body.code]).toEqual([404, 'job_not_found']);
  });

  test('may be discarded when they were cancelled, and not in any other state', async () => {
    const { pool } = app.database;
    for (const status of ['PENDING', 'BLOCKED', 'PROCESSING', 'COMPLETED', 'CANCELLED'] as const) {
      const [id] = await insertFailedJobs(pool, 1, {
        status,
        type: 'unknown',
        scheduledAt: new Date('2099-01-01'),
      });
      const { status: code, body } = await app.client.send('DELETE', `/dead-letters/${id}`);
      if (status === 'CANCELLED') expect(code).toBe(204);
      else expect([code, body.code, body.job_status]).toEqual([409, 'job_state_conflict', status]);
    }
    expect((await app.client.send('DELETE', '/dead-letters/nonsense')).status).toBe(404);
  });

  test('run again when they are redriven, all or those of a filter, and no others', async () => {
    const { pool } = app.database;
    const wanted = await insertFailedJobs(pool, 3, { fingerprint: 'one' });
    const others = await insertFailedJobs(pool, 2, { fingerprint: 'two' });
    const cancelled = await insertFailedJobs(pool, 1, { status: 'CANCELLED', fingerprint: 'one' });
    const dry = await app.client.post('/dead-letters/redrive', {
      filter: { fingerprint: 'one' },
      dry_run: true,
    });
    expect(dry).toMatchObject({
      status: 200,
      body: {
        action: 'retry',
        filter: { status: ['FAILED'], fingerprint: 'one' },
        matched: 3,
        would_change: 3,
        sample: wanted,
      },
    });
    const { status, headers, body } = await app.client.post('/dead-letters/redrive', {
      filter: { fingerprint: 'one' },
    });
    expect([status, headers.get('location')]).toEqual([202, `/bulk-operations/${body.operation_id}`]);
    for (const id of wanted)
      expect(await app.jobWith('COMPLETED', id)).toMatchObject({ attempts: 2, max_attempts: 2 });
    expect((await ids()).toSorted()).toEqual(others.toSorted());

    await app.client.post('/dead-letters/redrive', {});
    for (const id of others) await app.jobWith('COMPLETED', id);
    await app.jobWith('CANCELLED', cancelled[0]!);
  });

  test('cannot be redriven by a filter that is none', async () => {
    for (const [body, pointer] of [
      [{ filter: { status: 'FAILED' } }, '/filter/status'],
      [{ filter: { job_ids: ['x'] } }, '/filter/job_ids'],
      [{ filter: { job_ids: [] } }, '/filter/job_ids'],
      [{ limit: 0 }, '/limit'],
      [{ per_second: 0 }, '/per_second'],
      [{ dry_run: 'yes' }, '/dry_run'],
      [{ action: 'cancel' }, '/action'],
    ] as const) {
      const answer = await app.client.post('/dead-letters/redrive', body);
      expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, pointer]);
    }
  });
});
