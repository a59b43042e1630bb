import { eventually } from '../support/eventually.js';
import { Client } from '../support/http.js';
import { FIXTURE_APP, type ProductProcess, startProduct } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const MOST = 5;

/** A quota is heeded by every process within this time (ms), and a busy machine may take longer. */
const HEEDED_MS = 5_000;

describe('a queue that says how many jobs may wait in it', () => {
  let app: App;
  let other: ProductProcess;
  let beside: Client;
  beforeAll(async () => {
    app = await startApp('queue_quotas', { program: FIXTURE_APP, workers: 0 });
    other = await startProduct('api', app.database.url, {}, FIXTURE_APP);
    beside = new Client(other.ready);
  });
  afterAll(async () => {
    await other?.stop();
    await app?.stop();
  });

  const submit = (queue: string, more: object = {}, of = app.client) =>
    of.post('/jobs', { payload: {}, queue, ...more });
  const limit = (queue: string, most: number | null) =>
    app.client.send('PATCH', `/queues/${queue}`, JSON.stringify({ max_waiting: most }), { 'If-Match': '*' });
  const waiting = async (queue: string): Promise<number> => {
    const { rows } = await app.database.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM jobs WHERE queue = $1 AND status IN ('PENDING', 'BLOCKED')`,
      [queue],
    );
    return rows[0]!.count;
  };
  /** Submits a job and takes it back, until both processes answer so. */
  const bothAnswer = async (wanted: number, queue: string) => {
    for (const client of [app.client, beside])
      await eventually(async () => {
        const { status, body } = await submit(queue, {}, client);
        if (status === 201) await app.client.post(`/jobs/${body.job_id}/cancel`);
        return status === wanted;
      }, HEEDED_MS);
  };
  /** A queue with one job that waits and room for so many more, which both processes know. */
  const limited = async (queue: string, room = MOST) => {
    await submit(queue, { schedule_in: 3_600 });
    const answer = await limit(queue, 1);
    expect([answer.status, answer.body.max_waiting]).toEqual([200, 1]);
    await bothAnswer(429, queue);
    await limit(queue, room + 1);
    await bothAnswer(201, queue);
    expect(await waiting(queue)).toBe(1);
  };

  test('takes so many, refuses the next, and takes it when one has left', async () => {
    await limited('counted');
    const answers = [];
    for (let place = 0; place < MOST; place++) answers.push((await submit('counted')).status);
    expect(answers).toEqual([201, 201, 201, 201, 201]);
    const refused = await submit('counted');
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      429,
      'queue_full',
      '5',
    ]);
    expect(refused.body).toMatchObject({ queue: 'counted', max_waiting: MOST + 1 });
    expect(refused.body.detail).toContain('nothing was accepted');
    expect((await submit('elsewhere')).status).toBe(201);
    const { body } = await app.client.get('/jobs?queue=counted&limit=1');
    await app.client.post(`/jobs/${body.jobs[0].job_id}/cancel`);
    await eventually(async () => (await submit('counted')).status === 201, 2_000);
    expect(await waiting('counted')).toBe(MOST + 1);
    expect((await app.client.get('/queues/counted')).body.max_waiting).toBe(MOST + 1);
  });

  test.each([
    [
      'a batch',
      (queue: string, jobs: object[]) => ['/jobs/batch', { jobs: jobs.map((job) => ({ ...job, queue })) }],
    ],
    [
      'a group',
      (queue: string, jobs: object[]) => [
        '/jobs/batch',
        { jobs: jobs.map((job) => ({ ...job, queue })), group: { name: 'g' } },
      ],
    ],
    [
      'a workflow',
      (queue: string, jobs: object[]) => [
        '/workflows',
        {
          jobs: jobs.map((job, place) => ({
            ...job,
            queue,
            ref: `j${place}`,
            ...(place > 0 ? { depends_on: [`j${place - 1}`] } : {}),
          })),
        },
      ],
    ],
    [
      'jobs with keys',
      (queue: string, jobs: object[]) => [
        '/jobs/batch',
        { jobs: jobs.map((job, place) => ({ ...job, queue, idempotency_key: `${queue} ${place}` })) },
      ],
    ],
  ])('takes all or nothing of %s', async (what, make) => {
    const queue = what.replaceAll(' ', '-');
    await limited(queue);
    const send = (count: number) => {
      const [path, body] = make(
        queue,
        Array.from({ length: count }, () => ({ payload: {} })),
      ) as [string, object];
      return app.client.post(path, body);
    };
    const refused = await send(MOST + 1);
    expect([refused.status, refused.body.code]).toEqual([429, 'queue_full']);
    expect(await waiting(queue)).toBe(1);
    const { rows } = await app.database.pool.query(
      'SELECT 1 FROM workflows w WHERE NOT EXISTS (SELECT 1 FROM jobs j WHERE j.workflow_id = w.id)',
    );
    expect(rows).toEqual([]);
    expect((await send(MOST)).status).toBe(201);
    expect(await waiting(queue)).toBe(MOST + 1);
  });

  test('says of more than it can ever take that it is too much', async () => {
    await limited('small');
    const jobs = Array.from({ length: 10 }, () => ({ payload: {}, queue: 'small' }));
    const { status, body } = await app.client.post('/jobs/batch', { jobs });
    expect([status, body.detail]).toEqual([429, expect.stringContaining('send fewer at a time')]);
  });

  test('answers again what it has accepted before, however full it is', async () => {
    await limited('replayed');
    const jobs = Array.from({ length: MOST }, (_, place) => ({ idempotency_key: `again ${place}` }));
    const first = await Promise.all(jobs.map((job) => submit('replayed', job)));
    expect(first.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect((await submit('replayed', { idempotency_key: 'new' })).status).toBe(429);
    const again = await Promise.all(jobs.map((job) => submit('replayed', job)));
    expect(again.map(({ body }) => body.job_id)).toEqual(first.map(({ body }) => body.job_id));
  });

  test.each([
    ['plain jobs', () => ({})],
    ['jobs with keys', (place: number) => ({ idempotency_key: `raced ${place}` })],
    ['jobs with locks', () => ({ lock: 'raced' })],
  ])('is never overfilled by one process, whatever comes at once: %s', async (what, more) => {
    const queue = `raced-${what.replaceAll(' ', '-')}`;
    await limited(queue);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, place) => submit(queue, more(place))));
    expect(answers.filter(({ status }) => ![201, 429].includes(status))).toEqual([]);
    const accepted = answers.filter(({ status }) => status === 201).length;
    expect(await waiting(queue)).toBe(1 + accepted);
    expect(accepted).toBeLessThanOrEqual(MOST);
    await eventually(async () => (await submit(queue, more(1_000))).status === 429 || undefined);
    expect(await waiting(queue)).toBe(MOST + 1);
  });

  test('is overfilled by several processes by no more than they had on their way', async () => {
    await limited('shared', 50);
    const inFlight = 10;
    let accepted = 0;
    const flood = async (client: Client) => {
      for (let round = 0; round < 30; round++) {
        const { status } = await submit('shared', {}, client);
        if (status === 201) accepted += 1;
      }
    };
    await Promise.all(
      Array.from({ length: inFlight }, (_, number) => flood(number % 2 ? app.client : beside)),
    );
    expect(await waiting('shared')).toBe(1 + accepted);
    expect(accepted).toBeGreaterThanOrEqual(50);
    // What the other one stores within a tenth of a second is not seen: on this machine far less than all.
    expect(accepted).toBeLessThan(300);
    expect((await submit('shared')).status).toBe(429);
  });

  test('refuses nothing that follows from what was accepted', async () => {
    const worker = await app.addWorker();
    const failing = { type: 'fail', payload: {}, max_attempts: 2, backoff: { base_delay: 0, jitter: 0 } };
    await limited('followed', 1);
    await app.client.send(
      'PATCH',
      '/queues/followed',
      JSON.stringify({ max_waiting: 1, dead_letter_queue: 'followed-dead' }),
      { 'If-Match': '*' },
    );
    await limit('followed-dead', 1);
    await submit('followed-dead', { schedule_in: 3_600 });
    await limit('followed', 2);
    const { body } = await eventually(async () => {
      const answer = await submit('followed', failing);
      return answer.status === 201 ? answer : undefined;
    });
    await app.jobWith('FAILED', body.job_id);
    await limit('followed', 1);
    expect((await app.client.get('/jobs?queue=followed-dead')).body.jobs).toHaveLength(2);
    expect((await app.client.post(`/jobs/${body.job_id}/retry`)).status).toBe(200);
    await app.jobWith('FAILED', body.job_id);
    const job = { type: 'echo', payload: {}, queue: 'followed' };
    await app.client.post('/schedules', { name: 'accepted', cron: '0 3 * * *', job });
    await eventually(
      async () => (await submit('followed', { schedule_in: 3_600 })).status === 429,
      HEEDED_MS,
    );
    expect((await app.client.post('/schedules/accepted/run')).status).toBe(201);
    await worker.stop();
  });

  test('takes any number when there is none', async () => {
    await limited('freed');
    expect((await limit('freed', null)).body.max_waiting).toBeNull();
    const jobs = Array.from({ length: 100 }, () => ({ payload: {}, queue: 'freed' }));
    await eventually(async () => (await app.client.post('/jobs/batch', { jobs })).status === 201, HEEDED_MS);
    const wrong = await limit('freed', 0);
    expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([422, '/max_waiting']);
  });

  test('is every queue where the service says so', async () => {
    const api = await startProduct('api', app.database.url, { QUEUE_MAX_WAITING: '2' }, FIXTURE_APP);
    const client = new Client(api.ready);
    const statuses = [];
    for (let place = 0; place < 3; place++) statuses.push((await submit('any', {}, client)).status);
    expect(statuses).toEqual([201, 201, 429]);
    await limit('any', 3);
    await eventually(async () => (await submit('any', {}, client)).status === 201, HEEDED_MS);
    expect((await submit('any', {}, client)).status).toBe(429);
    await api.stop();
  });
});
