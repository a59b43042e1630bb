import { eventually } from '../support/eventually.js';
import { FIXTURE_APP, errorsIn } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

/** How many of a queue's jobs ran at once at most, and in all for how long (s), as the ledger says. */
const OVERLAPS = `
  WITH runs AS (
    SELECT a.started_at, coalesce(a.ended_at, clock_timestamp()) AS ended_at
    FROM job_attempts a JOIN jobs j ON j.id = a.job_id
    WHERE j.queue = $1 AND ($2::text IS NULL OR j.limit_key = $2))
  SELECT max(at_once)::int AS most,
         (SELECT extract(epoch FROM sum(ended_at - started_at))::float8 FROM runs) AS busy,
         (SELECT extract(epoch FROM max(ended_at) - min(started_at))::float8 FROM runs) AS span
  FROM (
    SELECT sum(change) OVER (ORDER BY at, change ROWS UNBOUNDED PRECEDING) AS at_once
    FROM (SELECT started_at AS at, 1 AS change FROM runs UNION ALL SELECT ended_at, -1 FROM runs) AS changes) AS sums`;

/** The most starts of a queue in any span of $2 ms. */
const STARTS = `
  SELECT max(within)::int AS most, count(*)::int AS starts,
         extract(epoch FROM max(started_at) - min(started_at))::float8 AS span
  FROM (
    SELECT a.started_at, count(*) OVER (
             ORDER BY a.started_at RANGE BETWEEN CURRENT ROW AND ($2 * interval '1 ms') FOLLOWING) AS within
    FROM job_attempts a JOIN jobs j ON j.id = a.job_id
    WHERE j.queue = $1 AND NOT j.payload ? 'first' AND ($3::text IS NULL OR j.limit_key = $3)) AS starts`;

