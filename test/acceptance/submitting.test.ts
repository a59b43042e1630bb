import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { type Answer, Client } from '../support/http.js';
import { FIXTURE_APP, type ProductProcess, startProduct } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

describe('submitting', () => {
  let app: App;
  let secondApi: ProductProcess;
  beforeAll(async () => {
    app = await startApp('submitting', { program: FIXTURE_APP });
    secondApi = await startProduct('api', app.database.url, {}, FIXTURE_APP);
  });
  afterAll(async () => {
    await secondApi?.stop();
    await app?.stop();
  });

  /** Asks again when there was no answer, or told so, as a client does. */
  const untilAccepted = async (ask: () => Promise<Answer>): Promise<Answer> => {
    const answer = await ask().catch(() => undefined);
    return answer === undefined || answer.status === 503 ? untilAccepted(ask) : answer;
  };

  const later = { scheduled_at: '2090-01-01T00:00:00Z' };

  describe('with an idempotency key', () => {
    test('a thousand times on fifty keys over two processes makes fifty jobs', async () => {
      const clients = [app.client, new Client(secondApi.ready)];
      const keys = Array.from({ length: 50 }, () => randomUUID());
      const answers = await Promise.all(
        Array.from({ length: 1_000 }, (_, index) =>
          untilAccepted(() =>
            clients[index % 2]!.post(
              '/jobs',
              { payload: { n: index % 50 } },
              { 'Idempotency-Key': keys[index % 50]! },
            ),
          ),
        ),
      );
      const ids = answers.map(({ body }) => body.job_id);
      expect(answers.filter(({ status }) => status !== 201 && status !== 200)).toEqual([]);
      expect(answers.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(50);
      ids.forEach((id, index) => expect(id).toBe(ids[index % 50]));
      const { rows } = await app.database.pool.query(
        'SELECT count(*)::int AS n FROM jobs WHERE idempotency_key = ANY($1)',
        [keys],
      );
      expect(rows[0].n).toBe(50);
    });

    test('is answered with the job as it is now, and says so', async () => {
      const request = { payload: { a: 1, b: 2 }, idempotency_key: randomUUID() };
      const first = await app.client.post('/jobs', request);
      expect(first).toMatchObject({ status: 201, body: { idempotency_key: request.idempotency_key } });
      expect(first.headers.get('idempotent-replayed')).toBeNull();
      await app.jobWith('COMPLETED', first.body.job_id);
      const { idempotency_key, payload } = request;
      const again = await app.client.post('/jobs', { idempotency_key, payload: { b: 2, a: payload.a } });
      expect(again).toMatchObject({ status: 200, body: { job_id: first.body.job_id, status: 'COMPLETED' } });
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect(again.headers.get('location')).toBe(`/jobs/${first.body.job_id}`);
    });

    test('of another request is refused and names the job', async () => {
      const key = { 'Idempotency-Key': randomUUID() };
      const first = await app.client.post('/jobs', { payload: { a: 1 } }, key);
      const second = await app.client.post('/jobs', { payload: { a: 2 } }, key);
      expect(second).toMatchObject({
        status: 422,
        body: { code: 'idempotency_key_reused', status: 422, job_id: first.body.job_id },
      });
      const short = await app.client.post('/tasks/echo', { a: 1 }, key);
      expect(short).toMatchObject({ status: 200, body: { job_id: first.body.job_id, status: 'queued' } });
    });

    test.each([
      ['two different keys', { 'Idempotency-Key': 'a' }, { idempotency_key: 'b' }],
      ['a header that is no key', { 'Idempotency-Key': 'é' }, {}],
      ['a key that is too long', { 'Idempotency-Key': 'x'.repeat(256) }, {}],
      ['an empty key', {}, { idempotency_key: '' }],
      ['a key beyond ASCII', {}, { idempotency_key: 'é' }],
    ])('refuses %s', async (_, headers, body) => {
      const answer = await app.client.post('/jobs', { payload: {}, ...body }, headers);
      expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
      expect(answer.body.errors[0].pointer).toBe('/idempotency_key');
    });
  });

  describe('a unique job', () => {
    const submit = (unique: object, more: object = {}) =>
      app.client.post('/jobs', { payload: { n: 1 }, unique, ...later, ...more });

    test('is by default its type and payload while it waits', async () => {
      const payload = { unique: randomUUID() };
      const first = await submit({}, { payload });
      expect(first).toMatchObject({ status: 201, body: { unique_key: expect.stringMatching(/^sha256:/) } });
      expect(await submit({}, { payload })).toMatchObject({
        status: 200,
        body: { job_id: first.body.job_id },
      });
      expect((await submit({}, { payload: { ...payload, more: 1 } })).status).toBe(201);
      await app.client.post(`/jobs/${first.body.job_id}/run-now`);
      await app.jobWith('COMPLETED', first.body.job_id);
      expect((await submit({}, { payload })).status).toBe(201);
    });

    test('may be refused, with the id of the one there is', async () => {
      const key = randomUUID();
      const first = await submit({ key, on_conflict: 'reject' });
      expect(await submit({ key, on_conflict: 'reject' })).toMatchObject({
        status: 409,
        body: {
          status: 409,
          code: 'job_already_exists',
          existing_job_id: first.body.job_id,
          job_status: 'PENDING',
        },
      });
    });

    test('may take over what the new one brings', async () => {
      const key = randomUUID();
      const first = await submit({ key });
      const second = await submit({ key, on_conflict: 'replace' }, { payload: { n: 2 }, priority: 1 });
      expect(second).toMatchObject({
        status: 200,
        body: { job_id: first.body.job_id, payload: { n: 2 }, priority: 1 },
      });
    });

    test.each([
      [{ by: [] }, '/unique/by'],
      [{ by: ['tags'] }, '/unique/by'],
      [{ by: ['type'], key: 'x' }, '/unique/by'],
      [{ while: 'forever' }, '/unique/while'],
      [{ while: { seconds: 0 } }, '/unique/while'],
      [{ while: { seconds: 5, minutes: 1 } }, '/unique/while'],
      [{ on_conflict: 'ignore' }, '/unique/on_conflict'],
      [{ wile: 'waiting' }, '/unique/wile'],
    ])('refuses %j', async (unique, pointer) => {
      const answer = await submit(unique);
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
    });
  });

  describe('a batch', () => {
    const countOf = async (tag: string) => {
      const { rows } = await app.database.pool.query(
        'SELECT count(*)::int AS n FROM jobs WHERE $1 = ANY(tags)',
        [tag],
      );
      return rows[0].n as number;
    };

    test('of 10,000 jobs is accepted as one and run', async () => {
      const tag = randomUUID();
      const jobs = Array.from({ length: 10_000 }, (_, n) => ({ payload: { n }, tags: [tag], ...later }));
      const { status, body } = await app.client.post('/jobs/batch', { jobs });
      expect(status).toBe(201);
      expect(body.jobs).toHaveLength(10_000);
      expect(new Set(body.jobs.map((job: any) => job.job_id)).size).toBe(10_000);
      expect(await countOf(tag)).toBe(10_000);
      const last = body.jobs.at(-1).job_id;
      expect((await app.client.get(`/jobs/${last}`)).body.payload).toEqual({ n: 9_999 });
      await app.client.post(`/jobs/${last}/run-now`);
      await app.jobWith('COMPLETED', last);
    });

    test('is refused as a whole, with every fault at its place', async () => {
      const tag = randomUUID();
      const good = { payload: {}, tags: [tag] };
      const { status, body } = await app.client.post('/jobs/batch', {
        jobs: [
          good,
          { ...good, priority: 11 },
          7,
          { ...good, type: 'ecko' },
          { ...good, depends_on: ['x'] },
          { ...good, max_attempts: 1, retry: 1 },
          good,
        ],
      });
      expect(status).toBe(422);
      expect(body.errors.map(({ pointer }: any) => pointer)).toEqual([
        '/jobs/1/priority',
        '/jobs/2',
        '/jobs/3/type',
        '/jobs/4/depends_on',
        '/jobs/5/retry',
      ]);
      expect(await countOf(tag)).toBe(0);
    });

    test('is refused as a whole when the database finds the fault', async () => {
      const tag = randomUUID();
      const missing = '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55';
      const key = randomUUID();
      const good = { payload: {}, tags: [tag] };
      const unknownParent = await app.client.post('/jobs/batch', {
        jobs: [good, { ...good, depends_on: [missing] }],
      });
      expect(unknownParent).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/jobs/1/depends_on/0' }] },
      });
      await app.client.post('/jobs', { payload: {}, unique: { key }, ...later });
      const taken = await app.client.post('/jobs/batch', {
        jobs: [good, { ...good, unique: { key, on_conflict: 'reject' } }],
      });
      expect(taken).toMatchObject({ status: 409, body: { errors: [{ pointer: '/jobs/1/unique' }] } });
      expect(await countOf(tag)).toBe(0);
    });

    test('says of each job whether another one answers for it', async () => {
      const job = { payload: {}, idempotency_key: randomUUID(), ...later };
      const { body } = await app.client.post('/jobs/batch', { jobs: [job, job] });
      expect(body.jobs.map(({ created }: any) => created)).toEqual([true, false]);
      expect(body.jobs[0].job_id).toBe(body.jobs[1].job_id);
    });

    test.each([
      ['no jobs', { jobs: [] }, {}, 422],
      ['too many', { jobs: Array.from({ length: 10_001 }, () => ({ payload: {} })) }, {}, 422],
      ['no list', { jobs: {} }, {}, 422],
      ['a header for all', { jobs: [{ payload: {} }] }, { 'Idempotency-Key': 'k' }, 422],
      ['a job that is too large', { jobs: [{ payload: { a: 'x'.repeat(1_048_576) } }] }, {}, 422],
    ])('refuses %s', async (_, body, headers, status) => {
      expect((await app.client.post('/jobs/batch', body, headers)).status).toBe(status);
    });
  });

  test('what is refused by what is there leaves no new queue behind', async () => {
    const key = randomUUID();
    const taken = { key, while: 'unfinished', on_conflict: 'reject' };
    await app.client.post('/jobs', { payload: { a: 1 }, idempotency_key: key, unique: taken, ...later });
    const refusals = [
      { payload: { a: 2 }, idempotency_key: key },
      { payload: {}, unique: taken },
      { payload: {}, depends_on: ['01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55'] },
    ];
    for (const [number, refused] of refusals.entries()) {
      const queue = `refused-${number}`;
      expect((await app.client.post('/jobs', { ...refused, queue })).status).toBeGreaterThanOrEqual(409);
      expect((await app.client.get(`/queues/${queue}`)).status).toBe(404);
    }
    expect((await app.client.post('/jobs', { payload: {}, queue: 'refused-0' })).status).toBe(201);
    expect((await app.client.get('/queues/refused-0')).status).toBe(200);
  });

  test('a batch of more than 32 MiB is refused before it is read', async () => {
    const size = 32 * 1024 * 1024 + 1;
    const request = httpRequest(`${app.api.ready}/jobs/batch`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Content-Length': size },
    });
    request.on('error', () => undefined).flushHeaders();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(413);
    request.destroy();
  });

  test('jobs that depend on others run after them, and end with them', async () => {
    const parent = (await app.client.post('/jobs', { payload: { a: 1 }, ...later })).body.job_id;
    const child = (await app.client.post('/jobs', { payload: {}, depends_on: [parent] })).body;
    expect(child).toMatchObject({ status: 'BLOCKED', depends_on: [parent] });
    await app.client.post(`/jobs/${parent}/run-now`);
    const done = await app.jobWith('COMPLETED', child.job_id);
    expect(Date.parse(done.started_at)).toBeGreaterThanOrEqual(
      Date.parse((await app.client.get(`/jobs/${parent}`)).body.finished_at),
    );

    const failing = (await app.client.post('/jobs', { type: 'fail', payload: {}, max_attempts: 1 })).body
      .job_id;
    const orphan = (await app.client.post('/jobs', { payload: {}, depends_on: [failing] })).body.job_id;
    const cancelled = await app.jobWith('CANCELLED', orphan);
    expect(cancelled.error_message).toBe(`Job ${failing}, which this one depends on, ended FAILED`);
    const late = await app.client.post('/jobs', { payload: {}, depends_on: [failing] });
    expect(late).toMatchObject({ status: 201, body: { status: 'CANCELLED' } });
  });

  test('jobs of one lock run one after the other, in the order of their creation', async () => {
    const lock = randomUUID();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      const { body } = await app.client.post('/jobs', {
        type: 'sleep',
        payload: { ms: 30 },
        lock,
        queue: `q${n % 2}`,
      });
      ids.push(body.job_id);
    }
    const jobs = await Promise.all(ids.map((id) => app.jobWith('COMPLETED', id)));
    for (const [index, job] of jobs.entries()) {
      const before = jobs[index - 1];
      if (before) expect(Date.parse(job.started_at)).toBeGreaterThanOrEqual(Date.parse(before.finished_at));
    }
  });
});
