import { eventually } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import { type Hook, Hooks, Receiver, WEBHOOK_SETTINGS, status, verified } from '../support/receiver.js';
import { type App, startApp } from '../support/start-app.js';

const JOBS = 400;
const ROUNDS = 4;

/** Every end of a job that is on record, as `job event`. */
const ENDS = `
  SELECT e.job_id || ' job.' || e.event AS ended FROM job_events e JOIN jobs j ON j.id = e.job_id
  WHERE j.type <> 'deliver_webhook' AND e.event IN ('completed', 'cancelled')
  UNION ALL
  SELECT j.id || ' job.failed' FROM jobs j WHERE j.status = 'FAILED' AND j.type <> 'deliver_webhook'`;

describe('webhooks after kill -9', () => {
  let app: App;
  let receiver: Receiver;
  let webhook: Hook;
  beforeAll(async () => {
    receiver = await Receiver.start();
    app = await startApp('webhook crash', {
      program: FIXTURE_APP,
      workers: 2,
      environment: {
        ...WEBHOOK_SETTINGS,
        WEBHOOK_RETRY_DELAYS: '0.1,0.2,0.4,0.8,1,1,1,1',
        STALLED_WORKER_TIMEOUT: '5',
      },
    });
    webhook = await new Hooks(app, receiver).create();
  });
  afterAll(async () => {
    await app?.stop();
    await receiver?.stop();
  });

  const kill = async () => {
    const [victim] = app.workers.splice(0, 1);
    await Promise.all([victim?.stop('SIGKILL'), app.addWorker()]);
  };

  test('of workers, again and again, tell of every end of every job, under an id of its own', async () => {
    const callback = receiver.place();
    // Some answers fail, and some come so late that the worker is killed while it waits.
    receiver.answer(
      webhook.path,
      ...Array.from({ length: JOBS }, (_, n) => (n % 7 === 0 ? status(500) : slow(n % 5 === 0 ? 300 : 0))),
    );
    const jobs = Array.from({ length: JOBS }, (_, n) => ({
      type: n % 4 === 0 ? 'fail_as' : n % 4 === 1 ? 'sleep' : 'echo',
      payload: n % 4 === 1 ? { ms: 20 } : {},
      ...(n % 10 === 0 ? { callback_url: receiver.url(callback) } : {}),
      ...(n % 9 === 0 ? { lock: `lock ${n % 18}` } : {}),
    }));
    const ids: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = receiver.at(webhook.path).length;
      const portion = jobs.slice((round * JOBS) / ROUNDS, ((round + 1) * JOBS) / ROUNDS);
      const { body } = await app.client.post('/jobs/batch', { jobs: portion });
      const submitted: string[] = body.jobs.map((job: any) => job.job_id);
      ids.push(...submitted);
      const unlucky = submitted.filter((_, n) => n % 11 === 5);
      await Promise.all(unlucky.map((id) => app.client.post(`/jobs/${id}/cancel`)));
      await eventually(() => receiver.at(webhook.path).length > before + 10);
      await kill();
    }

    const count = async (condition: string) =>
      (await app.database.pool.query(`SELECT count(*)::int AS n FROM jobs WHERE ${condition}`)).rows[0].n;
    await eventually(
      async () => (await count(`type <> 'deliver_webhook' AND finished_at IS NULL`)) === 0,
      60_000,
    );
    await eventually(async () => (await count(`finished_at IS NULL`)) === 0, 60_000);
    expect(await count(`type = 'deliver_webhook' AND status <> 'COMPLETED'`)).toBe(0);

    const { rows } = await app.database.pool.query<{ ended: string }>(ENDS);
    const arrived = receiver.at(webhook.path);
    const ends = new Map<string, Set<string>>();
    for (const request of arrived) {
      const { type, data } = verified(webhook.secret, request);
      const id = String(request.headers['webhook-id']);
      ends.set(id, (ends.get(id) ?? new Set()).add(`${data.job_id} ${type}`));
    }
    expect(rows).toHaveLength(JOBS);
    expect([...ends.values()].map(({ size }) => size).filter((size) => size !== 1)).toEqual([]);
    expect([...ends.values()].flatMap((end) => [...end]).sort()).toEqual(
      rows.map(({ ended }) => ended).sort(),
    );
    const called = new Set(receiver.at(callback).map((request) => JSON.parse(request.body).data.job_id));
    expect(called).toEqual(new Set(ids.filter((_, n) => n % 10 === 0)));
  });
});

describe('a worker with settings of its own', () => {
  let app: App;
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await Receiver.start();
    app = await startApp('webhook keys', { program: FIXTURE_APP, workers: 0, environment: WEBHOOK_SETTINGS });
  });
  afterAll(async () => {
    await app?.stop();
    await receiver?.stop();
  });

  test('sends nothing without the key of the secrets, says what it lacks, and leaves it to one that has it', async () => {
    const hooks = new Hooks(app, receiver);
    const webhook = await hooks.create();
    const callback = receiver.place();
    const id = await hooks.submit({ callback_url: receiver.url(callback) });
    const other = await app.addWorker({
      SECRETS_KEY: Buffer.alloc(32, 8).toString('base64'),
      WEBHOOK_SIGNING_SECRET: '',
    });
    const errors = () =>
      eventually(async () => {
        const { body } = await app.client.get(`/jobs/${id}/deliveries`);
        const found = body.deliveries.map((delivery: any) => delivery.error).filter(Boolean);
        return found.length === 2 ? found.sort() : undefined;
      });
    expect(await errors()).toEqual([
      expect.stringMatching(/^The secret is stored under the key [0-9a-f]{8}, .* the same SECRETS_KEY$/),
      'This worker cannot sign callbacks: give it the WEBHOOK_SIGNING_SECRET that the API has',
    ]);
    expect([...receiver.at(webhook.path), ...receiver.at(callback)]).toEqual([]);
    await other.stop();
    await app.addWorker();
    await receiver.arrivals(callback, 1);
    verified(webhook.secret, (await receiver.arrivals(webhook.path, 1))[0]!);
    await hooks.deliveries(webhook, 'delivered');
    await hooks.remove(webhook);
  });

  test('sends nothing to private addresses when it may not, whoever has written them down', async () => {
    await Promise.all(app.workers.splice(0).map((worker) => worker.stop()));
    const hooks = new Hooks(app, receiver);
    const webhook = await hooks.create();
    await app.addWorker({ WEBHOOK_ALLOW_PRIVATE: 'false' });
    await app.client.post(`/webhooks/${webhook.id}/test`);
    const [delivery] = await hooks.deliveries(webhook, 'failed');
    expect(delivery.error).toMatch(
      /must use one of the ports|leads to a loopback address.*WEBHOOK_ALLOW_PRIVATE/,
    );
    expect(receiver.at(webhook.path)).toEqual([]);
  });
});

function slow(ms: number) {
  return (response: { end(text: string): void }) => {
    setTimeout(() => response.end('at last'), ms);
  };
}
