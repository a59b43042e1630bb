import { eventually } from '../support/eventually.js';
import { Client } from '../support/http.js';
import { ExternalWorker } from '../support/external-worker.js';
import { type ProductProcess, startProduct } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const RESIZE = {
  description: 'Makes an image as wide as it is wanted.',
  payload_schema: {
    type: 'object',
    properties: { width: { type: 'integer', minimum: 1 } },
    required: ['width'],
    additionalProperties: false,
  },
  queue: 'images',
  max_attempts: 2,
  backoff: { base_delay: 7, jitter: 0 },
  timeout: 120,
  example: { width: 640 },
};

describe('a job type that is declared over HTTP', () => {
  let app: App;
  let second: ProductProcess;
  let elsewhere: Client;
  beforeAll(async () => {
    app = await startApp('declared types', { workers: 1 });
    second = await startProduct('api', app.database.url);
    elsewhere = new Client(second.ready);
  });
  afterAll(async () => {
    await second?.stop();
    await app?.stop();
  });

  const put = (type: string, body: object = RESIZE) =>
    app.client.send('PUT', `/job-types/${type}`, JSON.stringify(body));
  const remove = (type: string, client = app.client) => client.send('DELETE', `/job-types/${type}`);

  test('is there at once in every process, with all that was said of it', async () => {
    expect((await elsewhere.post('/tasks/resize', {})).body.code).toBe('unknown_job_type');
    const { status, body } = await put('resize');
    expect([status, body]).toMatchObject([
      201,
      {
        ...{ type: 'resize', queue_name: 'images', external: true, max_attempts: 2, timeout: 120 },
        ...{
          payload_schema: RESIZE.payload_schema,
          example: { width: 640 },
          aliases: [],
          internal: false,
          circuit: null,
        },
        backoff: { strategy: 'exponential', base_delay: 7, max_delay: 300, jitter: 0 },
      },
    ]);
    expect((await elsewhere.get('/job-types/resize')).body).toEqual(body);
    expect((await elsewhere.get('/job-types')).body.job_types).toContainEqual(body);
    const { body: job, status: submitted } = await elsewhere.post('/jobs', {
      type: 'resize',
      payload: { width: 5 },
    });
    expect([submitted, job.queue_name, job.max_attempts]).toEqual([201, 'images', 2]);
    expect((await put('resize')).status).toBe(200);
  });

  test('checks payloads wherever jobs are submitted or changed', async () => {
    await put('resize');
    const wrong = { type: 'resize', payload: { width: 0, hight: 1 } };
    const { status, body } = await elsewhere.post('/jobs', wrong);
    expect([status, body.errors.map((fault: any) => [fault.pointer, fault.code])]).toEqual([
      422,
      [
        ['/payload/hight', 'unknown_field'],
        ['/payload/width', 'minimum'],
      ],
    ]);
    const { body: short } = await app.client.post('/tasks/resize', { width: 'x' });
    expect(short.errors).toMatchObject([{ pointer: '/width', code: 'type' }]);
    const right = { type: 'resize', payload: { width: 5 } };
    const { body: batch } = await app.client.post('/jobs/batch', { jobs: [right, { payload: {} }, wrong] });
    expect(batch.errors[0].pointer).toBe('/jobs/2/payload/hight');
    expect((await app.client.post('/jobs/batch', { jobs: [right, { payload: {} }] })).status).toBe(201);
    const { body: job } = await app.client.post('/jobs', { ...right, schedule_in: 60 });
    const edit = (payload: object) =>
      app.client.send('PATCH', `/jobs/${job.job_id}`, JSON.stringify({ payload }));
    expect([(await edit({ width: 0 })).status, (await edit({ width: 6 })).status]).toEqual([422, 200]);
    const { body: typo } = await app.client.post('/jobs', { type: 'rezise', payload: {} });
    expect(typo.detail).toContain('Did you mean "resize"?');
  });

  test('is heeded everywhere within a second when it changes', async () => {
    await put('changing');
    expect((await elsewhere.post('/tasks/changing', { width: 1 })).status).toBe(201);
    await put('changing', { description: 'Anything goes.' });
    expect((await app.client.post('/tasks/changing', { height: 1 })).status).toBe(201);
    await eventually(async () => (await elsewhere.post('/tasks/changing', { height: 1 })).status === 201);
  });

  test('gives its jobs the policy that whoever settles them goes by', async () => {
    await put('resize');
    const { body: job } = await app.client.post('/jobs', {
      type: 'resize',
      payload: { width: 1 },
      queue: 'policy',
    });
    const worker = new ExternalWorker(second.ready, { queues: ['policy'] });
    const lease = await worker.leaseOne();
    expect(lease.timeout).toBe(120);
    await worker.say(lease, 'fail', { error: { message: 'no' } });
    const { body: failed } = await app.client.get(`/jobs/${job.job_id}`);
    expect(Date.parse(failed.scheduled_at) - Date.parse(failed.updated_at)).toBe(7_000);
  });

  test.each([
    ['echo', 'This build has a handler'],
    ['hello_world', 'This build has a handler'],
  ])('cannot be one that a handler answers to: %s', async (type, words) => {
    const { status, body } = await put(type);
    expect([status, body.code, body.detail]).toEqual([
      409,
      'job_type_conflict',
      expect.stringContaining(words),
    ]);
    expect((await remove(type)).status).toBe(409);
  });

  test('cannot be one that a live worker of another build has a handler for', async () => {
    await app.database.pool.query(
      `UPDATE workers SET types = types || '{of_another_build}' WHERE NOT is_external`,
    );
    const { status, body } = await put('of_another_build');
    expect([status, body.detail]).toEqual([409, expect.stringContaining('A live worker has a handler')]);
  });

  test.each<[string, object, string]>([
    ['a name with spaces', {}, ''],
    ['no description', { description: undefined }, '/description'],
    ['a schema that is none', { payload_schema: { type: 'x' } }, '/payload_schema/type'],
    [
      'an evil schema',
      { payload_schema: { properties: { a: { pattern: '(a+)+$' } } } },
      '/payload_schema/properties/a/pattern',
    ],
    ['an example that does not fit', { example: { width: 0 } }, '/example/width'],
    ['a field that there is not', { max_attemps: 5 }, '/max_attemps'],
    ['a queue that cannot be one', { queue: 'A B' }, '/queue'],
  ])('is refused with %s', async (what, change, pointer) => {
    const { status, body } = await put(what === 'a name with spaces' ? 'a%20b' : 'wrong', {
      ...RESIZE,
      ...change,
    });
    expect([status, body.errors?.[0].pointer]).toEqual([422, pointer]);
    expect((await app.client.get('/job-types/wrong')).status).toBe(404);
  });

  test.each(['a%00b', 'a%20b', '%ED%A0%80', 'a'.repeat(101)])('is unknown by the name %s', async (name) => {
    const { status, body } = await app.client.post(`/tasks/${name}`, {});
    expect([status, body.code]).toEqual(
      name.startsWith('%ED') ? [400, expect.any(String)] : [422, 'unknown_job_type'],
    );
    expect((await app.client.get(`/job-types/${name}`)).status).toBe(name.startsWith('%ED') ? 400 : 404);
  });

  test('stays while it has jobs that have not ended, and goes when they have', async () => {
    await put('leaving', { description: 'Leaves.' });
    const { body } = await app.client.post('/tasks/leaving', {});
    const refusal = await remove('leaving', elsewhere);
    expect([refusal.status, refusal.body.code]).toEqual([409, 'job_type_conflict']);
    await app.client.post(`/jobs/${body.job_id}/cancel`);
    expect((await remove('leaving', elsewhere)).status).toBe(204);
    expect((await remove('leaving')).body.code).toBe('job_type_not_found');
    // Also where it is still remembered: the submission asks once more whether it is there.
    const { status, body: problem } = await app.client.post('/tasks/leaving', {});
    expect([status, problem.code]).toEqual([422, 'unknown_job_type']);
    expect((await app.client.get(`/jobs/${body.job_id}`)).body.type).toBe('leaving');
  });

  const ofType = { type: 'scheduled_here', payload: {} };
  const another = { ref: 'a', type: 'echo', payload: {} };
  test.each<[string, object]>([
    ['the job', { job: ofType }],
    ['the job, by its payload,', { job: { payload: { task: ofType.type } } }],
    ['a job of the workflow', { workflow: { jobs: [another, { ref: 'b', ...ofType }] } }],
    ['what follows the workflow', { workflow: { jobs: [another], on_finished: ofType } }],
  ])('stays while it is that of %s of a schedule', async (_, target) => {
    await put(ofType.type, { description: 'Comes by the clock.' });
    const schedule = { name: 'uses-a-type', cron: '0 0 1 1 *', ...target };
    expect((await app.client.post('/schedules', schedule)).status).toBe(201);
    const { status, body } = await remove(ofType.type, elsewhere);
    expect([status, body.code, body.detail]).toEqual([
      409,
      'job_type_conflict',
      'The schedule "uses-a-type" starts jobs of the type "scheduled_here": delete it, or let it start something else, and send this again',
    ]);
    expect((await app.client.send('DELETE', '/schedules/uses-a-type')).status).toBe(204);
    expect((await remove(ofType.type, elsewhere)).status).toBe(204);
  });

  test('is removed or has jobs, never both, whatever is sent at the same time', async () => {
    for (let round = 0; round < 10; round++) {
      const type = `race-${round}`;
      await put(type, { description: 'Races.', queue: 'races' });
      const clients = [app.client, elsewhere];
      const submissions = Array.from({ length: 8 }, (_, at) =>
        clients[at % 2]!.post(`/tasks/${type}`, { at }),
      );
      const removals = [remove(type), remove(type, elsewhere)];
      const accepted = (await Promise.all(submissions)).filter(({ status }) => status === 201).length;
      const removed = (await Promise.all(removals)).filter(({ status }) => status === 204).length;
      const { rows } = await app.database.pool.query(
        `SELECT (SELECT count(*)::int FROM jobs WHERE type = $1) AS jobs, EXISTS (SELECT FROM job_types WHERE type = $1) AS there`,
        [type],
      );
      expect(rows[0]).toEqual({ jobs: accepted, there: removed === 0 });
      expect(removed === 0 || accepted === 0).toBe(true);
    }
  });
});
