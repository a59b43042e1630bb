import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { errorsIn } from '../support/product.js';
import { jobsOf, runsOf, workflowsOf } from '../support/schedules.js';
import { type App, startApp } from '../support/start-app.js';

const WORKFLOW = {
  name: 'nightly report',
  tags: ['night'],
  jobs: [
    { ref: 'tell', depends_on: ['fetch'], payload: { of: { $job: 'fetch' } } },
    { ref: 'fetch', payload: { workflow: { $workflow: 'id' } } },
  ],
  on_finished: { type: 'echo', payload: { over: true } },
};
const JOB = { type: 'echo', payload: { hello: 'world' } };
const ids = (rows: readonly Record<string, any>[]): string[] => rows.map(({ id }) => id).sort();

describe('schedules of workflows', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('schedule_workflows_http', { workers: 3 });
    expect((await app.client.post('/jobs', { payload: {}, queue: 'forgetful' })).status).toBe(201);
    const forgetful = JSON.stringify({ retention: 'none' });
    expect((await app.client.send('PATCH', '/queues/forgetful', forgetful, { 'If-Match': '*' })).status).toBe(
      200,
    );
  });
  afterAll(() => app?.stop());

  const create = (name: string, more: object = {}) =>
    app.client.post('/schedules', { name, cron: '0 3 1 1 *', workflow: WORKFLOW, ...more });
  const patch = (name: string, change: object, ifMatch: string | null) =>
    app.client.send(
      'PATCH',
      `/schedules/${name}`,
      JSON.stringify(change),
      ifMatch === null ? {} : { 'If-Match': ifMatch },
    );
  const run = (name: string, key?: string) =>
    app.client.post(`/schedules/${name}/run`, undefined, key === undefined ? {} : { 'Idempotency-Key': key });

  test('start one for each occurrence, and none is missing, while workers are killed', async () => {
    const names = ['one', 'two', 'three'];
    for (const name of names) expect((await create(name, { cron: '* * * * * *' })).status).toBe(201);
    const reached = (count: number) =>
      eventually(async () => (await runsOf(app.database, 'one')).length >= count, 60_000);
    for (const [round, victim] of app.workers.slice(0, 3).entries()) {
      await reached((round + 1) * 4);
      await victim.stop('SIGKILL');
      if (round < 2) await app.addWorker();
    }
    await app.addWorker();
    await reached(18);
    for (const name of names) await app.client.post(`/schedules/${name}/pause`);

    for (const name of names) {
      const runs = await runsOf(app.database, name);
      expect(runs.map(({ error }) => error)).toEqual(runs.map(() => null));
      runs.slice(1).forEach(({ occurrence }, index) => {
        expect(occurrence.getTime() - runs[index]!.occurrence.getTime()).toBe(1_000);
      });
      const told = runs.map(({ workflow_id }) => workflow_id!);
      expect(new Set(told).size).toBe(runs.length);
      expect(ids(await workflowsOf(app.database, name))).toEqual(told.sort());
      for (const id of told)
        await eventually(async () => {
          const { body } = await app.client.get(`/workflows/${id}`);
          return body.status === 'COMPLETED' && body.on_finished.job_id !== null;
        }, 60_000);
      const refs = (await jobsOf(app.database, name)).map(({ workflow_ref: ref }) => ref ?? 'finisher');
      for (const ref of ['fetch', 'tell', 'finisher'])
        expect(refs.filter((one) => one === ref)).toHaveLength(runs.length);
    }
    for (const worker of app.workers) expect(errorsIn(worker.output())).toEqual([]);

    const { body } = await app.client.get('/schedules/one');
    expect(body).toMatchObject({ last_job_id: null, last_workflow_id: body.runs[0].workflow_id });
    expect(body.runs[0]).toEqual({
      occurrence: body.last_run_at,
      job_id: null,
      workflow_id: expect.any(String),
      error: null,
      made_up: false,
      fired_at: expect.any(String),
    });
    const listed = await app.client.get('/workflows?tag=schedule:one&limit=200');
    expect(ids(listed.body.workflows.map(({ workflow_id }: any) => ({ id: workflow_id })))).toEqual(
      ids(await workflowsOf(app.database, 'one')),
    );
    expect((await app.client.get('/workflows?tag=schedule:on')).body.workflows).toEqual([]);
  });

  test('are made, shown and previewed as others are', async () => {
    const made = await create('shown');
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ job: null, workflow: WORKFLOW, last_workflow_id: null });
    expect((await app.client.get('/schedules/shown')).body).toEqual({ ...made.body, runs: [] });
    const { body } = await app.client.get('/schedules?limit=200');
    expect(body.schedules).toContainEqual(made.body);
    const preview = await app.client.get('/schedules/shown/preview?count=2');
    expect(preview.body.occurrences).toHaveLength(2);
  });

  test.each([
    ['neither', { workflow: undefined }, ['/job is_object']],
    ['both', { job: JOB }, ['/workflow contradiction']],
    ['no jobs', { workflow: { name: 'a' } }, ['/workflow/jobs is_array']],
    ['an empty list', { workflow: { jobs: [] } }, ['/workflow/jobs array_min_size']],
    ['an unknown field', { workflow: { ...WORKFLOW, jbos: [] } }, ['/workflow/jbos unknown_field']],
    [
      'a job at one moment',
      { workflow: { jobs: [{ ref: 'a', payload: {}, scheduled_at: '2030-01-01T00:00:00Z' }] } },
      ['/workflow/jobs/0/scheduled_at same_moment'],
    ],
    [
      'an unknown field of a job',
      { workflow: { jobs: [{ ref: 'a', payload: {}, prioriy: 1 }] } },
      ['/workflow/jobs/0/prioriy unknown_field'],
    ],
    [
      'refs that are not there',
      { workflow: { jobs: [{ ref: 'a', payload: {}, depends_on: ['b'] }] } },
      ['/workflow/jobs/0/depends_on/0 unknown_ref'],
    ],
    [
      'a circle',
      {
        workflow: {
          jobs: [
            { ref: 'a', payload: {}, depends_on: ['b'] },
            { ref: 'b', payload: {}, depends_on: ['a'] },
          ],
        },
      },
      ['/workflow/jobs/0/depends_on circle'],
    ],
    [
      'types that nobody knows and payloads that do not fit',
      {
        workflow: {
          jobs: [
            { ref: 'a', type: 'ehco', payload: {} },
            { ref: 'b', type: 'fetch-joke', payload: { category: 'dev!' } },
          ],
        },
      },
      ['/workflow/jobs/0/type unknown_job_type', '/workflow/jobs/1/payload/category matches'],
    ],
    [
      'a reference to a job that may not be over',
      {
        workflow: {
          jobs: [
            { ref: 'a', payload: {} },
            { ref: 'b', payload: { x: [{ $job: 'a' }] } },
          ],
        },
      },
      ['/workflow/jobs/1/payload/x/0 unknown_reference'],
    ],
    [
      'what follows and nobody knows',
      { workflow: { ...WORKFLOW, on_finished: { type: 'ehco', payload: {} } } },
      ['/workflow/on_finished/type unknown_job_type'],
    ],
    [
      'a URL that nobody can tell the end of a job',
      { workflow: { jobs: [{ ref: 'a', payload: {}, callback_url: 'https://hooks.example/a' }] } },
      ['/workflow/jobs/0/callback_url callback_url'],
    ],
    [
      'a URL that nobody can tell its own end',
      { workflow: { ...WORKFLOW, callback_url: 'https://hooks.example/a' } },
      ['/workflow/callback_url callback_url'],
    ],
    [
      'a queue that keeps nothing',
      {
        workflow: {
          jobs: [
            { ref: 'a', payload: {} },
            { ref: 'b', payload: {}, queue: 'forgetful' },
          ],
        },
      },
      ['/workflow/jobs/1/queue nothing_is_kept'],
    ],
    [
      'no room for the tag of the schedule',
      {
        workflow: {
          tags: Array.from({ length: 20 }, (_, at) => `t${at}`),
          jobs: [{ ref: 'a', payload: {}, tags: Array.from({ length: 20 }, (_, at) => `t${at}`) }],
        },
      },
      ['/workflow/tags array_max_size', '/workflow/jobs/0/tags array_max_size'],
    ],
  ])('with %s are refused', async (_, wrong, faults) => {
    const made = await create('wrong', wrong);
    const told = (made.body.errors ?? []).map(({ pointer, code }: any) => `${pointer} ${code}`);
    expect([made.status, told]).toEqual([422, faults]);
    expect((await app.client.get('/schedules/wrong')).status).toBe(404);
  });

  test('turn from a job into a workflow and back, over the version that was read', async () => {
    const made = await create('turning', { workflow: undefined, job: JOB });
    const etag = made.headers.get('etag')!;
    expect((await patch('turning', { workflow: WORKFLOW }, null)).status).toBe(428);
    const turned = await patch('turning', { workflow: WORKFLOW }, etag);
    expect(turned.body).toMatchObject({
      job: null,
      workflow: WORKFLOW,
      next_run_at: made.body.next_run_at,
    });
    expect((await patch('turning', { job: JOB }, etag)).status).toBe(412);
    expect((await patch('turning', { missed: 'once' }, '*')).body).toMatchObject({
      job: null,
      workflow: WORKFLOW,
      missed: 'once',
    });
    const both = await patch('turning', { job: JOB, workflow: WORKFLOW }, '*');
    expect([both.status, both.body.errors[0].code]).toEqual([422, 'contradiction']);
    const circle = { jobs: [{ ref: 'a', payload: {}, depends_on: ['a'] }] };
    const wrong = await patch('turning', { workflow: circle }, '*');
    expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([
      422,
      expect.stringMatching(/^\/workflow\/jobs\/0\//),
    ]);
    expect((await run('turning')).body.workflow_id).toEqual(expect.any(String));
    const back = await patch('turning', { job: JOB }, '*');
    expect(back.body).toMatchObject({ job: JOB, workflow: null, missed: 'once' });
    expect((await run('turning')).body).toMatchObject({ type: 'echo', workflow_id: null });
  });

  test('run by hand start it, also while paused, once for one key', async () => {
    await create('by-hand');
    await create('like-it');
    await app.client.post('/schedules/by-hand/pause');
    const ran = await Promise.all(Array.from({ length: 5 }, () => run('by-hand', 'k')));
    expect(ran.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    expect(new Set(ran.map(({ body }) => body.workflow_id)).size).toBe(1);
    const first = ran.find(({ status }) => status === 201)!;
    expect(first.headers.get('location')).toBe(`/workflows/${first.body.workflow_id}`);
    expect(first.body.jobs.map(({ ref }: any) => ref)).toEqual(['fetch', 'tell']);
    for (const { headers } of ran.filter(({ status }) => status === 200))
      expect(headers.get('idempotent-replayed')).toBe('true');
    expect((await run('by-hand')).status).toBe(201);
    expect((await app.client.get('/workflows?tag=schedule:by-hand')).body.workflows).toHaveLength(2);
    expect((await app.client.get('/workflows?tag=night&name=nightly%20report')).body.workflows).not.toEqual(
      [],
    );
    expect((await app.client.get(`/workflows/${first.body.workflow_id}`)).body.tags).toEqual([
      'night',
      'schedule:by-hand',
    ]);
    // Another schedule that starts the same is another request.
    const other = await run('like-it', 'k');
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    expect((await app.client.get('/schedules/by-hand')).body.runs).toEqual([]);
  });

  test('start jobs of types that were declared over HTTP', async () => {
    const declared = await app.client.send(
      'PUT',
      '/job-types/resize_image',
      JSON.stringify({
        description: 'Makes an image smaller.',
        payload_schema: { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] },
        example: { url: 'x' },
      }),
    );
    expect(declared.status).toBe(201);
    const jobs = (payload: object) => [{ ref: 'a', type: 'resize_image', payload }];
    const wrong = await create('declared', { workflow: { jobs: jobs({}) } });
    expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([422, '/workflow/jobs/0/payload/url']);
    expect(
      (await create('declared', { cron: '* * * * * *', workflow: { jobs: jobs({ url: 'y' }) } })).status,
    ).toBe(201);
    await eventually(async () => (await runsOf(app.database, 'declared')).length > 0);
    await app.client.post('/schedules/declared/pause');
    expect(await runsOf(app.database, 'declared')).toMatchObject(
      (await workflowsOf(app.database, 'declared')).map(({ id }) => ({ workflow_id: id, error: null })),
    );
  });
});
