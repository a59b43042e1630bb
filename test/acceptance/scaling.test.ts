import { eventually } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

describe('how many workers there should be', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('scaling', {
      workers: 0,
      program: FIXTURE_APP,
      environment: { WORKER_CONCURRENCY: '4' },
    });
  });
  afterAll(() => app?.stop());

  const scaling = async (query = '') => (await app.client.get(`/admin/scaling${query}`)).body;
  const submit = async (queue: string, jobs: number, more: object = {}) => {
    const job = { type: 'echo', queue, payload: {}, ...more };
    await app.client.post('/jobs/batch', { jobs: Array.from({ length: jobs }, () => job) });
  };

  test('is one when there is nothing to do, or none where that is allowed', async () => {
    expect(await scaling()).toEqual({
      ...{ desired_workers: 1, current_workers: 0, slots_per_worker: 4, needed_slots: 0 },
      queues: expect.any(Array),
    });
    expect(await scaling('?min=0')).toMatchObject({ desired_workers: 0 });
  });

  test('grows with what waits, not with what waits for a time, for another job, or for somebody to resume', async () => {
    await submit('line', 3);
    await submit('later', 50, { schedule_in: 3_600 });
    await submit('locked', 50, { lock: 'one' });
    await submit('paused', 50);
    await app.client.post('/queues/paused/pause', {});
    const { queues } = await scaling();
    const of = (name: string) => queues.find((queue: { name: string }) => queue.name === name);
    expect(of('line')).toMatchObject({
      backlog: 3,
      run_seconds: null,
      needed_slots: 3,
      desired_workers: 1,
      held_by: null,
    });
    expect(of('later')).toMatchObject({ backlog: 0, needed_slots: 0 });
    expect(of('locked')).toMatchObject({ backlog: 1, needed_slots: 1 });
    expect(of('paused')).toMatchObject({ backlog: 50, needed_slots: 0, held_by: 'pause' });
    expect(await scaling('?queues=line,locked&slots=1&max=3')).toMatchObject({
      desired_workers: 2,
      needed_slots: 2,
    });
  });

  test('refuses what makes no sense', async () => {
    const bad = await app.client.get('/admin/scaling?min=5&max=2');
    expect([bad.status, bad.body.errors[0].code]).toEqual([422, 'min_above_max']);
    for (const query of ['?target=0', '?queues=A%20B', '?slots=0', '?mini=3'])
      expect((await app.client.get(`/admin/scaling${query}`)).status).toBe(422);
  });

  test('is known from how long jobs ran, once some have', async () => {
    await app.addWorker();
    await submit('line', 20, { type: 'sleep', payload: { ms: 200 } });
    await eventually(async () => {
      const { queues, current_workers: current } = await scaling('?queues=line');
      return current === 1 && queues[0].backlog === 0 && queues[0].running === 0;
    });
    const { queues } = await scaling('?queues=line');
    expect(queues[0].run_seconds).toBeGreaterThan(0.1);
    expect(queues[0].arrivals_per_second).toBeGreaterThan(0.3);
    expect(queues[0].needed_slots).toBeGreaterThan(0);
  });
});
