import { eventually, SOON_MS } from '../support/eventually.js';
import { ExternalWorker, type Lease } from '../support/external-worker.js';
import { Client } from '../support/http.js';
import { type ProductProcess, startProduct } from '../support/product.js';
import { RunningProgram } from '../support/running-program.js';
import { type App, startApp } from '../support/start-app.js';

describe('external workers among everything else', () => {
  let app: App;
  let second: ProductProcess;
  let worker: ExternalWorker;
  /** Asks the other API, as behind a load balancer. */
  let other: ExternalWorker;
  let elsewhere: Client;
  beforeAll(async () => {
    app = await startApp('external together', { workers: 1 });
    second = await startProduct('api', app.database.url);
    elsewhere = new Client(second.ready);
  });
  beforeEach(() => {
    worker = new ExternalWorker(app.api.ready, { queues: ['outside'] });
    other = new ExternalWorker(second.ready, { queues: ['outside'] });
  });
  afterAll(async () => {
    await second?.stop();
    await app?.stop();
  });

  const put = async (type: string, more: object = {}) => {
    const body = {
      description: 'For tests.',
      queue: 'outside',
      backoff: { base_delay: 0.1, jitter: 0 },
      ...more,
    };
    const { status, body: answer } = await app.client.send('PUT', `/job-types/${type}`, JSON.stringify(body));
    if (status > 201) throw new Error(JSON.stringify(answer));
  };
  const remove = async (type: string) => (await elsewhere.send('DELETE', `/job-types/${type}`)).status;
  const complete = (lease: Lease, result: unknown, by = worker) => by.say(lease, 'complete', { result });
  const hasWaiter = (name: string) =>
    eventually(async () =>
      (await app.client.get('/workers')).body.workers.some((w: any) => w.hostname === name),
    );

  test('run the jobs of a workflow, with the results of those before, and its last one; the types stay so long', async () => {
    for (const type of ['fetch', 'merge', 'tell']) await put(type);
    const { status, body } = await elsewhere.post('/workflows', {
      name: 'outside',
      jobs: [
        { ref: 'a', type: 'fetch', payload: { of: 'a' } },
        { ref: 'b', type: 'fetch', payload: { of: 'b' } },
        { ref: 'both', type: 'merge', payload: {}, depends_on: ['a', 'b'] },
      ],
      on_finished: { type: 'tell', payload: { id: { $workflow: 'id' } } },
    });
    expect(status).toBe(201);
    for (const type of ['fetch', 'merge', 'tell']) expect([type, await remove(type)]).toEqual([type, 409]);
    for (const by of [worker, other]) {
      const lease = await by.leaseOne();
      expect(lease.job.type).toBe('fetch');
      await complete(lease, { got: lease.job.payload.of }, by);
    }
    const merge = await worker.leaseOne();
    expect([merge.job.type, await remove('tell')]).toEqual(['merge', 409]);
    const { body: before } = await app.client.get(`/jobs/${merge.job.job_id}/parents`);
    expect(before.parents.map(({ ref, result }: any) => [ref, result])).toEqual([
      ['a', { got: 'a' }],
      ['b', { got: 'b' }],
    ]);
    await complete(merge, 'ab');
    const last = await other.leaseOne();
    expect(last.job).toMatchObject({ type: 'tell', payload: { id: body.workflow_id } });
    expect(await remove('tell')).toBe(409);
    await complete(last, null, other);
    const { body: workflow } = await app.client.get(`/workflows/${body.workflow_id}`);
    expect([workflow.status, workflow.on_finished.job_id]).toEqual(['COMPLETED', last.job.job_id]);
    for (const type of ['fetch', 'merge', 'tell']) expect([type, await remove(type)]).toEqual([type, 204]);
  });

  test('run what is scheduled as soon as it is due', async () => {
    await put('tick');
    const { status } = await elsewhere.post('/schedules', {
      name: 'ticks',
      rrule: 'FREQ=SECONDLY;INTERVAL=2;COUNT=2',
      job: { type: 'tick', payload: {} },
    });
    expect(status).toBe(201);
    for (let tick = 0; tick < 2; tick++) await complete(await worker.leaseOne(), tick);
    const { runs } = await eventually(async () => {
      const { body } = await app.client.get('/schedules/ticks');
      return body.runs.length === 2 ? body : undefined;
    });
    const late = runs.map((run: any) => Date.parse(run.fired_at) - Date.parse(run.occurrence));
    expect(Math.max(...late)).toBeLessThan(SOON_MS);
  });

  test('may take a job from one API and end it at another', async () => {
    await put('moving');
    const waiting = worker.leaseOne();
    await hasWaiter(worker.name);
    const sentAt = performance.now();
    await elsewhere.post('/tasks/moving', {});
    const lease = await waiting;
    expect(performance.now() - sentAt).toBeLessThan(SOON_MS);
    expect((await other.say(lease, 'heartbeat', { progress: 5 })).status).toBe(200);
    expect((await complete(lease, 1, other)).body).toMatchObject({ job_status: 'COMPLETED' });
    expect((await complete(lease, 1)).status).toBe(200);
  });

  test('are answered at once by an API that stops, and wait on at another one', async () => {
    await put('staying');
    const third = await startProduct('api', app.database.url);
    const moving = new ExternalWorker(third.ready, { queues: ['outside'] });
    const waiting = moving.lease({ wait: 30 });
    await hasWaiter(moving.name);
    const sentAt = performance.now();
    const stopped = third.stop();
    expect(await waiting).toEqual([]);
    await stopped;
    expect(performance.now() - sentAt).toBeLessThan(15_000);
    expect(third.child.exitCode).toBe(0);
    const { body } = await app.client.post('/tasks/staying', {});
    const lease = await other.leaseOne();
    expect([lease.job.job_id, lease.attempt]).toEqual([body.job_id, 1]);
    await complete(lease, null, other);
  });

  test('lose what they were given by an API that was killed, and nothing else', async () => {
    await put('surviving');
    const third = await startProduct('api', app.database.url);
    const moving = new ExternalWorker(third.ready, { queues: ['outside'] });
    const { body } = await app.client.post('/tasks/surviving', {});
    const lease = await moving.leaseOne();
    await third.stop('SIGKILL');
    expect((await other.say(lease, 'heartbeat')).status).toBe(200);
    expect((await complete(lease, 'done', other)).status).toBe(200);
    expect(await app.jobWith('COMPLETED', body.job_id)).toMatchObject({ attempts: 1, result: 'done' });
  });

  test('get back what failed for good and was redriven or retried', async () => {
    await put('failing', { max_attempts: 1 });
    const ids: string[] = [];
    for (let job = 0; job < 3; job++)
      ids.push((await app.client.post('/tasks/failing', { job })).body.job_id);
    const failAll = async () => {
      for (const _ of ids)
        await worker.say(await worker.leaseOne(), 'fail', { error: { message: 'no' }, permanent: true });
    };
    await failAll();
    const { status } = await app.client.post('/bulk-operations', {
      action: 'retry',
      filter: { type: 'failing', status: 'FAILED' },
    });
    expect(status).toBe(202);
    await failAll();
    for (const id of ids)
      expect((await app.client.get(`/jobs/${id}`)).body).toMatchObject({ status: 'FAILED', attempts: 2 });
  });

  test('leave everything as the audit wants it', async () => {
    const audit = RunningProgram.node(['dist/src/cli/main.js', 'audit'], {
      DATABASE_URL: app.database.url,
      DATABASE_DIRECT_URL: '',
    });
    expect([await audit.exited, audit.output]).toMatchObject([
      { code: 0 },
      expect.stringMatching(/Everything holds/),
    ]);
  });
});