describe('limits of a queue, with three workers', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('limits', {
      program: FIXTURE_APP,
      workers: 3,
      environment: { WORKER_CONCURRENCY: '10', WORKER_TIMEOUT: '1' },
    });
  });
  afterAll(() => app?.stop());

  const submit = async (queue: string, count: number, job: object = {}): Promise<string[]> => {
    const jobs = Array.from({ length: count }, () => ({ type: 'echo', payload: {}, queue, ...job }));
    const { status, body } = await app.client.post('/jobs/batch', { jobs });
    expect(status).toBe(201);
    return body.jobs.map((each: { job_id: string }) => each.job_id);
  };
  const patch = (queue: string, body: object, headers: Record<string, string> = { 'If-Match': '*' }) =>
    app.client.send('PATCH', `/queues/${queue}`, JSON.stringify(body), headers);
  const limit = async (queue: string, limits: object | null) => {
    if ((await app.client.get(`/queues/${queue}`)).status === 404)
      await app.jobWith('COMPLETED', (await submit(queue, 1, { payload: { first: true } }))[0]!);
    const { status, body } = await patch(queue, { limits });
    expect([status, body.errors]).toEqual([200, undefined]);
    return body;
  };
  const depth = async (queue: string) =>
    (await app.client.get(`/queues/${queue}`)).body.depth as Record<string, number>;
  const drained = (queue: string, withinMs = 60_000) =>
    eventually(async () => {
      const { PENDING, PROCESSING } = await depth(queue);
      return PENDING === 0 && PROCESSING === 0;
    }, withinMs);
  const overlaps = async (queue: string, key: string | null = null) =>
    (await app.database.pool.query(OVERLAPS, [queue, key])).rows[0] as Record<
      'most' | 'busy' | 'span',
      number
    >;
  const starts = async (queue: string, ms: number, key: string | null = null) =>
    (await app.database.pool.query(STARTS, [queue, ms, key])).rows[0] as Record<
      'most' | 'starts' | 'span',
      number
    >;

  test('are set, shown, and taken away with the settings', async () => {
    const set = await limit('shown', { rate: '100/minute', burst: 5, per_key: { concurrency: 2 } });
    expect(set.limits).toEqual({
      rate: '100/minute',
      burst: 5,
      concurrency: null,
      per_key: { rate: null, burst: 1, concurrency: 2 },
    });
    expect(set.limit_usage).toEqual({ running: 0, next_start_at: null, keys_held_back: 0 });
    const { headers } = await app.client.get('/queues/shown');
    const stale = { 'If-Match': headers.get('etag')! };
    const same = await patch('shown', { limits: { concurrency: 3 } }, stale);
    expect(same.body.limits).toMatchObject({ rate: null, concurrency: 3, per_key: null });
    expect((await patch('shown', { limits: null }, stale)).status).toBe(412);
    expect((await limit('shown', null)).limits).toBeNull();
    expect((await limit('shown', {})).limits).toBeNull();
  });

  test.each([
    [{ rate: '100/minut' }, '/limits/rate', 'second, minute, hour, day'],
    [{ rate: '0/second' }, '/limits/rate', '1 to 1000000'],
    [{ concurrency: 0 }, '/limits/concurrency', '1'],
    [{ concurrency: 10_001 }, '/limits/concurrency', '10000'],
    [{ burst: 3 }, '/limits/burst', 'rate'],
    [{ rate: '5/second', burst: 6 }, '/limits/burst', '5'],
    [{ per_key: { rate: '1/fortnight' } }, '/limits/per_key/rate', 'second, minute, hour, day'],
    [{ concurency: 5 }, '/limits/concurency', 'concurrency'],
  ])('that make no sense are refused: %j', async (limits, pointer, says) => {
    await limit('faults', null);
    const { status, body } = await patch('faults', { limits });
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      expect.objectContaining({ pointer, detail: expect.stringContaining(says) }),
    ]);
  });

  test('of a burst without a rate, and above its rate, are told apart', async () => {
    await limit('faults', null);
    for (const [limits, code] of [
      [{ burst: 3 }, 'burst_without_rate'],
      [{ rate: '5/second', burst: 6 }, 'burst_above_rate'],
    ])
      expect((await patch('faults', { limits })).body.errors[0].code).toBe(code);
  });

  test('a key belongs to its job, and is at most 255 characters long', async () => {
    const { body } = await app.client.post('/jobs', { payload: {}, limit_key: 'customer-42' });
    expect(body.limit_key).toBe('customer-42');
    expect((await app.client.get(`/jobs/${body.job_id}`)).body.limit_key).toBe('customer-42');
    for (const limit_key of ['', 'x'.repeat(256)])
      expect((await app.client.post('/jobs', { payload: {}, limit_key })).status).toBe(422);
  });

  test('no more jobs run at once than they say, also when a worker is killed, and their places are used', async () => {
    await limit('slots', { concurrency: 4 });
    await submit('slots', 120, { type: 'sleep', payload: { ms: 50 } });
    const done = (status: string, count: number) =>
      eventually(async () => (await depth('slots'))[status]! >= count, 30_000);
    await done('COMPLETED', 20);
    const [victim] = app.workers.splice(0, 1);
    await victim!.stop('SIGKILL');
    await app.addWorker();
    await drained('slots');
    const { most, busy, span } = await overlaps('slots');
    expect(most).toBe(4);
    // While nobody knew yet that it was dead its jobs held their places; the first job of the queue ran before all.
    expect(busy / span).toBeGreaterThan(1);
    expect((await depth('slots')).COMPLETED).toBe(121);
  });

  test('no more jobs start in any second than they say, and nearly as many do', async () => {
    await limit('rate', { rate: '20/second', burst: 2 });
    await submit('rate', 100);
    await drained('rate');
    const { most, starts: count, span } = await starts('rate', 1_000);
    expect(most).toBeLessThanOrEqual(20);
    expect(count).toBe(100);
    expect(span).toBeLessThan(20);
  });

  test('those of a key hold up no other keys, nor jobs without one', async () => {
    await limit('keys', { per_key: { rate: '1/hour', concurrency: 1 } });
    for (let batch = 0; batch < 3; batch++) await submit('keys', 1_000, { limit_key: 'slow' });
    const others = await submit('keys', 20);
    const keyed = (
      await Promise.all(['a', 'b', 'c'].map((key) => submit('keys', 1, { limit_key: key })))
    ).flat();
    for (const id of [...others, ...keyed]) await app.jobWith('COMPLETED', id);
    expect((await starts('keys', 60_000, 'slow')).starts).toBe(1);
    const { body } = await app.client.get('/queues/keys');
    expect(body.limit_usage).toMatchObject({ running: 0, keys_held_back: 1 });
    expect(body.depth.PENDING).toBe(2_999);
    const { rows } = await app.database.pool.query(
      `SELECT id FROM jobs WHERE queue = 'keys' AND status = 'PENDING' ORDER BY id LIMIT 1`,
    );
    const explained = await app.client.get(`/jobs/${rows[0].id}/explain`);
    expect(explained.body.reasons[0]).toMatchObject({ code: 'limit', limit_key: 'slow' });
    await limit('keys', { concurrency: 10_000 });
    await drained('keys');
  });

  test('each key has as many running jobs as it may, through failures and cancels', async () => {
    await limit('mixed', { concurrency: 7, per_key: { concurrency: 2 } });
    const ids = [];
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      ids.push(...(await submit('mixed', 20, { limit_key: key, type: 'sleep', payload: { ms: 20 } })));
      ids.push(
        ...(await submit('mixed', 5, {
          limit_key: key,
          type: 'fail',
          payload: { times: 1 },
          retry: { max_attempts: 3 },
        })),
      );
    }
    for (const id of ids.filter((_, index) => index % 10 === 0)) await app.client.post(`/jobs/${id}/cancel`);
    await drained('mixed');
    expect((await overlaps('mixed')).most).toBeLessThanOrEqual(7);
    for (const key of ['a', 'b', 'c', 'd', 'e']) expect((await overlaps('mixed', key)).most).toBe(2);
    const { FAILED } = await depth('mixed');
    expect(FAILED).toBe(0);
    expect(app.workers.map((worker) => errorsIn(worker.output())).flat()).toEqual([]);
  });
});
