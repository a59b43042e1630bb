import { setTimeout as after } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { Metrics } from '../support/metrics.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const LONG_ENOUGH = 60_000;

describe('workers that live', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('taking nothing', {
      workers: 0,
      program: FIXTURE_APP,
      environment: { STALLED_WORKER_TIMEOUT: '5', CANARY_TIMEOUT: '5', CANARY_INTERVAL: '1' },
    });
    for (const queue of ['broken', 'sound'])
      await app.client.post('/jobs', { type: 'echo', queue, payload: {} });
    await Promise.all(
      ['broken', 'sound'].map((queue) => app.addWorker({ WORKER_QUEUES: queue, WORKER_CONCURRENCY: '1' })),
    );
  });
  afterAll(() => app?.stop());

  const workers = async () => {
    const { body } = await app.client.get('/workers');
    return Object.fromEntries(
      body.workers.map((worker: any) => [
        worker.queues[0],
        worker.state === 'running' && worker.takes_nothing,
      ]),
    );
  };
  const limit = (limits: object | null) =>
    app.client.send('PATCH', '/queues/broken', JSON.stringify({ limits }), { 'If-Match': '*' });
  const metric = async (name: string) => (await Metrics.of(app.api.ready)).value(name);

  test('and could take jobs are not reported, whether idle, full, paused or limited', async () => {
    const looks: unknown[] = [];
    const watch = async (seconds: number) => {
      const until = performance.now() + seconds * 1_000;
      while (performance.now() < until) {
        looks.push(await workers());
        await after(250);
      }
    };
    await watch(4);
    const { body } = await app.client.post('/jobs', {
      type: 'sleep',
      queue: 'sound',
      payload: { ms: 9_000 },
    });
    await app.client.post('/queues/broken/pause', {});
    await app.client.post('/jobs', { type: 'echo', queue: 'broken', payload: {} });
    await app.client.post('/jobs', { type: 'echo', queue: 'sound', payload: {} });
    await watch(8);
    await app.jobWith('COMPLETED', body.job_id);
    await app.client.post('/queues/broken/resume', {});
    await limit({ rate: '1/hour' });
    for (let job = 0; job < 3; job++)
      await app.client.post('/jobs', { type: 'echo', queue: 'broken', payload: {} });
    await watch(8);
    expect(looks.length).toBeGreaterThan(20);
    for (const look of looks) expect(look).toEqual({ broken: false, sound: false });
    await limit(null);
  });

  test('and cannot take jobs are found among their neighbours, and found again able', async () => {
    const other = await app.database.pool.connect();
    await other.query('BEGIN');
    // Whoever claims from the queue waits for this, in vain; the worker beats on by other ways.
    await other.query(`SELECT bar_queue('broken')`);
    await eventually(async () => (await workers()).broken, LONG_ENOUGH);
    expect(await workers()).toEqual({ broken: true, sound: false });
    expect((await app.client.get('/admin/stats')).body.workers_taking_nothing).toBe(1);
    const health = await app.client.get('/health');
    expect(health).toMatchObject({
      status: 200,
      body: { status: 'ok', info: { worker: { alive: 2, taking_nothing: 1, message: expect.any(String) } } },
    });
    expect([await metric('workers_taking_jobs'), await metric('workers_taking_nothing')]).toEqual([1, 1]);
    await other.query('ROLLBACK');
    other.release();
    await eventually(async () => !(await workers()).broken, LONG_ENOUGH);
    expect((await app.client.get('/health')).body.info.worker).not.toHaveProperty('taking_nothing');
    const { body } = await app.client.post('/jobs', { type: 'echo', queue: 'broken', payload: {} });
    await app.jobWith('COMPLETED', body.job_id);
  }, 150_000);
});
