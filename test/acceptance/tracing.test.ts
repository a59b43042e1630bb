import { randomBytes } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { ExternalWorker } from '../support/external-worker.js';
import { type HttpPeer, startHttpPeer } from '../support/http-peer.js';
import { OtlpReceiver } from '../support/otlp-receiver.js';
import type { ReceivedSpan } from '../support/otlp-wire.js';
import { FIXTURE_APP } from '../support/product.js';
import { CALLBACK_SECRETS, WEBHOOK_SETTINGS } from '../support/receiver.js';
import { jobsOf, turnBack } from '../support/schedules.js';
import { type App, startApp } from '../support/start-app.js';

describe('a trace', () => {
  let app: App;
  let otlp: OtlpReceiver;
  let peer: HttpPeer;
  beforeAll(async () => {
    otlp = await OtlpReceiver.start();
    peer = await startHttpPeer({
      '/called': (response) => response.end('yes'),
      '/told': (response) => response.end(),
      '/broken': (response) => response.writeHead(500).end(),
    });
    app = await startApp('tracing', {
      program: FIXTURE_APP,
      environment: { ...WEBHOOK_SETTINGS, OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url, LOG_LEVEL: 'debug' },
    });
    await app.database.pool.query(`
      CREATE TABLE effects (job_id uuid, attempt integer);
      CREATE TABLE pids (job_id uuid, attempt integer, pid integer)`);
  });
  afterAll(async () => {
    await app?.stop();
    await otlp?.stop();
    await peer?.stop();
  });

  /** Submits as a caller that traces its requests. */
  const submit = async (job: object, path = '/jobs') => {
    const caller = { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') };
    const traceparent = `00-${caller.traceId}-${caller.spanId}-01`;
    const { status, body, headers } = await app.client.post(path, job, { traceparent });
    expect(status).toBe(201);
    return { ...caller, body, requestId: headers.get('x-request-id') };
  };
  const named = (spans: readonly ReceivedSpan[], name: string) => {
    const found = spans.filter((span) => span.name === name);
    if (found.length !== 1) throw new Error(`${found.length} spans are called ${name}`);
    return found[0]!;
  };

  test('leads from the caller by the request, the wait and the attempt to what the handler calls', async () => {
    const call = { type: 'call', payload: { url: `${peer.url}/called?key=of-the-caller` } };
    const { traceId, spanId, body, requestId } = await submit(call);
    const spans = await otlp.trace(traceId, 'POST /jobs', 'enqueue', 'wait in default', 'run call', 'GET');

    const [request, enqueue, wait, run, get] = [
      'POST /jobs',
      'enqueue',
      'wait in default',
      'run call',
      'GET',
    ].map((name) => named(spans, name)) as [
      ReceivedSpan,
      ReceivedSpan,
      ReceivedSpan,
      ReceivedSpan,
      ReceivedSpan,
    ];
    expect(spans).toHaveLength(5);
    expect(request).toMatchObject({ parentSpanId: spanId, kind: 2, status: 0 });
    expect(request.attributes).toMatchObject({
      'http.route': '/jobs',
      'http.response.status_code': 201,
      'roundhouse.request_id': requestId,
    });
    expect(enqueue).toMatchObject({ parentSpanId: request.spanId, kind: 4 });
    expect(enqueue.attributes).toMatchObject({
      'messaging.message.id': body.job_id,
      'roundhouse.job.type': 'call',
    });
    expect(wait).toMatchObject({ parentSpanId: enqueue.spanId });
    expect(wait.endMs).toBeGreaterThanOrEqual(wait.startMs);
    expect(run).toMatchObject({ parentSpanId: enqueue.spanId, kind: 5, status: 0 });
    expect(run.attributes).toMatchObject({
      'messaging.message.id': body.job_id,
      'roundhouse.job.attempt': 1,
      'roundhouse.outcome': 'completed',
    });
    expect(get).toMatchObject({ parentSpanId: run.spanId, kind: 3 });
    expect(get.attributes).toMatchObject({ 'http.response.status_code': 200, 'url.full': peer.url });
    expect([request, run].map(({ resource }) => resource['service.name'])).toEqual([
      'roundhouse-api',
      'roundhouse-worker',
    ]);
    const arrived = peer.requests.find(({ url }) => url.startsWith('/called'));
    expect(arrived?.headers.traceparent).toBe(`00-${traceId}-${get.spanId}-01`);
  });

  test.each(['nonsense', '00-00000000000000000000000000000000-0000000000000000-01', ''])(
    'begins with a request whose traceparent (%j) is none',
    async (traceparent) => {
      const { status, headers } = await app.client.post('/jobs', { payload: {} }, { traceparent });
      expect(status).toBe(201);
      const request = await eventually(() =>
        otlp.spans.find(
          ({ attributes }) => attributes['roundhouse.request_id'] === headers.get('x-request-id'),
        ),
      );
      expect(request).toMatchObject({ name: 'POST /jobs', parentSpanId: '' });
      expect(await otlp.trace(request.traceId, 'enqueue', 'wait in default', 'run echo')).toHaveLength(4);
    },
  );

  test('has no place for probes', async () => {
    for (const path of ['/health', '/health/live', '/metrics']) await fetch(app.api.ready + path);
    const { headers } = await app.client.get('/queues');
    await eventually(() =>
      otlp.spans.some(
        ({ attributes }) => attributes['roundhouse.request_id'] === headers.get('x-request-id'),
      ),
    );
    expect(otlp.spans.filter(({ name }) => /health|metrics/.test(name))).toEqual([]);
  });

  test('goes on through the retries of a job, and tells which of them failed', async () => {
    const { traceId } = await submit({
      type: 'fail',
      payload: { times: 1 },
      retry: { max_attempts: 2, wait: 0 },
    });
    const spans = await eventually(async () => {
      const found = await otlp.trace(traceId, 'run fail');
      return found.filter(({ name }) => name === 'run fail').length === 2 ? found : undefined;
    });
    const runs = spans.filter(({ name }) => name === 'run fail');
    expect(runs.map(({ status }) => status)).toEqual([2, 0]);
    expect(runs.map(({ attributes }) => attributes['roundhouse.outcome'])).toEqual(['failed', 'completed']);
    expect(spans.filter(({ name }) => name === 'wait in default')).toHaveLength(2);
  });

  test('goes on in the jobs that a job enqueues, also inside of its transaction', async () => {
    const { traceId } = await submit({ type: 'write_once', payload: { child: true } });
    const spans = await otlp.trace(
      traceId,
      'run write_once',
      'transaction',
      'run echo',
      'enqueue',
      'enqueue',
    );
    const transaction = named(spans, 'transaction');
    expect(transaction.parentSpanId).toBe(named(spans, 'run write_once').spanId);
    const inner = spans.find(
      ({ name, parentSpanId }) => name === 'enqueue' && parentSpanId === transaction.spanId,
    );
    expect(named(spans, 'run echo').parentSpanId).toBe(inner?.spanId);
  });

  test('goes on in a handler that runs in a process of its own', async () => {
    const { traceId } = await submit({ type: 'isolated', payload: { act: 'speak' } });
    const spans = await otlp.trace(traceId, 'run isolated', 'run echo', 'enqueue', 'enqueue');
    const inner = spans.find(({ resource }) => resource['service.name'] === 'roundhouse-isolated');
    expect(inner).toMatchObject({ name: 'enqueue', parentSpanId: named(spans, 'run isolated').spanId });
    expect(named(spans, 'run echo').parentSpanId).toBe(inner?.spanId);
  });

  test('holds all jobs of a workflow, and what follows its end', async () => {
    const { traceId } = await submit(
      {
        jobs: [
          { ref: 'a', type: 'echo', payload: {} },
          { ref: 'b', type: 'sleep', payload: {}, depends_on: ['a'] },
        ],
        on_finished: { type: 'parents', payload: {} },
        callback_url: `${peer.url}/told`,
      },
      '/workflows',
    );
    const spans = await otlp.trace(
      traceId,
      'enqueue workflow',
      'run echo',
      'run sleep',
      'run parents',
      'run deliver_webhook',
    );
    const enqueued = named(spans, 'enqueue workflow').spanId;
    for (const { name, parentSpanId } of spans.filter((span) => span.name.startsWith('run ')))
      expect([name, parentSpanId]).toEqual([name, enqueued]);
  });

  test('holds the webhooks that tell of the end of a job, and its dead letter', async () => {
    await app.database.pool.query(
      `INSERT INTO queues (name, dead_letter_queue) VALUES ('mortal', 'letters')`,
    );
    const { traceId } = await submit({
      type: 'fail',
      queue: 'mortal',
      max_attempts: 1,
      payload: { secret: 'CANARY-payload' },
      callback_url: `${peer.url}/told`,
    });
    const spans = await otlp.trace(traceId, 'run fail', 'run dead_letter', 'run deliver_webhook', 'POST');
    expect(named(spans, 'POST').parentSpanId).toBe(named(spans, 'run deliver_webhook').spanId);
    expect(named(spans, 'run fail')).toMatchObject({ status: 2 });
  });

  test('is handed to an external worker with its job', async () => {
    const worker = new ExternalWorker(app.api.ready, { queues: ['abroad'] });
    await app.client.send(
      'PUT',
      '/job-types/abroad',
      '{"description":"Elsewhere.","payload_schema":{"type":"object"},"queue":"abroad"}',
    );
    const { traceId } = await submit({ type: 'abroad', payload: {} });
    const lease = await worker.leaseOne();
    await worker.say(lease, 'complete');
    const spans = await otlp.trace(traceId, 'enqueue', 'wait in abroad');
    expect(lease.traceparent).toBe(`00-${traceId}-${named(spans, 'enqueue').spanId}-01`);
  });

  test('begins anew with each occurrence of a schedule', async () => {
    const schedule = { name: 'often', cron: '0 0 1 1 *', job: { type: 'echo', payload: {} } };
    expect((await app.client.post('/schedules', schedule)).status).toBe(201);
    await turnBack(app.database, 'often', 1);
    const [job] = await eventually(async () => {
      const jobs = await jobsOf(app.database, 'often');
      return jobs.length > 0 ? jobs : undefined;
    });
    const traceId = job!.trace_parent.split('-')[1];
    const spans = await otlp.trace(traceId, 'schedule', 'wait in default', 'run echo');
    expect(named(spans, 'schedule')).toMatchObject({
      parentSpanId: '',
      attributes: { 'roundhouse.schedule': 'often' },
    });
  });

  test('shows in the log lines of its processes', async () => {
    const { traceId, body, requestId } = await submit({ type: 'echo', payload: {} });
    const accepted = await eventually(() =>
      app.api
        .output()
        .split('\n')
        .find((line) => line.includes(`Job ${body.job_id}: accepted`)),
    );
    expect(JSON.parse(accepted)).toMatchObject({
      trace_id: traceId,
      request_id: requestId,
      job_id: body.job_id,
      job_type: 'echo',
    });
  });

  test('tells nothing of payloads, errors, keys in addresses and tokens', async () => {
    const payload = { url: `${peer.url}/called?key=CANARY-query`, secret: 'CANARY-payload' };
    const { traceId } = await submit({ type: 'call', payload }, '/jobs?ignored=CANARY-address');
    await otlp.trace(traceId, 'run call', 'GET');
    const failing = await submit({ type: 'fail_as', payload: { message: 'CANARY-error' } });
    await otlp.trace(failing.traceId, 'run fail_as');
    expect(otlp.bytes.toString('latin1')).not.toMatch(/CANARY|rhl_/);
    expect(otlp.bytes.toString('latin1')).not.toContain(CALLBACK_SECRETS[0]);
  });

  test('does not hold up the end of a process, and loses nothing by it', async () => {
    const { traceId, body } = await submit({ type: 'echo', payload: {} });
    await app.jobWith('COMPLETED', body.job_id);
    expect(await app.workers[0]!.stop()).toBe(0);
    expect(otlp.spans.some((span) => span.traceId === traceId && span.name === 'run echo')).toBe(true);
  });
});
