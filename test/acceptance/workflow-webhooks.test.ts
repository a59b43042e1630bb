import type { ServerResponse } from 'node:http';
import { eventually } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import { CALLBACK_SECRETS, Hooks, Receiver, WEBHOOK_SETTINGS, verified } from '../support/receiver.js';
import { type App, startApp } from '../support/start-app.js';

describe('webhooks of workflows', () => {
  let app: App;
  let receiver: Receiver;
  let hooks: Hooks;
  beforeAll(async () => {
    receiver = await Receiver.start();
    app = await startApp('workflow webhooks', { program: FIXTURE_APP, environment: WEBHOOK_SETTINGS });
    hooks = new Hooks(app, receiver);
  });
  afterAll(async () => {
    await app?.stop();
    await receiver?.stop();
  });

  const shown = async (id: string) => {
    const { graph: _, ...workflow } = (await app.client.get(`/workflows/${id}`)).body;
    return workflow;
  };

  test('tell the callback of a group of its end as it is shown, once, and again when it ends again', async () => {
    const path = receiver.place();
    const jobs = [
      { payload: { n: 1 } },
      { type: 'fail_as', payload: { message: 'no' } },
      { payload: { n: 3 } },
    ];
    const group = {
      name: 'newsletter',
      tags: ['eu'],
      callback_url: receiver.url(path),
      on_finished: { type: 'echo', payload: {} },
    };
    const { status, body } = await app.client.post('/jobs/batch', { jobs, group });
    expect(status).toBe(201);
    const id = body.workflow_id;
    const [first] = await receiver.arrivals(path, 1);
    const asShown = await shown(id);
    for (const secret of CALLBACK_SECRETS)
      expect(verified(secret, first!)).toEqual({
        type: 'workflow.failed',
        timestamp: asShown.finished_at,
        data: asShown,
      });
    expect(asShown).toMatchObject({ status: 'FAILED', counts: { COMPLETED: 2, FAILED: 1 } });

    expect((await app.client.post(`/workflows/${id}/retry`)).status).toBe(200);
    const [, second] = await receiver.arrivals(path, 2);
    expect(verified(CALLBACK_SECRETS[0], second!).data).toEqual(await shown(id));
    expect(second!.headers['webhook-id']).not.toBe(first!.headers['webhook-id']);
    const { deliveries } = await eventually(async () => {
      const { body: log } = await app.client.get(`/workflows/${id}/deliveries`);
      return log.deliveries.every((one: any) => one.status === 'delivered') ? log : undefined;
    });
    expect(deliveries).toHaveLength(2);
    expect(deliveries[1]).toMatchObject({
      event_id: first!.headers['webhook-id'],
      event: 'workflow.failed',
      workflow_id: id,
      job_id: null,
      webhook_id: null,
      url: receiver.url(path),
    });
    expect(receiver.at(path)).toHaveLength(2);
  });

  test('tell the endpoints that ask for it of workflows, whatever jobs those hear of', async () => {
    const events = ['workflow.completed', 'workflow.cancelled'];
    const webhook = await hooks.create({ events, queues: ['elsewhere'] });
    const deaf = await hooks.create();
    const callback = receiver.place();
    const submit = async (more: object) => {
      const jobs = [
        { ref: 'a', payload: {}, ...more },
        { ref: 'b', depends_on: ['a'], payload: {} },
      ];
      const { body } = await app.client.post('/workflows', { jobs, callback_url: receiver.url(callback) });
      return body.workflow_id as string;
    };
    const completed = await submit({});
    await receiver.arrivals(webhook.path, 1);
    const cancelled = await submit({ schedule_in: 3600 });
    await app.client.post(`/workflows/${cancelled}/cancel`);
    const arrived = await receiver.arrivals(webhook.path, 2);
    const told = arrived.map((request) => verified(webhook.secret, request));
    expect(told.map(({ type, data }) => [type, data.workflow_id])).toEqual([
      ['workflow.completed', completed],
      ['workflow.cancelled', cancelled],
    ]);
    const toCallback = await receiver.arrivals(callback, 2);
    expect(new Set(toCallback.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set(arrived.map(({ headers }) => headers['webhook-id'])),
    );
    const ofJobs = await receiver.arrivals(deaf.path, 4);
    for (const request of ofJobs) expect(verified(deaf.secret, request).type).toMatch(/^job\./);
    await hooks.remove(webhook);
    await hooks.remove(deaf);
  });

  test('are refused where they may not go, at their place in the request', async () => {
    const callback_url = 'http://169.254.169.254/latest';
    const jobs = [{ ref: 'a', payload: {} }];
    const workflow = await app.client.post('/workflows', { jobs, callback_url });
    expect([workflow.status, workflow.body.errors[0].pointer]).toEqual([422, '/callback_url']);
    const group = await app.client.post('/jobs/batch', { jobs: [{ payload: {} }], group: { callback_url } });
    expect([group.status, group.body.errors[0].pointer]).toEqual([422, '/group/callback_url']);
    expect(group.body.detail).toContain('cloud metadata');
    const misspelt = await app.client.post('/workflows', { jobs, callbackurl: 'https://hooks.example/' });
    expect(misspelt.body.detail).toContain('Did you mean "callback_url"');
    const finisher = { type: 'nonsense', payload: {} };
    const wrong = await app.client.post('/jobs/batch', {
      jobs: [{ payload: {} }],
      group: { on_finished: finisher },
    });
    expect(wrong.body.errors[0].pointer).toMatch(/^\/group\/on_finished/);
  });

  test('reach an endpoint one at a time where the queue of deliveries says so, and keep nobody else waiting', async () => {
    const [slow, quick] = [await hooks.create(), await hooks.create()];
    const held: ServerResponse[] = [];
    const hold = (response: ServerResponse) => void held.push(response);
    receiver.answer(slow.path, hold, hold, hold);
    await hooks.submit({});
    await receiver.arrivals(slow.path, 1);
    const limits = { per_key: { concurrency: 1 } };
    const { status } = await app.client.send('PATCH', '/queues/webhooks', JSON.stringify({ limits }), {
      'If-Match': '*',
    });
    expect(status).toBe(200);
    held.shift()!.end();
    await hooks.deliveries(slow, 'delivered', 1);

    for (let n = 0; n < 4; n += 1) await hooks.submit({});
    await receiver.arrivals(quick.path, 5);
    await receiver.arrivals(slow.path, 2);
    expect(receiver.at(slow.path)).toHaveLength(2);
    const { rows } = await app.database.pool.query(
      `SELECT count(*)::int AS n FROM jobs WHERE type = 'deliver_webhook' AND limit_key = $1 AND status = 'PROCESSING'`,
      [slow.id],
    );
    expect(rows).toEqual([{ n: 1 }]);
    held.shift()!.end();
    await receiver.arrivals(slow.path, 3);
    held.shift()!.end();
    await hooks.deliveries(slow, 'delivered', 5);
    await app.client.send('PATCH', '/queues/webhooks', '{"limits":null}', { 'If-Match': '*' });
    await hooks.remove(slow);
    await hooks.remove(quick);
  });
});
