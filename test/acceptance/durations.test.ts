import { byHand } from '../support/by-hand.js';
import { insertPastJobs } from '../support/past-jobs.js';
import { type App, startApp } from '../support/start-app.js';

describe('the figures for operators, of late', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('durations', { workers: 0 });
  });
  beforeEach(() => byHand(app.database.pool, 'TRUNCATE jobs, job_events, job_rates, queues'));
  afterAll(() => app?.stop());

  const past = (jobs: Parameters<typeof insertPastJobs>[1]) => insertPastJobs(app.database, jobs);
  const stats = async () => {
    const { status, body } = await app.client.get('/admin/stats');
    expect(status).toBe(200);
    return body;
  };

  test('count the jobs of the last minute, five minutes and hour', async () => {
    const old = { queue: 'a', created: 8_000 };
    await past({ ...old, status: 'COMPLETED', count: 1, finished: 30 });
    await past({ ...old, status: 'COMPLETED', count: 2, finished: 200 });
    await past({ ...old, queue: 'b', status: 'COMPLETED', count: 4, finished: 3_500 });
    await past({ ...old, status: 'COMPLETED', count: 8, finished: 3_700 });
    await past({ ...old, queue: 'b', status: 'FAILED', count: 1, finished: 50 });
    await past({ ...old, status: 'FAILED', count: 2, finished: 1_000 });
    await past({ ...old, status: 'CANCELLED', count: 9, finished: 10 });
    await past({ queue: 'c', status: 'PENDING', count: 1, created: 20 });
    await past({ queue: 'c', status: 'PENDING', count: 2, created: 250 });
    await past({ queue: 'c', status: 'PENDING', count: 4, created: 3_580 });
    await past({ queue: 'c', status: 'PENDING', count: 8, created: 3_620 });
    expect((await stats()).throughput).toEqual({
      last_minute: { submitted: 1, completed: 1, failed: 1 },
      last_5_minutes: { submitted: 3, completed: 3, failed: 1 },
      last_hour: { submitted: 7, completed: 7, failed: 3 },
    });
  });

  test('say how long jobs waited and ran, by queue', async () => {
    // Waits of 1 to 100 s and runs of twice that; half of the jobs failed.
    for (let second = 1; second <= 100; second++) {
      const status = second % 2 ? 'COMPLETED' : 'FAILED';
      const [finished, started] = [5, 5 + 2 * second];
      await past({ queue: 'known', status, finished, started, created: started + second });
    }
    // From the schedule, which is later than the creation; and never less than nothing.
    await past({
      queue: 'later',
      status: 'COMPLETED',
      created: 1_000,
      scheduled: 20,
      started: 17,
      finished: 16,
    });
    await past({ queue: 'early', status: 'COMPLETED', created: 10, scheduled: 5, started: 8, finished: 8 });
    // None of these counts: not of the last hour, never started, cancelled.
    await past({ queue: 'known', status: 'COMPLETED', created: 9_000, started: 8_000, finished: 3_601 });
    await past({ queue: 'known', status: 'CANCELLED', created: 900, started: 100, finished: 10 });
    await past({ queue: 'known', status: 'FAILED', created: 900, finished: 10 });
    await past({ queue: 'idle', status: 'PENDING', created: 900 });
    const same = (seconds: number) => ({ p50: seconds, p95: seconds, p99: seconds });
    expect((await stats()).queues).toEqual([
      { queue_name: 'early', jobs: 1, wait_seconds: same(0), run_seconds: same(0) },
      {
        queue_name: 'known',
        jobs: 100,
        wait_seconds: { p50: 50.5, p95: 95.05, p99: 99.01 },
        run_seconds: { p50: 101, p95: 190.1, p99: 198.02 },
      },
      { queue_name: 'later', jobs: 1, wait_seconds: same(3), run_seconds: same(1) },
    ]);
  });

  test('rest on the latest 1,000 jobs of a queue', async () => {
    await past({ queue: 'long', status: 'COMPLETED', count: 995, created: 40, started: 30, finished: 29 });
    await past({ queue: 'long', status: 'FAILED', count: 5, created: 40, started: 30, finished: 28 });
    await past({ queue: 'long', status: 'COMPLETED', count: 500, created: 900, started: 60, finished: 50 });
    const [long] = (await stats()).queues;
    expect(long).toMatchObject({
      jobs: 1_000,
      wait_seconds: { p50: 10, p99: 10 },
      run_seconds: { p50: 1, p99: 1 },
    });
  });
});
