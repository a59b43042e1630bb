import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import { eventually } from '../support/eventually.js';
import { Client } from '../support/http.js';
import { type JokesServer, startJokesServer } from '../support/jokes-server.js';
import { type ProductProcess, startProduct } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';
import { type TcpProxy, startTcpProxy } from '../support/tcp-proxy.js';
import { busyMetricsPort, portOf } from '../support/worker-port.js';

/** What an operator may wait for the truth. */
const TOLD_WITHIN_MS = 5_000;

describe('health', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('health', { workers: 0 });
  });
  afterAll(() => app.stop());

  test('is well without a worker, and says that nobody works', async () => {
    const { status, body, headers } = await app.client.get('/health');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      status: 'ok',
      error: {},
      info: {
        database: { status: 'up' },
        queue: { status: 'up' },
        worker: { status: 'up', alive: 0, message: expect.stringContaining('No worker is alive') },
      },
      details: { database: { status: 'up' }, queue: { status: 'up' }, worker: { status: 'up', alive: 0 } },
    });
  });

  test('an API whose port is in use names one that is free, which the next one need not be', async () => {
    const port = Number(new URL(app.api.ready).port);
    // Where something listens there already, so much the better.
    const neighbour = createServer().on('error', () => undefined);
    await new Promise((settled) =>
      neighbour.once('error', settled).listen(port + 1, '127.0.0.1', () => settled(0)),
    );
    const refused = startProduct('api', app.database.url, { PORT: String(port) });
    const words = await refused.then(
      () => 'It is ready',
      (error: unknown) => (error as Error).message,
    );
    const [, free] = /ended with 78 [^]*Port \d+ is in use: .* with PORT=(\d+)\./.exec(words) ?? [words];
    expect(Number(free)).toBeGreaterThan(port + 1);
    const moved = await startProduct('api', app.database.url, { PORT: free! });
    await moved.stop();
    neighbour.close();
  });

  test('counts the workers that are alive, and no longer those that have left', async () => {
    const worker = await app.addWorker();
    await eventually(async () => (await app.client.get('/health')).body.info.worker.alive === 1);
    await worker.stop();
    await eventually(async () => (await app.client.get('/health')).body.info.worker.alive === 0);
  });

  test('is not ready for a database that lacks a migration, and says what to do', async () => {
    await app.database.pool.query('ALTER TABLE migrations RENAME TO hidden');
    const { body } = await eventually(() => answerOf(app.client, '/health/ready', 503));
    expect(body.error.migrations.message).toContain('npm run migrate');
    expect((await app.client.get('/health')).status).toBe(200);
    await app.database.pool.query('ALTER TABLE hidden RENAME TO migrations');
    await eventually(() => answerOf(app.client, '/health/ready', 200));
  });

  test('fails when the tables of the queue engine change under it', async () => {
    await app.client.get('/health');
    await app.database.pool.query('UPDATE pgboss.version SET version = version + 1');
    const { body } = await eventually(() => answerOf(app.client, '/health', 503));
    expect(Object.keys(body.error)).toEqual(['queue']);
    await app.database.pool.query('UPDATE pgboss.version SET version = version - 1');
    await eventually(() => answerOf(app.client, '/health', 200));
  });
});

describe('health without a database', () => {
  let app: App;
  let proxy: TcpProxy;
  let api: ProductProcess;
  let client: Client;
  beforeAll(async () => {
    app = await startApp('health without a database', { workers: 0 });
    proxy = await startTcpProxy(app.database.url);
    api = await startProduct('api', proxy.url);
    client = new Client(api.ready);
  });
  afterAll(async () => {
    await api.stop();
    await proxy.stop();
    await app.stop();
  });

  test.each(['cut', 'hang'] as const)(
    'is told within 5 s when it is away (%s), and mends by itself',
    async (fault) => {
      await eventually(() => answerOf(client, '/health', 200));
      proxy[fault]();
      const since = performance.now();
      const body = await eventually(async () => {
        const { body: present } = await answerOf(client, '/health', 503);
        return present.error.database ? present : undefined;
      });
      expect(performance.now() - since).toBeLessThan(TOLD_WITHIN_MS);
      expect(body).toMatchObject({ status: 'error', error: { database: { status: 'down' } } });
      expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|ECONN|SELECT/);
      expect((await client.get('/health/live')).status).toBe(200);
      expect((await client.get('/health/ready')).status).toBe(503);

      proxy.mend();
      await eventually(() => answerOf(client, '/health', 200));
      await eventually(() => answerOf(client, '/health/ready', 200));
    },
  );
});

describe('health of a worker', () => {
  let app: App;
  let jokes: JokesServer;
  beforeAll(async () => {
    jokes = await startJokesServer();
    jokes.mode = 'hang';
    app = await startApp('health of a worker', { workers: 0, environment: { API_BASE_URL: jokes.url } });
  });
  afterAll(async () => {
    await app.stop();
    await jokes.stop();
  });

  test('stands on a port of its own, and turns unready while it finishes its last job', async () => {
    const busy = await busyMetricsPort();
    const worker = await app.addWorker({ WORKER_METRICS_PORT: String(busy.port) });
    const client = new Client(await portOf(worker));
    busy.free();
    expect((await client.get('/health')).body).toMatchObject({
      status: 'ok',
      info: { worker: { alive: 1 } },
    });
    expect((await client.get('/health/ready')).status).toBe(200);

    const { body: job } = await app.client.post('/tasks/fetch-joke');
    await app.jobWith('PROCESSING', job.job_id);
    const ended = worker.stop();
    const { body } = await eventually(() => answerOf(client, '/health/ready', 503));
    expect(body.status).toBe('shutting_down');
    expect((await client.get('/health/live')).body).toEqual({ status: 'ok' });
    await jokes.stop();
    expect(await ended).toBe(0);
  });
});

async function answerOf(client: Client, path: string, status: number) {
  const answer = await client.get(path);
  if (answer.status !== status)
    throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}
