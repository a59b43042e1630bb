import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { type JokesServer, startJokesServer } from '../support/jokes-server.js';
import { Metrics } from '../support/metrics.js';
import { type ProductProcess, startProduct } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { busyMetricsPort, portOf } from '../support/worker-port.js';

describe('metrics of jobs', () => {
  let app: App;
  let jokes: JokesServer;
  let worker: ProductProcess;
  let workerUrl: string;
  let busyPort: number;
  beforeAll(async () => {
    jokes = await startJokesServer();
    jokes.mode = 'error';
    app = await startApp('metrics', { workers: 0, environment: { API_BASE_URL: jokes.url } });
    const busy = await busyMetricsPort();
    busyPort = busy.port;
    worker = await app.addWorker({ WORKER_METRICS_PORT: String(busyPort) });
    workerUrl = await portOf(worker);
    busy.free();
  });
  afterAll(async () => {
    await app.stop();
    await jokes.stop();
  });

  test('a worker whose port is taken warns and takes another', async () => {
    await worker.says(`Port ${busyPort} (WORKER_METRICS_PORT) is in use`);
    expect(workerUrl).not.toContain(String(busyPort));
  });

  test('count a job where it is accepted and where it completes', async () => {
    const { body } = await app.client.post('/jobs', { payload: {} });
    await app.jobWith('COMPLETED', body.job_id);
    const [api, worked] = [await Metrics.of(app.api.ready), await Metrics.of(workerUrl)];
    expect(api.value('jobs_created_total{job_type="echo"}')).toBe(1);
    expect(api.value('jobs_completed_total{job_type="echo"}')).toBe(0);
    expect(worked.value('jobs_created_total{job_type="echo"}')).toBe(0);
    expect(worked.value('jobs_completed_total{job_type="echo"}')).toBe(1);
    expect(worked.value('job_duration_seconds_count{job_type="echo"}')).toBe(1);
    expect(worked.value('job_queue_wait_seconds_bucket{le="120",job_type="echo"}')).toBe(1);
  });

  test('count a failed attempt as a retry, and only the last one as a failure', async () => {
    const { body } = await app.client.post('/jobs', {
      type: 'fetch-joke',
      payload: {},
      max_attempts: 3,
      backoff: { base_delay: 0, max_delay: 0, jitter: 0 },
    });
    await app.jobWith('FAILED', body.job_id);
    const metrics = await Metrics.of(workerUrl);
    expect(metrics.value('jobs_retried_total{job_type="fetch_and_cache_joke"}')).toBe(2);
    expect(metrics.value('jobs_failed_total{job_type="fetch_and_cache_joke"}')).toBe(1);
    expect(metrics.value('job_duration_seconds_count{job_type="fetch_and_cache_joke"}')).toBe(3);
  });

  test('do not take the time until its schedule for a wait', async () => {
    const { body } = await app.client.post('/jobs', { type: 'echo', payload: {}, schedule_in: 3 });
    await app.jobWith('COMPLETED', body.job_id);
    expect((await Metrics.of(workerUrl)).value('job_queue_wait_seconds_sum{job_type="echo"}')).toBeLessThan(
      3,
    );
  });

  test('say of a worker that it is up, and of both what Node measures', async () => {
    const [api, worked] = [await Metrics.of(app.api.ready), await Metrics.of(workerUrl)];
    expect(worked.value('worker_up')).toBe(1);
    expect(api.value('worker_up')).toBeUndefined();
    for (const metrics of [api, worked])
      expect(metrics.value('process_cpu_seconds_total')).toBeGreaterThan(0);
  });

  test('time requests by route template and final status', async () => {
    await app.client.get('/jobs/nonsense');
    await app.client.send('POST', '/jobs', '{"payload":');
    await app.client.get('/wp-login.php');
    const metrics = await Metrics.of(app.api.ready);
    const count = (method: string, route: string, status: string) =>
      metrics.value(
        `http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}",held="no"}`,
      );
    expect(count('GET', '/jobs/:job_id', '4xx')).toBe(1);
    expect(count('POST', '/jobs', '4xx')).toBe(1);
    expect(count('GET', 'none', '4xx')).toBe(1);
    expect(metrics.text).not.toContain('wp-login');
  });

  test("a worker's port answers nothing that is for the API", async () => {
    for (const path of ['/jokes', '/jobs', '/docs', '/']) {
      expect((await fetch(workerUrl + path)).status).toBe(404);
    }
  });
});

describe('metrics of queues', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('metrics of queues', { workers: 0 });
  });
  afterAll(() => app.stop());

  test('come from the database, and tell what could start from what waits for its time', async () => {
    await app.client.post('/jobs', { payload: {}, queue: 'mails' });
    await app.client.post('/jobs', { payload: {}, queue: 'mails', schedule_in: 3600 });
    const metrics = await eventually(async () => {
      const present = await Metrics.of(app.api.ready);
      return present.value('jobs_pending_count') === 2 ? present : undefined;
    });
    expect(metrics.value('jobs_processing_count')).toBe(0);
    expect(metrics.value('queue_depth{queue="mails"}')).toBe(1);
    expect(metrics.value('queue_oldest_waiting_seconds{queue="mails"}')).toBeGreaterThan(0);
  });

  test('are told by the API alone, so that a sum over all processes is not double', async () => {
    const busy = await busyMetricsPort();
    const worker = await app.addWorker({ WORKER_METRICS_PORT: String(busy.port) });
    const metrics = await Metrics.of(await portOf(worker));
    busy.free();
    expect(metrics.text).not.toMatch(/jobs_pending_count|queue_depth/);
  });

  test('are left out while the database is away, and the scrape goes on', async () => {
    const proxy = await startTcpProxy(app.database.url);
    const api = await startProduct('api', proxy.url);
    try {
      expect((await Metrics.of(api.ready)).value('jobs_pending_count')).toBeDefined();
      proxy.cut();
      const metrics = await eventually(async () => {
        const present = await Metrics.of(api.ready);
        return present.value('jobs_pending_count') === undefined ? present : undefined;
      });
      expect(metrics.text).not.toMatch(/^queue_depth\{/m);
      expect(metrics.value('process_cpu_seconds_total')).toBeGreaterThan(0);
      proxy.mend();
      await eventually(async () => (await Metrics.of(api.ready)).value('jobs_pending_count') !== undefined);
    } finally {
      await api.stop();
      await proxy.stop();
    }
  });
});
