import { eventually } from '../support/eventually.js';
import type { Route } from '../support/http-peer.js';
import { FIXTURE_APP } from '../support/product.js';
import { Hooks, Receiver, WEBHOOK_SETTINGS, status, verified } from '../support/receiver.js';
import { type App, startApp } from '../support/start-app.js';

describe('deliveries to a webhook', () => {
  let app: App;
  let receiver: Receiver;
  let hooks: Hooks;
  beforeAll(async () => {
    receiver = await Receiver.start();
    app = await startApp('webhook deliveries', { program: FIXTURE_APP, environment: WEBHOOK_SETTINGS });
    hooks = new Hooks(app, receiver);
  });
  afterAll(async () => {
    await app?.stop();
    await receiver?.stop();
  });

  test('try again under the same id, with a new signature, until the receiver takes it', async () => {
    const webhook = await hooks.create();
    receiver.answer(webhook.path, (response) => response.writeHead(500).end('later'), status(404));
    await hooks.submit({});
    const arrived = await receiver.arrivals(webhook.path, 3);
    expect(new Set(arrived.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(arrived.map(({ body }) => body)).size).toBe(1);
    for (const request of arrived) verified(webhook.secret, request);
    const [delivery] = await hooks.deliveries(webhook, 'delivered');
    expect(delivery).toMatchObject({ attempts: 3, response_status: 200, error: null });
    expect((await app.client.get(`/webhooks/${webhook.id}`)).body).toMatchObject({
      failures: 0,
      failing_since: null,
    });
    await hooks.remove(webhook);
  });

  test('give up after the last wait, which leaves a failed job and no dead letter', async () => {
    const webhook = await hooks.create();
    await app.client.get('/queues/webhooks');
    const { headers } = await app.client.get('/queues/webhooks');
    await app.client.send('PATCH', '/queues/webhooks', '{"dead_letter_queue":"graveyard"}', {
      'If-Match': headers.get('etag') ?? '*',
    });
    receiver.answer(webhook.path, ...Array.from({ length: 4 }, () => status(503)));
    const id = await hooks.submit({});
    const [delivery] = await hooks.deliveries(webhook, 'failed');
    expect(delivery).toMatchObject({
      attempts: 4,
      job_id: id,
      response_status: 503,
      error: 'The receiver answered with status 503',
    });
    await app.jobWith('FAILED', delivery.delivery_id);
    expect((await app.client.get('/jobs?type=dead_letter')).body.jobs).toEqual([]);

    // Whoever redrives it has it tried again.
    expect((await app.client.post(`/jobs/${delivery.delivery_id}/retry`)).status).toBe(200);
    await hooks.deliveries(webhook, 'delivered');
    await hooks.remove(webhook);
  });

  test('wait as long as a busy receiver asks for', async () => {
    const webhook = await hooks.create();
    receiver.answer(webhook.path, status(429, { 'retry-after': '2' }));
    await hooks.submit({});
    await receiver.arrivals(webhook.path, 1);
    const [waiting] = await eventually(async () => {
      const found = await hooks.deliveries(webhook, 'pending');
      return found[0].next_attempt_at === null || found[0].attempts === 0 ? undefined : found;
    });
    const wait = Date.parse(waiting.next_attempt_at) - Date.parse(waiting.last_attempt_at);
    expect(wait).toBeGreaterThanOrEqual(1_990);
    await hooks.deliveries(webhook, 'delivered');
    await hooks.remove(webhook);
  });

  test('follow no redirect, and keep no more of an answer than its beginning', async () => {
    const webhook = await hooks.create();
    const elsewhere = receiver.place();
    receiver.answer(webhook.path, status(302, { location: receiver.url(elsewhere) }), (response) =>
      response.end('x'.repeat(100_000)),
    );
    await hooks.submit({});
    const [delivery] = await hooks.deliveries(webhook, 'delivered');
    expect(delivery.response_body).toBe('x'.repeat(1_024));
    expect(delivery.attempts).toBe(2);
    expect(receiver.at(elsewhere)).toEqual([]);
    await hooks.remove(webhook);
  });

  test('wait 15 s for a slow receiver, and hold up nobody else meanwhile', async () => {
    const [silent, dripping] = [
      await hooks.create({ events: ['job.failed'] }),
      await hooks.create({ events: ['job.failed'] }),
    ];
    receiver.answer(silent.path, () => undefined);
    receiver.answer(dripping.path, (response) => {
      const drip = setInterval(() => response.write('.'), 100);
      response.on('close', () => clearInterval(drip));
    });
    for (const { id } of [silent, dripping]) await app.client.post(`/webhooks/${id}/test`);
    await receiver.arrivals(silent.path, 1);
    await receiver.arrivals(dripping.path, 1);
    await app.jobWith('COMPLETED', await hooks.submit({}));
    for (const hook of [silent, dripping]) {
      const [delivery] = await hooks.deliveries(hook, 'failed');
      expect(delivery.error).toContain('did not answer in full within 15 s');
      expect(delivery.duration_ms).toBeGreaterThanOrEqual(14_900);
      await hooks.remove(hook);
    }
  });

  test('stop for good when the receiver answers 410, also with what still waits', async () => {
    const webhook = await hooks.create();
    const gone: Route = status(410);
    const busy: Route = status(503, { 'retry-after': '3600' });
    receiver.answer(webhook.path, busy, gone);
    await hooks.submit({});
    const [waiting] = await eventually(async () => {
      const found = await hooks.deliveries(webhook, 'pending');
      return found[0].attempts === 1 ? found : undefined;
    });
    await hooks.submit({});
    const [refused] = await hooks.deliveries(webhook, 'failed');
    expect(refused).toMatchObject({ attempts: 1, response_status: 410 });
    const [cancelled] = await hooks.deliveries(webhook, 'cancelled');
    expect(cancelled).toMatchObject({
      delivery_id: waiting.delivery_id,
      error: 'The webhook was disabled: the receiver answered 410 Gone',
    });
    await app.jobWith('CANCELLED', waiting.delivery_id);
    const { body } = await app.client.get(`/webhooks/${webhook.id}`);
    expect(body).toMatchObject({ enabled: false, disabled_reason: 'the receiver answered 410 Gone' });
    const line = `Webhook ${webhook.id} was disabled: the receiver answered 410 Gone`;
    await eventually(() => app.workers.some((worker) => worker.output().includes(line)));

    const unheard = await hooks.submit({});
    await app.jobWith('COMPLETED', unheard);
    const retried = await app.client.post(`/webhooks/${webhook.id}/deliveries/${refused.delivery_id}/resend`);
    expect([retried.status, retried.body.code]).toEqual([409, 'webhook_disabled']);
    expect((await app.client.get(`/jobs/${unheard}/deliveries`)).body.deliveries).toEqual([]);
    await hooks.remove(webhook);
  });

  test('give up an endpoint that has failed for five days', async () => {
    const webhook = await hooks.create();
    await app.database.pool.query(
      `UPDATE webhooks SET failures = 3, failing_since = now() - interval '5 days 1 hour' WHERE id = $1`,
      [webhook.id],
    );
    receiver.answer(webhook.path, status(500));
    await hooks.submit({});
    const body = await eventually(async () => {
      const { body: found } = await app.client.get(`/webhooks/${webhook.id}`);
      return found.enabled ? undefined : found;
    });
    expect(body.disabled_reason).toBe('no delivery has succeeded for 5 days');
    const [cancelled] = await hooks.deliveries(webhook, 'cancelled');
    expect(cancelled.attempts).toBe(1);
    expect(receiver.at(webhook.path)).toHaveLength(1);
    await hooks.remove(webhook);
  });

  test('end what still waits for an endpoint that is deleted', async () => {
    const webhook = await hooks.create();
    receiver.answer(webhook.path, status(503, { 'retry-after': '3600' }));
    await hooks.submit({});
    const [waiting] = await hooks.deliveries(webhook, 'pending');
    await receiver.arrivals(webhook.path, 1);
    await eventually(
      async () => (await app.client.get(`/jobs/${waiting.delivery_id}`)).body.status === 'PENDING',
    );
    await hooks.remove(webhook);
    await app.jobWith('CANCELLED', waiting.delivery_id);
  });

  test('leave an endpoint alone that keeps failing, try it one at a time, and make up for all of it', async () => {
    const webhook = await hooks.create();
    const refuse: Route = status(500);
    await app.database.pool.query(
      `UPDATE webhooks SET failures = 5, failing_since = now(), held_until = now() + interval '1 second' WHERE id = $1`,
      [webhook.id],
    );
    receiver.answer(webhook.path, refuse);
    const batch = Array.from({ length: 30 }, () => ({ payload: {} }));
    await app.client.post('/jobs/batch', { jobs: batch });
    await hooks.deliveries(webhook, 'delivered', 30);
    expect(receiver.at(webhook.path)).toHaveLength(31);
    expect((await app.client.get(`/webhooks/${webhook.id}`)).body.failures).toBe(0);
    await hooks.remove(webhook);
  });

  test('send no job to anybody that delivers itself', async () => {
    const webhook = await hooks.create();
    const jobs = await Promise.all(Array.from({ length: 5 }, () => hooks.submit({})));
    await hooks.deliveries(webhook, 'delivered', 5);
    const { rows } = await app.database.pool.query(
      `SELECT DISTINCT subject_id AS id FROM webhook_deliveries WHERE webhook_id = $1`,
      [webhook.id],
    );
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(jobs));
    const { status, body } = await app.client.post('/jobs', {
      type: 'deliver_webhook',
      payload: { event: 'x' },
    });
    expect([status, body.errors[0]]).toMatchObject([422, { pointer: '/type', code: 'internal_type' }]);
    await hooks.remove(webhook);
  });
});
