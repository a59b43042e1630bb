import { type JokesServer, startJokesServer } from '../support/jokes-server.js';
import { type App, startApp } from '../support/start-app.js';

const NONE_OF_LATE = { submitted: 0, completed: 0, failed: 0 };
const NOTHING = { BLOCKED: 0, PENDING: 0, PROCESSING: 0, COMPLETED: 0, FAILED: 0, CANCELLED: 0 };

describe('the figures for operators', () => {
  let api: JokesServer;
  let app: App;
  beforeAll(async () => {
    api = await startJokesServer();
    api.mode = 'error';
    app = await startApp('admin stats', {
      environment: { API_BASE_URL: api.url, RETRY_BASE_DELAY: '0.01', RETRY_JITTER: '0' },
    });
  });
  afterAll(async () => {
    await app?.stop();
    await api?.stop();
  });

  const stats = async () => {
    const { status, body } = await app.client.get('/admin/stats');
    expect(status).toBe(200);
    return body;
  };

  const submit = async (job: object): Promise<string> => (await app.client.post('/jobs', job)).body.job_id;

  test('name every status while there is no job at all', async () => {
    expect(await stats()).toEqual({
      status_breakdown: NOTHING,
      type_breakdown: {},
      avg_attempts_for_failed_jobs: 0,
      recent_failures: [],
      throughput: { last_minute: NONE_OF_LATE, last_5_minutes: NONE_OF_LATE, last_hour: NONE_OF_LATE },
      workers_taking_nothing: 0,
      queues: [],
    });
    expect((await app.client.get('/stats')).body).toEqual({
      total_jokes: 0,
      categories: {},
      recent_jobs: 0,
    });
  });

  test('count jobs by status and type, and the attempts of those that failed', async () => {
    await submit({ payload: {}, schedule_in: 3600 });
    await app.jobWith('COMPLETED', await submit({ payload: {} }));
    const once = await submit({ type: 'fetch-joke', payload: {}, max_attempts: 1 });
    await app.jobWith('FAILED', once);
    const twice = await submit({ type: 'fetch-joke', payload: {}, max_attempts: 2 });
    const failed = await app.jobWith('FAILED', twice);

    const { recent_failures, throughput, queues, ...rest } = await stats();
    expect(throughput.last_hour).toEqual({ submitted: 4, completed: 1, failed: 2 });
    expect(queues.map(({ queue_name, jobs }: Record<string, unknown>) => [queue_name, jobs])).toEqual([
      ['api_calls', 2],
      ['default', 1],
    ]);
    expect(rest).toEqual({
      status_breakdown: { ...NOTHING, PENDING: 1, COMPLETED: 1, FAILED: 2 },
      type_breakdown: { echo: 2, fetch_and_cache_joke: 2 },
      avg_attempts_for_failed_jobs: 1.5,
      workers_taking_nothing: 0,
    });
    expect(recent_failures).toHaveLength(2);
    expect(recent_failures[0]).toEqual({
      job_id: twice,
      type: 'fetch_and_cache_joke',
      error: failed.error_message,
      attempts: 2,
      failed_at: failed.finished_at,
    });
    expect(recent_failures[1].job_id).toBe(once);
  });

  test('show the latest ten failures and no more', async () => {
    const jobs = await Promise.all(
      Array.from({ length: 11 }, () => submit({ type: 'fetch-joke', payload: {}, max_attempts: 1 })),
    );
    await Promise.all(jobs.map((jobId) => app.jobWith('FAILED', jobId)));
    const { recent_failures } = await stats();
    expect(recent_failures).toHaveLength(10);
    const times = recent_failures.map((failure: { failed_at: string }) => failure.failed_at);
    expect(times).toEqual([...times].sort().reverse());
    expect(jobs).toEqual(
      expect.arrayContaining(recent_failures.map((failure: { job_id: string }) => failure.job_id)),
    );
  });
});
