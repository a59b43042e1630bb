import { eventually } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

describe('a worker with slots for each queue', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('worker-pools', {
      program: FIXTURE_APP,
      environment: { WORKER_QUEUES: 'emails:2,reports:1,*:3', WORKER_CONCURRENCY: '50', WORKER_TIMEOUT: '1' },
    });
  });
  afterAll(() => app?.stop());

  const submit = async (queue: string, count: number, job: object = {}): Promise<string[]> => {
    const jobs = Array.from({ length: count }, () => ({
      type: 'sleep',
      payload: { ms: 60_000 },
      queue,
      ...job,
    }));
    const { body } = await app.client.post('/jobs/batch', { jobs });
    return body.jobs.map((each: { job_id: string }) => each.job_id);
  };
  const running = async (queue: string) =>
    (await app.client.get(`/queues/${queue}`)).body.depth.PROCESSING as number;

  test('has those and no more, whatever WORKER_CONCURRENCY says', async () => {
    expect((await app.client.get('/workers')).body.workers[0]).toMatchObject({ slots: 6 });
  });

  test('runs as many jobs of each as it has slots; the star stands for all that are not named', async () => {
    const ids = (
      await Promise.all([submit('emails', 5), submit('reports', 5), submit('one', 2), submit('two', 9)])
    ).flat();
    await eventually(async () => {
      const counts = await Promise.all(['emails', 'reports'].map(running));
      const others = (await running('one')) + (await running('two'));
      return counts.join() === '2,1' && others === 3;
    });
    // None of the free places is another queue's: what comes later waits as well.
    await submit('three', 1);
    for (let look = 0; look < 5; look++) {
      expect(await running('emails')).toBe(2);
      expect(await running('reports')).toBe(1);
      expect((await running('one')) + (await running('two')) + (await running('three'))).toBe(3);
    }
    await Promise.all(ids.map((id) => app.client.post(`/jobs/${id}/cancel`)));
    await eventually(async () => (await running('emails')) + (await running('reports')) === 0);
  });

  test('starts the jobs of a queue strictly by priority', async () => {
    const [blocker] = await submit('reports', 1);
    await app.jobWith('PROCESSING', blocker!);
    const short = { type: 'echo', payload: {} };
    const ids = [];
    for (const priority of [9, 5, 1, 7, 3]) ids.push(...(await submit('reports', 2, { ...short, priority })));
    await app.client.post(`/jobs/${blocker!}/cancel`);
    for (const id of ids) await app.jobWith('COMPLETED', id);
    const { rows } = await app.database.pool.query(
      'SELECT priority FROM jobs WHERE id = ANY($1) ORDER BY started_at, priority',
      [ids],
    );
    expect(rows.map(({ priority }) => priority)).toEqual([1, 1, 3, 3, 5, 5, 7, 7, 9, 9]);
  });

  test('lets a long queue starve no short one that shares its slots', async () => {
    await submit('long', 1_000, { payload: { ms: 20 } });
    const [first] = await submit('short', 1, { type: 'echo', payload: {} });
    await app.jobWith('COMPLETED', first!);
    expect((await app.client.get('/queues/long')).body.depth.PENDING).toBeGreaterThan(0);
  });
});
