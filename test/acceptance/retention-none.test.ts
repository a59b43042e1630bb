import { eventually } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const QUEUE = '/queues/fleeting';

describe('a queue that keeps nothing', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('retention none', { program: FIXTURE_APP });
    await submit({ queue: 'fleeting' });
    const edited = await edit({ retention: 'none' });
    expect(edited).toMatchObject({ status: 200, body: { retention: 'none', dead_letter_queue: null } });
    // Every process heeds it within a second, each in its own time.
    await eventually(async () => (await submit({ queue: 'fleeting' }, { Prefer: 'wait=1' })).status === 422);
    await eventually(async () => (await endOf(await submit({ queue: 'fleeting' }))) === 'gone');
    await eventually(async () => (await unfinished()) === 0);
  });
  afterAll(() => app?.stop());

  const submit = (job: object, headers = {}) =>
    app.client.post('/jobs', { payload: { n: 1 }, ...job }, headers);
  const edit = async (settings: object) => {
    const etag = (await app.client.get(QUEUE)).headers.get('etag')!;
    return app.client.send('PATCH', QUEUE, JSON.stringify(settings), { 'If-Match': etag });
  };
  const isGone = async (id: string) => (await app.client.get(`/jobs/${id}`)).status === 404;
  const endOf = ({ body }: { body: any }): Promise<string> =>
    eventually(async () => {
      const { status, body: job } = await app.client.get(`/jobs/${body.job_id}`);
      if (status === 404) return 'gone';
      return job.status === 'COMPLETED' ? 'kept' : undefined;
    });
  const depth = async (): Promise<Record<string, number>> => (await app.client.get(QUEUE)).body.depth;
  const unfinished = async () => {
    const { PENDING, BLOCKED, PROCESSING } = await depth();
    return PENDING! + BLOCKED! + PROCESSING!;
  };
  const throughput = async () => (await app.client.get('/admin/stats')).body.throughput.last_hour;
  const traces = async (id: string): Promise<number> => {
    const { rows } = await app.database.pool.query(
      `SELECT (SELECT count(*) FROM jobs WHERE id = $1) + (SELECT count(*) FROM job_events WHERE job_id = $1)
         + (SELECT count(*) FROM pgboss.job WHERE id = $1) + (SELECT count(*) FROM removed_jobs WHERE job_id = $1) AS n`,
      [id],
    );
    return Number(rows[0].n);
  };

  test('runs its jobs and forgets them as soon as they have completed, but for counting them', async () => {
    const kept = (await depth()).COMPLETED!;
    const before = await throughput();
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => (await submit({ queue: 'fleeting' })).body.job_id as string),
    );
    await eventually(async () => (await Promise.all(ids.map(isGone))).every(Boolean));
    expect(await Promise.all(ids.map(traces))).toEqual(ids.map(() => 0));
    const after = await throughput();
    expect(after.submitted - before.submitted).toBe(20);
    expect(after.completed - before.completed).toBe(20);
    const { COMPLETED, ...others } = await depth();
    expect(COMPLETED).toBeLessThanOrEqual(kept);
    expect(Object.values(others)).toEqual([0, 0, 0, 0, 0]);
  });

  test('keeps a job that fails until it has completed after all', async () => {
    const once = (await submit({ queue: 'fleeting', type: 'fail', payload: { times: 1 } })).body.job_id;
    await eventually(() => isGone(once));
    const failed = await submit({ queue: 'fleeting', type: 'fail', payload: {}, max_attempts: 1 });
    await app.jobWith('FAILED', failed.body.job_id);
    const letters = (await app.client.get('/dead-letters')).body.dead_letters;
    expect(letters.map((letter: { job_id: string }) => letter.job_id)).toContain(failed.body.job_id);
  });

  test.each([
    ['an idempotency key', {}, { 'Idempotency-Key': 'k' }, '/idempotency_key'],
    ['a unique key', { unique: { key: 'k' } }, {}, '/unique'],
    ['a dependency', { depends_on: ['01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55'] }, {}, '/depends_on'],
    ['a caller who waits', {}, { Prefer: 'wait=1' }, ''],
  ])('refuses %s', async (_, job, headers, pointer) => {
    const { status, body } = await submit({ queue: 'fleeting', ...job }, headers);
    expect([status, body.errors[0].code, body.errors[0].pointer]).toEqual([422, 'nothing_is_kept', pointer]);
    expect(body.detail).toContain('queue "fleeting"');
  });

  test('keeps its jobs again when it is told to', async () => {
    const { body } = await edit({ retention: null });
    expect(body.retention).toBeNull();
    await eventually(async () => (await endOf(await submit({ queue: 'fleeting' }))) === 'kept');
  });
});
