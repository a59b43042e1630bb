import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { Mender, QueueService, WorkflowControl, Workflows } from '../../src/queue/index.js';
import { pauseBeforeCommit, sessionsWait } from '../support/pause.js';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';
import {
  BROKEN,
  DIAMOND,
  DONE,
  FINISHER,
  type Shape,
  claimed,
  clear,
  expectNothingToMend,
  run,
  start,
  workflowOf,
} from '../support/workflows.js';

const environment = { WEBHOOK_SIGNING_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')}` };
const CALLBACK = 'https://hooks.example/flow?token=1';

describe('what workflows tell of their ends', () => {
  let fixture: TestQueue;
  let other: INestApplicationContext;
  beforeAll(async () => {
    fixture = await startQueue('workflow_events', { environment });
    other = await startProcess(fixture.database.url, { environment });
  });
  beforeEach(async () => {
    await clear(fixture);
    await fixture.rows('TRUNCATE webhooks, webhook_deliveries');
  });
  afterEach(() => expectNothingToMend(fixture));
  afterAll(async () => {
    await other?.close();
    await fixture?.stop();
  });

  const started = (shape: Shape, more = {}) => start(fixture, { ...workflowOf(shape), ...more });
  const listen = async (...events: string[]) => {
    const id = randomUUID();
    await fixture.rows(
      `INSERT INTO webhooks (id, url, events, queues, secret)
       VALUES ($1, 'https://hooks.example/', $2, '{elsewhere}', '')`,
      [id, events],
    );
    return id;
  };
  /** What was told, in its order; each has a job with a ticket that delivers it. */
  const told = async () => {
    const rows = await fixture.rows(`
      SELECT d.*, j.limit_key FROM webhook_deliveries d
      LEFT JOIN jobs j ON j.id = d.id AND j.type = 'deliver_webhook' AND j.status = 'PENDING' AND j.workflow_id IS NULL
      ORDER BY d.id`);
    expect(await fixture.tickets('webhooks')).toEqual(rows.map(({ id }) => id));
    expect(rows.every(({ limit_key }) => limit_key !== null)).toBe(true);
    return rows.map((row) => ({ ...row, ...JSON.parse(row.body) }));
  };
  const events = async () => (await told()).map(({ event }) => event);

  test('goes to its callback and to the endpoints that ask for it, whatever jobs those hear of', async () => {
    const listening = await listen('workflow.completed');
    await listen('workflow.failed', 'job.completed');
    const flow = await started(DIAMOND, {
      callbackUrl: CALLBACK,
      name: 'diamond',
      tags: ['a'],
      onFinished: FINISHER,
    });
    await run(fixture);
    const [finisher] = await flow.finishers();
    const data = {
      workflow_id: flow.id,
      name: 'diamond',
      kind: 'workflow',
      tags: ['a'],
      status: 'COMPLETED',
      jobs: 4,
      counts: { BLOCKED: 0, PENDING: 0, PROCESSING: 0, COMPLETED: 4, FAILED: 0, CANCELLED: 0 },
      progress: 100,
      on_finished: { type: 'task', job_id: finisher!.id },
      created_at: expect.any(String),
      finished_at: expect.any(String),
    };
    const deliveries = await told();
    expect(deliveries).toMatchObject([
      { webhook_id: listening, callback_url: null, limit_key: listening },
      { webhook_id: null, callback_url: CALLBACK, limit_key: 'hooks.example' },
    ]);
    for (const delivery of deliveries) {
      expect(delivery).toMatchObject({ event: 'workflow.completed', subject_id: flow.id, data });
      expect(Object.keys(delivery.data)).toEqual(Object.keys(data));
      expect(delivery.timestamp).toBe(delivery.data.finished_at);
    }
    expect(new Set(deliveries.map(({ event_id }) => event_id)).size).toBe(1);
  });

  test('is nothing while nobody asks for it', async () => {
    await listen('job.failed');
    await listen('workflow.cancelled');
    await started({ a: [] });
    await run(fixture, 'a');
    expect(await told()).toEqual([]);
  });

  test('is one event when two sessions end its last two jobs at once', async () => {
    const flow = await started({ a: [], b: [] }, { callbackUrl: CALLBACK });
    const [a, b] = await fixture.claim(2);
    const paused = pauseBeforeCommit(other);
    const first = other.get(QueueService).settle([{ claim: a!, outcome: DONE }]);
    await paused.reached;
    const second = fixture.queue.settle([{ claim: b!, outcome: BROKEN }]);
    await sessionsWait(fixture.database);
    expect(await told()).toEqual([]);
    paused.resume();
    await Promise.all([first, second.catch(() => fixture.settle(b!, BROKEN))]);
    expect(await flow.row()).toMatchObject({ open: 0, ends: 1 });
    expect(await events()).toEqual(['workflow.failed']);
  });

  test('is another event when it runs again and ends again', async () => {
    const flow = await started({ a: [], b: ['a'] }, { callbackUrl: CALLBACK });
    await run(fixture, 'a');
    await fixture.get(WorkflowControl).retry(flow.id, 'ann');
    expect(await events()).toEqual(['workflow.failed']);
    await run(fixture);
    const deliveries = await told();
    expect(deliveries).toMatchObject([
      { event: 'workflow.failed', data: { counts: { FAILED: 1, CANCELLED: 1 } } },
      { event: 'workflow.completed', data: { counts: { FAILED: 0, COMPLETED: 2 } } },
    ]);
    expect(deliveries[0]!.event_id).not.toBe(deliveries[1]!.event_id);
    await fixture.get(WorkflowControl).retry(flow.id, 'ann');
    expect(await events()).toHaveLength(2);
  });

  test('is told of one that is cancelled, once its last job has stopped', async () => {
    const flow = await started(DIAMOND, { callbackUrl: CALLBACK });
    const top = await claimed(fixture, 'top', flow);
    await fixture.get(WorkflowControl).cancel(flow.id, 'ann');
    expect(await told()).toEqual([]);
    await fixture.settle(top, { kind: 'cancelled' });
    expect(await events()).toEqual(['workflow.cancelled']);
    const waiting = await started({ a: [] }, { callbackUrl: CALLBACK });
    await fixture.get(WorkflowControl).cancel(waiting.id, 'ann');
    expect(await events()).toEqual(['workflow.cancelled', 'workflow.cancelled']);
  });

  test('is told of one that ends as it comes, since it depends on what has failed, and not of its repeat', async () => {
    const failed = await fixture.started();
    await fixture.settle(failed, BROKEN);
    const jobs = [{ ref: '0', type: 'task', payload: {}, dependsOn: [failed.id] }];
    const group = { jobs, kind: 'group' as const, callbackUrl: CALLBACK };
    const flow = await start(fixture, group);
    const [only, ...more] = await told();
    expect(only).toMatchObject({
      event: 'workflow.cancelled',
      subject_id: flow.id,
      data: { kind: 'group', on_finished: null },
    });
    await fixture.get(Workflows).start({ ...group, id: flow.id });
    expect([more, await events()]).toEqual([[], ['workflow.cancelled']]);
  });

  test('is another event when the job it had failed with is retried and it ends again', async () => {
    const parent = await fixture.started();
    await fixture.settle(parent, BROKEN);
    const jobs = ['0', '1'].map((ref) => ({ ref, type: 'task', payload: {}, dependsOn: [parent.id] }));
    const flow = await start(fixture, { jobs, kind: 'group', callbackUrl: CALLBACK });
    for (const failing of [true, false]) {
      await fixture.queue.retry([parent.id], 'ann');
      expect(await flow.row()).toMatchObject({ open: 2, finished_at: null });
      const [revived] = await fixture.claim(1);
      await fixture.settle(revived!, failing ? BROKEN : DONE);
    }
    await run(fixture);
    const deliveries = await told();
    expect(deliveries.map(({ event }) => event)).toEqual([
      'workflow.cancelled',
      'workflow.cancelled',
      'workflow.completed',
    ]);
    expect(new Set(deliveries.map(({ event_id }) => event_id)).size).toBe(3);
    expect(await flow.row()).toMatchObject({ ends: 3 });
  });

  test('is told of one whose jobs somebody has deleted, once that is mended', async () => {
    const flow = await started({ a: [], b: [] }, { callbackUrl: CALLBACK });
    const [a] = await fixture.claim(1);
    await fixture.settle(a!, DONE);
    await fixture.rows('DELETE FROM jobs WHERE id = $1', [flow.idOf('b')]);
    await fixture.rows(`UPDATE pgboss.job SET created_on = created_on - interval '1 minute'`);
    await fixture.get(Mender).mend();
    expect(await flow.row()).toMatchObject({ open: 0, ends: 1 });
    expect(await events()).toEqual(['workflow.cancelled']);
    await fixture.get(Mender).mend();
    expect(await told()).toHaveLength(1);
  });

  test('is refused where it may not go, at its place in the request', async () => {
    const refused = { ...workflowOf({ a: [] }), callbackUrl: 'https://127.0.0.1/', at: '/group' };
    await expect(fixture.get(Workflows).start(refused)).rejects.toMatchObject({
      code: 'validation_failed',
      options: { faults: [{ pointer: '/group/callback_url', detail: expect.stringContaining('loopback') }] },
    });
    const unsigned = { ...workflowOf({ a: [] }), callbackUrl: CALLBACK };
    const mute = await startProcess(fixture.database.url);
    const refusal = await mute
      .get(Workflows)
      .start(unsigned)
      .catch((error: unknown) => error);
    await mute.close();
    expect(refusal).toMatchObject({
      code: 'validation_failed',
      options: {
        faults: [{ pointer: '/callback_url', detail: expect.stringContaining('WEBHOOK_SIGNING_SECRET') }],
      },
    });
    expect(await fixture.rows('SELECT id FROM workflows')).toEqual([]);
  });

  test('does not keep a job from ending, whatever somebody has written into its callback', async () => {
    const flow = await started({ a: [] }, { callbackUrl: CALLBACK });
    await fixture.rows(`UPDATE workflows SET callback_url = 'nonsense' WHERE id = $1`, [flow.id]);
    await run(fixture);
    expect(await told()).toMatchObject([{ callback_url: 'nonsense', limit_key: 'callbacks' }]);
  });
});
