import { eventually } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import {
  CALLBACK_SECRETS,
  Hooks,
  Receiver,
  WEBHOOK_SETTINGS,
  status,
  verified,
} from '../support/receiver.js';
import { type App, startApp } from '../support/start-app.js';

describe('webhooks', () => {
  let app: App;
  let receiver: Receiver;
  let hooks: Hooks;
  beforeAll(async () => {
    receiver = await Receiver.start();
    app = await startApp('webhooks', { program: FIXTURE_APP, environment: WEBHOOK_SETTINGS });
    hooks = new Hooks(app, receiver);
  });
  afterAll(async () => {
    await app?.stop();
    await receiver?.stop();
  });

  test('tell an endpoint of a completed job, signed as Standard Webhooks has it', async () => {
    const webhook = await hooks.create();
    const id = await hooks.submit({ payload: { hello: 'world' }, tags: ['a'] });
    const [arrived, ...more] = await receiver.arrivals(webhook.path, 1);
    const job = await app.jobWith('COMPLETED', id);
    const { payload: _, progress: __, ...told } = job;
    expect(more).toEqual([]);
    expect(arrived).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
    expect(verified(webhook.secret, arrived!)).toEqual({
      type: 'job.completed',
      timestamp: job.finished_at,
      data: told,
    });
    const [delivery] = await hooks.deliveries(webhook, 'delivered');
    expect(delivery).toMatchObject({
      event_id: arrived!.headers['webhook-id'],
      event: 'job.completed',
      job_id: id,
      webhook_id: webhook.id,
      attempts: 1,
      response_status: 200,
      response_body: 'thanks',
      error: null,
      next_attempt_at: null,
    });
    await hooks.remove(webhook);
  });

  test('tell of every way a job can end, and of nothing else', async () => {
    const webhook = await hooks.create();
    await app.database.pool.query('CREATE TABLE effects (job_id uuid NOT NULL, attempt integer NOT NULL)');
    const failed = await hooks.submit({ type: 'fail_as', payload: { message: 'No such mailbox' } });
    const waiting = await hooks.submit({ schedule_in: 3600 });
    const dependent = await hooks.submit({ depends_on: [waiting] });
    const grandchild = await hooks.submit({ depends_on: [dependent] });
    await app.client.post(`/jobs/${waiting}/cancel`);
    const running = await hooks.submit({ type: 'sleep', payload: { ms: 60_000 } });
    await app.jobWith('PROCESSING', running);
    await app.client.post(`/jobs/${running}/cancel`);
    const retried = await hooks.submit({
      type: 'fail',
      payload: { times: 1 },
      backoff: { base_delay: 0, jitter: 0 },
    });
    const within = await hooks.submit({ type: 'write_once' });
    await app.jobWith('FAILED', failed);
    const late = await hooks.submit({ depends_on: [failed] });
    const expected = new Map([
      [failed, 'job.failed'],
      [waiting, 'job.cancelled'],
      [dependent, 'job.cancelled'],
      [grandchild, 'job.cancelled'],
      [running, 'job.cancelled'],
      [retried, 'job.completed'],
      [late, 'job.cancelled'],
      [within, 'job.completed'],
    ]);
    const arrived = await receiver.arrivals(webhook.path, expected.size);
    const told = arrived.map((request) => verified(webhook.secret, request));
    expect(new Map(told.map(({ type, data }) => [data.job_id, type]))).toEqual(expected);
    expect(told.find(({ data }) => data.job_id === failed).data).toMatchObject({
      status: 'FAILED',
      error_message: 'No such mailbox',
      attempts: 1,
    });
    expect(new Set(arrived.map(({ headers }) => headers['webhook-id'])).size).toBe(expected.size);
    await hooks.remove(webhook);
  });

  test('tell only of the events, queues and types that an endpoint asks for', async () => {
    const byQueue = await hooks.create({ queues: ['invoices'], events: ['job.completed'] });
    const byType = await hooks.create({ types: ['fail_as', 'echo'], queues: [] });
    const byBoth = await hooks.create({ types: ['echo'], queues: ['invoices'] });
    const failedOnly = await hooks.create({ events: ['job.failed'] });
    const invoice = await hooks.submit({ queue: 'invoices' });
    const failure = await hooks.submit({ type: 'fail_as', queue: 'invoices' });
    const plain = await hooks.submit({});
    const other = await hooks.submit({ type: 'sleep', payload: { ms: 1 }, queue: 'invoices' });
    await app.jobWith('FAILED', failure);
    for (const id of [invoice, plain, other]) await app.jobWith('COMPLETED', id);
    await receiver.arrivals(byType.path, 3);
    await receiver.arrivals(byQueue.path, 2);
    await receiver.arrivals(byBoth.path, 1);
    await receiver.arrivals(failedOnly.path, 1);
    const { rows } = await app.database.pool.query(
      `SELECT webhook_id, array_agg(subject_id::text ORDER BY subject_id) AS jobs FROM webhook_deliveries
       WHERE webhook_id = ANY($1) GROUP BY webhook_id`,
      [[byQueue, byType, byBoth, failedOnly].map(({ id }) => id)],
    );
    expect(new Map(rows.map((row) => [row.webhook_id, row.jobs]))).toEqual(
      new Map([
        [byQueue.id, [invoice, other]],
        [byType.id, [invoice, failure, plain]],
        [byBoth.id, [invoice]],
        [failedOnly.id, [failure]],
      ]),
    );
    await Promise.all([byQueue, byType, byBoth, failedOnly].map((hook) => hooks.remove(hook)));
  });

  test('sign with both secrets while they are exchanged, and with one afterwards', async () => {
    const webhook = await hooks.create();
    const { status: code, body } = await app.client.post(
      `/webhooks/${webhook.id.toUpperCase()}/rotate-secret`,
    );
    expect(code).toBe(200);
    expect(body.secret).not.toBe(webhook.secret);
    const left = Date.parse(body.old_secret_expires_at) - Date.now();
    expect(left).toBeGreaterThan(23.9 * 3_600_000);
    await hooks.submit({});
    const [first] = await receiver.arrivals(webhook.path, 1);
    expect(String(first!.headers['webhook-signature'])).toMatch(/^v1,\S+ v1,\S+$/);
    verified(webhook.secret, first!);
    verified(body.secret, first!);

    const again = await app.client.post(`/webhooks/${webhook.id}/rotate-secret`, { keep_old_for: 0 });
    expect(again.body.old_secret_expires_at).toBeNull();
    await hooks.submit({});
    const [, second] = await receiver.arrivals(webhook.path, 2);
    verified(again.body.secret, second!);
    expect(() => verified(body.secret, second!)).toThrow('No matching signature');
    await hooks.remove(webhook);
  });

  test('show a secret once, and keep it out of everything else', async () => {
    const webhook = await hooks.create();
    const id = await hooks.submit({});
    await receiver.arrivals(webhook.path, 1);
    const [delivery] = await hooks.deliveries(webhook, 'delivered');
    const shown = await Promise.all(
      ['/webhooks', `/webhooks/${webhook.id}`, `/jobs/${delivery.delivery_id}`, `/jobs/${id}/deliveries`].map(
        async (path) => JSON.stringify((await app.client.get(path)).body),
      ),
    );
    const { rows } = await app.database.pool.query(
      `SELECT (SELECT json_agg(w) FROM webhooks w)::text || (SELECT json_agg(d) FROM webhook_deliveries d)::text
              || (SELECT json_agg(j) FROM jobs j)::text AS everything`,
    );
    const logs = [app.api, ...app.workers].map((process) => process.output());
    const bare = webhook.secret.slice('whsec_'.length);
    for (const text of [...shown, rows[0].everything, ...logs]) {
      expect(text).not.toContain(bare);
      expect(text).not.toContain(CALLBACK_SECRETS[0].slice(6, 40));
    }
    await hooks.remove(webhook);
  });

  test('are tested at any time, and send again what somebody asks for', async () => {
    const webhook = await hooks.create();
    await app.client.post(`/webhooks/${webhook.id}/disable`, { reason: 'Moves' });
    const test = await app.client.post(`/webhooks/${webhook.id}/test`);
    expect(test).toMatchObject({ status: 202, body: { event: 'webhook.test', job_id: null } });
    const [request] = await receiver.arrivals(webhook.path, 1);
    expect(verified(webhook.secret, request!)).toMatchObject({
      type: 'webhook.test',
      data: { webhook_id: webhook.id },
    });
    const { body: enabled } = await app.client.post(`/webhooks/${webhook.id}/enable`);
    expect(enabled).toMatchObject({ enabled: true, disabled_reason: null, disabled_at: null });
    const id = await hooks.submit({});
    const [, first] = await receiver.arrivals(webhook.path, 2);
    const [delivery] = (await app.client.get(`/jobs/${id}/deliveries`)).body.deliveries;
    const resent = await app.client.post(`/webhooks/${webhook.id}/deliveries/${delivery.delivery_id}/resend`);
    expect(resent.status).toBe(202);
    expect(resent.body.delivery_id).not.toBe(delivery.delivery_id);
    const [, , second] = await receiver.arrivals(webhook.path, 3);
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(second!.body).toBe(first!.body);
    await hooks.deliveries(webhook, 'delivered', 3);
    const page = await app.client.get(`/webhooks/${webhook.id}/deliveries?limit=2`);
    const rest = await app.client.get(
      `/webhooks/${webhook.id}/deliveries?limit=2&cursor=${page.body.next_cursor}`,
    );
    const ids = [...page.body.deliveries, ...rest.body.deliveries].map((one: any) => one.delivery_id);
    expect(ids).toEqual([resent.body.delivery_id, delivery.delivery_id, test.body.delivery_id]);
    expect(rest.body.next_cursor).toBeNull();
    await hooks.remove(webhook);
  });

  test('are changed only by who has read them, and forgotten with their log', async () => {
    const webhook = await hooks.create({ description: 'Old' });
    const path = `/webhooks/${webhook.id}`;
    const { headers } = await app.client.get(path);
    const edit = (body: object, more: Record<string, string> = {}) =>
      app.client.send('PATCH', path, JSON.stringify(body), more);
    expect((await edit({ description: 'New' })).status).toBe(428);
    const tag = { 'If-Match': headers.get('etag')! };
    const moved = receiver.place();
    const changes = { url: receiver.url(moved), description: null, queues: ['a'], events: ['job.failed'] };
    const { status: code, body } = await edit(changes, tag);
    expect(code).toBe(200);
    expect(body).toMatchObject({ ...changes, types: null });
    expect((await edit({ description: 'Newer' }, tag)).status).toBe(412);
    await hooks.remove(webhook);
    expect((await app.client.get(path)).status).toBe(404);
    expect((await app.client.get(`${path}/deliveries`)).status).toBe(404);
  });

  test.each([
    ['ftp://example.com/', 'must begin with'],
    ['http://user:secret@example.com/', 'no user name and no password'],
    ['http://169.254.169.254/latest', 'cloud metadata'],
    ['http://[fe80::1]/', 'link-local'],
    ['http://0x7f.1', undefined],
    ['not a url', 'no spaces'],
  ])('take or refuse the URL %s at once', async (url, expected) => {
    const { status: code, body } = await app.client.post('/webhooks', { url, events: ['job.failed'] });
    if (expected === undefined) {
      expect(code).toBe(201);
      await hooks.remove({ id: body.webhook_id });
      return;
    }
    expect([code, body.errors[0].pointer]).toEqual([422, '/url']);
    expect(body.detail).toContain(expected);
    const callback = await app.client.post('/jobs', { payload: {}, callback_url: url });
    expect([callback.status, callback.body.errors[0].pointer]).toEqual([422, '/callback_url']);
  });

  test('are a hundred at most', async () => {
    const fill = `
      INSERT INTO webhooks (id, url, description, events, secret, enabled, disabled_at, disabled_reason)
      SELECT gen_random_uuid(), 'https://hooks.example/', 'filler', '{job.failed}', '', false, now(), 'test'
      FROM generate_series(1, 100 - (SELECT count(*) FROM webhooks))`;
    await app.database.pool.query(fill);
    const { status: code, body } = await app.client.post('/webhooks', {
      url: receiver.url('/x'),
      events: ['job.failed'],
    });
    expect([code, body.code]).toEqual([409, 'too_many_webhooks']);
    await app.database.pool.query(`DELETE FROM webhooks WHERE description = 'filler'`);
  });

  test('refuse what they do not know, with the word that was meant', async () => {
    const url = receiver.url('/x');
    const wrong = await app.client.post('/webhooks', { url, events: ['job.done'] });
    expect([wrong.status, wrong.body.detail]).toEqual([
      422,
      'events must be a list of different words out of job.completed, job.failed, job.cancelled, workflow.completed, workflow.failed, workflow.cancelled',
    ]);
    const unknown = await app.client.post('/webhooks', { url, events: ['job.failed'], querys: [] });
    expect(unknown.body.detail).toContain('Did you mean "queues"');
  });

  test('tell the callback of a job, signed with each secret of the service', async () => {
    const path = receiver.place();
    const secret = receiver.url(`${path}?token=abc`);
    receiver.answer(`${path}?token=abc`, status(500));
    const single = await hooks.submit({ callback_url: secret, queue: 'callbacks' });
    const batch = await app.client.post('/jobs/batch', {
      jobs: [{ payload: {}, callback_url: receiver.url(path) }, { payload: {} }],
    });
    expect(batch.status).toBe(201);
    const arrived = await receiver.arrivals(`${path}?token=abc`, 2);
    for (const key of CALLBACK_SECRETS) {
      expect(verified(key, arrived[0]!)).toMatchObject({ type: 'job.completed', data: { job_id: single } });
    }
    const [fromBatch, ...more] = await receiver.arrivals(path, 1);
    expect(more).toEqual([]);
    expect(verified(CALLBACK_SECRETS[1], fromBatch!).data.job_id).toBe(batch.body.jobs[0].job_id);
    const delivery = await eventually(async () => {
      const { body } = await app.client.get(`/jobs/${single}/deliveries`);
      return body.deliveries.find(({ status }: any) => status === 'delivered');
    });
    expect(delivery).toMatchObject({ webhook_id: null, url: receiver.url(path), attempts: 2 });
    const wrong = await app.client.post('/jobs/batch', {
      jobs: [{ payload: {} }, { payload: {}, callback_url: 'http://10.0.0.1:99999/' }],
    });
    expect(wrong.body.errors[0].pointer).toBe('/jobs/1/callback_url');
  });

  test('tell of jobs whose queue keeps nothing', async () => {
    await hooks.submit({ queue: 'transient' });
    await app.client.send('PATCH', '/queues/transient', '{"retention":"none"}', { 'If-Match': '*' });
    await eventually(async () => {
      const id = await hooks.submit({ queue: 'transient' });
      return eventually(async () => (await app.client.get(`/jobs/${id}`)).status === 404, 500);
    });
    const webhook = await hooks.create();
    const path = receiver.place();
    const jobs = Array.from({ length: 20 }, () => ({ payload: {}, queue: 'transient' }));
    await app.client.post('/jobs/batch', {
      jobs: [...jobs, { ...jobs[0], callback_url: receiver.url(path) }],
    });
    await receiver.arrivals(webhook.path, 21);
    await receiver.arrivals(path, 1);
    await hooks.remove(webhook);
  });

  test('tell of another end when a job that was retried ends again', async () => {
    const webhook = await hooks.create();
    const id = await hooks.submit({ type: 'fail_as', payload: {} });
    await app.jobWith('FAILED', id);
    await app.client.post(`/jobs/${id}/retry`);
    const arrived = await receiver.arrivals(webhook.path, 2);
    expect(arrived.map((request) => verified(webhook.secret, request).data.attempts).sort()).toEqual([1, 2]);
    expect(new Set(arrived.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
    await hooks.remove(webhook);
  });
});
