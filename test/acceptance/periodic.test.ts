import { type App, startApp } from '../support/start-app.js';

describe('the jobs that keep the system well', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('periodic jobs');
  });
  afterAll(() => app?.stop());

  test('a health check answers with figures and says that the database is well', async () => {
    const { body } = await app.client.post('/tasks/health_check_task');
    const { result } = await app.jobWith('COMPLETED', body.job_id);
    expect(result).toEqual({
      database: { status: 'up', latency_ms: expect.any(Number) },
      workers: { live: 1 },
      process: {
        uptime_seconds: expect.any(Number),
        memory_bytes: expect.any(Number),
        heap_used_bytes: expect.any(Number),
      },
      system: {
        cpus: expect.any(Number),
        load_average: expect.any(Number),
        memory_bytes: expect.any(Number),
        free_memory_bytes: expect.any(Number),
      },
    });
    await app.workers[0]!.says('"msg":"Health check passed: Database connection OK"');
  });

  test('a recovery finds nothing where no worker is gone', async () => {
    const { body } = await app.client.post('/tasks/retry_stalled_jobs');
    const { result } = await app.jobWith('COMPLETED', body.job_id);
    expect(result).toEqual({ recovered: 0 });
  });

  test('have the queues, attempts, waits and times of the reliability matrix', async () => {
    const { body } = await app.client.get('/job-types');
    const policyOf = (type: string) => {
      const { queue_name, max_attempts, backoff, timeout } = body.job_types.find(
        (known: { type: string }) => known.type === type,
      );
      return [queue_name, max_attempts, backoff.base_delay, backoff.max_delay, timeout];
    };
    expect(policyOf('fetch_and_cache_joke')).toEqual(['api_calls', 5, 2, 300, 300]);
    expect(policyOf('scheduled_fetch_random_joke')).toEqual(['default', 3, 2, 60, 86_400]);
    expect(policyOf('retry_stalled_jobs')).toEqual(['default', 3, 5, 60, 86_400]);
    expect(policyOf('health_check_task')).toEqual(['default', 2, 10, 30, 86_400]);
  });
});
