import { fileURLToPath } from 'node:url';
import { eventually } from '../support/eventually.js';
import { type HttpPeer, startHttpPeer } from '../support/http-peer.js';
import { OtlpReceiver } from '../support/otlp-receiver.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const WITNESS = fileURLToPath(new URL('../support/loaded-telemetry.mjs', import.meta.url));
const WITNESSED = { NODE_OPTIONS: `--import=${WITNESS}` };

/** What the product loads of it when it runs a job in its worker and one in a process of its own. */
async function loadedBy(environment: Record<string, string>): Promise<string[]> {
  const app = await startApp('telemetry', {
    program: FIXTURE_APP,
    environment: { ...WITNESSED, ...environment },
  });
  try {
    await app.database.pool.query('CREATE TABLE pids (job_id uuid, attempt integer, pid integer)');
    for (const type of ['echo', 'isolated']) {
      const { body } = await app.client.post('/jobs', { type, payload: {} });
      await app.jobWith('COMPLETED', body.job_id);
    }
  } finally {
    await app.stop();
  }
  const lines = [app.api, ...app.workers].flatMap((process) => process.output().split('\n'));
  return lines.filter((line) => line.startsWith('Loaded ')).map((line) => line.slice('Loaded '.length));
}

describe('what sends traces and faults', () => {
  test('is not loaded, by any process, unless somebody wants it', async () => {
    expect(await loadedBy({})).toEqual([]);
  });

  test('is loaded by every process that is told where to send traces', async () => {
    const otlp = await OtlpReceiver.start();
    const loaded = await loadedBy({ OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url });
    await otlp.stop();
    expect(loaded.filter((name) => name === '@opentelemetry/sdk-trace')).toHaveLength(3);
    expect(loaded.filter((name) => name.startsWith('@sentry'))).toEqual([]);
  });

  test('costs no start, no job and no end when nobody listens there, and says so', async () => {
    const app = await startApp('telemetry away', {
      environment: {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
        SENTRY_DSN: 'http://key@127.0.0.1:1/1',
      },
    });
    const { body } = await app.client.post('/jobs', { payload: {} });
    await app.jobWith('COMPLETED', body.job_id);
    const [worker] = app.workers;
    await eventually(() => worker!.output().includes('Traces do not arrive and are lost'), 30_000);
    expect(await worker!.stop()).toBe(0);
    await worker!.says('Graceful shutdown completed');
    await app.stop();
  });
});

describe('a fault', () => {
  let app: App;
  let sentry: HttpPeer;
  beforeAll(async () => {
    sentry = await startHttpPeer({ '/api/7/envelope/': (response) => response.end('{}') });
    app = await startApp('sentry', {
      program: FIXTURE_APP,
      environment: { SENTRY_DSN: `http://public@127.0.0.1:${sentry.port}/7` },
    });
  });
  afterAll(async () => {
    await app?.stop();
    await sentry?.stop();
  });

  /** The events that arrived, as Sentry's envelopes hold them: a line of JSON each. */
  const events = () =>
    sentry.requests
      .flatMap(({ body }) => body.split('\n').filter((line) => line !== ''))
      .map((line) => JSON.parse(line))
      .filter((item) => item.exception);

  test('that fails a job for good is reported with the job, and without its payload', async () => {
    const payload = { name: 'OutOfPaperError', message: 'The tray is empty', secret: 'CANARY-payload' };
    const { body } = await app.client.post('/jobs', { type: 'fail_as', payload });
    const event = await eventually(() => events().find(({ tags }) => tags.job_id === body.job_id));
    expect(event).toMatchObject({
      release: expect.stringMatching(/^roundhouse@\d/),
      tags: { role: 'worker', job_type: 'fail_as', queue: 'default', attempt: 1 },
      exception: { values: [{ type: 'OutOfPaperError', value: 'The tray is empty' }] },
    });
    expect(event.exception.values[0].stacktrace.frames.at(-1).filename).toMatch(/dead-letter\.handler/);
    expect(sentry.requests.map((request) => request.body).join()).not.toContain('CANARY');
    expect(sentry.requests[0]?.url).toContain('/api/7/envelope/');
    expect(sentry.requests[0]?.headers['x-sentry-auth'] ?? sentry.requests[0]?.url).toContain('public');
  });

  test('after which a job runs again is not reported', async () => {
    const { body } = await app.client.post('/jobs', {
      type: 'fail',
      payload: { times: 1 },
      retry: { max_attempts: 2, wait: 0 },
    });
    await app.jobWith('COMPLETED', body.job_id);
    const last = await app.client.post('/jobs', { type: 'fail_as', payload: {} });
    await eventually(() => events().find(({ tags }) => tags.job_id === last.body.job_id));
    expect(events().filter(({ tags }) => tags.job_id === body.job_id)).toEqual([]);
  });

  test('that nobody catches is reported before its worker ends', async () => {
    const { body } = await app.client.post('/jobs', { type: 'stray_error', payload: {}, max_attempts: 1 });
    const worker = await app.workerOf(body.job_id);
    await eventually(() => worker.child.exitCode === 1);
    expect(events().some(({ tags }) => tags.where === 'outside of a handler')).toBe(true);
  });
});
