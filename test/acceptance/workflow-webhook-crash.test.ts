import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import type { Arrived } from '../support/http-peer.js';
import { FIXTURE_APP } from '../support/product.js';
import { type Hook, Hooks, Receiver, WEBHOOK_SETTINGS, status, verified } from '../support/receiver.js';
import { type App, startApp } from '../support/start-app.js';

const ROUNDS = 3;
const A_ROUND = 40;

/** A workflow as it is on record. */
interface Recorded {
  readonly id: string;
  readonly status: string;
  readonly ends: number;
  readonly callback_url: string | null;
}

describe('webhooks of workflows after kill -9', () => {
  let app: App;
  let receiver: Receiver;
  let webhook: Hook;
  beforeAll(async () => {
    receiver = await Receiver.start();
    app = await startApp('workflow webhook crash', {
      program: FIXTURE_APP,
      workers: 2,
      environment: {
        ...WEBHOOK_SETTINGS,
        WEBHOOK_RETRY_DELAYS: '0.1,0.2,0.4,0.8,1,1,1,1',
        STALLED_WORKER_TIMEOUT: '5',
      },
    });
    const events = ['workflow.completed', 'workflow.failed', 'workflow.cancelled'];
    webhook = await new Hooks(app, receiver).create({ events });
  });
  afterAll(async () => {
    await app?.stop();
    await receiver?.stop();
  });

  const kill = async () => {
    const [victim] = app.workers.splice(0, 1);
    await Promise.all([victim?.stop('SIGKILL'), app.addWorker()]);
  };
  const allEnded = () =>
    eventually(async () => {
      const { rows } = await app.database.pool.query('SELECT FROM jobs WHERE finished_at IS NULL LIMIT 1');
      return rows.length === 0;
    }, 60_000);
  const recorded = async () =>
    (
      await app.database.pool.query<Recorded>(
        `SELECT id, ends, callback_url,
                CASE WHEN finished_at IS NULL THEN 'running' WHEN failed > 0 THEN 'failed'
                     WHEN cancelled > 0 THEN 'cancelled' ELSE 'completed' END AS status
         FROM workflows`,
      )
    ).rows;
  /** What was told, by workflow: its events under their ids. */
  const toldBy = (requests: readonly Arrived[]) => {
    const told = new Map<string, Map<string, Set<string>>>();
    for (const request of requests) {
      const { type, data } = JSON.parse(request.body);
      const events = told.get(data.workflow_id) ?? new Map<string, Set<string>>();
      const id = String(request.headers['webhook-id']);
      events.set(id, (events.get(id) ?? new Set()).add(`${data.finished_at} ${type}`));
      told.set(data.workflow_id, events);
    }
    return told;
  };

  test('of workers, again and again, tell of every end of every workflow and group, under an id of its own', async () => {
    const callback = receiver.place();
    const callback_url = receiver.url(callback);
    // Some answers fail, and some come so late that the worker is killed while it waits.
    receiver.answer(
      webhook.path,
      ...Array.from({ length: ROUNDS * A_ROUND }, (_, n) =>
        n % 7 === 0 ? status(500) : slow(n % 5 === 0 ? 300 : 0),
      ),
    );
    const submit = async (n: number) => {
      const told = n % 3 === 0 ? { callback_url } : {};
      const middle = n % 4 === 0 ? { type: 'fail_as' } : { type: 'sleep', payload: { ms: 20 } };
      const jobs = ['b', 'c', 'd'].map((ref) => ({ ref, depends_on: ['a'], payload: {}, ...middle }));
      const headers = { 'Idempotency-Key': randomUUID() };
      const group = { jobs: jobs.map(({ ref: _, depends_on: __, ...job }) => job), group: told };
      const workflow = { jobs: [{ ref: 'a', payload: {} }, ...jobs], ...told };
      const id = await eventually(async () => {
        const { body } =
          n % 5 === 0
            ? await app.client.post('/jobs/batch', group, headers)
            : await app.client.post('/workflows', workflow, headers);
        return body.workflow_id;
      });
      if (n % 11 === 0) await app.client.post(`/workflows/${id}/cancel`);
    };
    // Where too much is asked for at once, it is asked for again, as above; an answer that was lost has perhaps been heeded.
    const retry = (id: string) =>
      eventually(async () => {
        const { status } = await app.client.post(`/workflows/${id}/retry`);
        expect([200, 409]).toContain(status);
        return true;
      });
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = receiver.at(webhook.path).length;
      await Promise.all(Array.from({ length: A_ROUND }, (_, n) => submit(n)));
      await eventually(() => receiver.at(webhook.path).length > before + 5, 30_000);
      await kill();
    }
    await allEnded();
    const failed = (await recorded()).filter((workflow) => workflow.status === 'failed');
    const before = receiver.at(webhook.path).length;
    await Promise.all(failed.map(({ id }) => retry(id)));
    await eventually(() => receiver.at(webhook.path).length > before + 2, 30_000);
    await kill();
    await allEnded();

    const workflows = await recorded();
    expect(workflows).toHaveLength(ROUNDS * A_ROUND);
    for (const request of receiver.at(webhook.path)) verified(webhook.secret, request);
    const told = toldBy(receiver.at(webhook.path));
    const called = toldBy(receiver.at(callback));
    const again = new Set(failed.map(({ id }) => id));
    for (const { id, status: outcome, ends, callback_url: url } of workflows) {
      expect([id, ends]).toEqual([id, again.has(id) ? 2 : 1]);
      const events = told.get(id) ?? new Map<string, Set<string>>();
      expect([id, events.size]).toEqual([id, ends]);
      expect([...events.values()].map(({ size }) => size)).toEqual([...events.keys()].map(() => 1));
      const last = [...events.values()]
        .flatMap((end) => [...end])
        .sort()
        .at(-1);
      expect(last).toMatch(new RegExp(` workflow\\.${outcome}$`));
      expect(called.get(id)).toEqual(url === null ? undefined : events);
    }
  });
});

function slow(ms: number) {
  return (response: { end(text: string): void }) => {
    setTimeout(() => response.end('at last'), ms);
  };
}
