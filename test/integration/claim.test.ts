import { randomUUID } from 'node:crypto';
import { QueueService } from '../../src/queue/index.js';
import { eventually } from '../support/eventually.js';
import { type TestQueue, WORKER, startProcess, startQueue } from '../support/queue.js';

describe('claiming', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('claim', { types: [{ type: 'new_kind' }, { type: 'newest_kind' }] });
  });
  beforeEach(() => fixture.database.pool.query('TRUNCATE jobs, job_events; TRUNCATE pgboss.job'));
  afterAll(() => fixture?.stop());

  const ids = (jobs: readonly { id: string }[]) => jobs.map((job) => job.id);

  test('starts an attempt: on the row, in the ledger, and the place in line is gone', async () => {
    const { id, createdAt } = await fixture.enqueue();
    const [job] = await fixture.claim();
    expect(job).toMatchObject({ id, attempts: 1, maxAttempts: 3, interruptions: 0 });
    expect(job!.startedAt!.getTime()).toBeGreaterThanOrEqual(createdAt.getTime());
    expect(await fixture.row(id)).toMatchObject({
      ...{ status: 'PROCESSING', attempts: 1, worker_id: WORKER, ticketed: false },
    });
    expect(await fixture.ledger(id)).toEqual(['started 1']);
    expect(await fixture.tickets()).toEqual([]);
    expect(await fixture.claim()).toEqual([]);
  });

  test('hands out equal priorities in the order of submission, and the more urgent before them', async () => {
    const first = await fixture.enqueue();
    const second = await fixture.enqueue();
    const urgent = await fixture.enqueue({ priority: 1 });
    const idle = await fixture.enqueue({ priority: 10 });
    const third = await fixture.enqueue();
    expect(ids(await fixture.claim(2))).toEqual([urgent.id, first.id]);
    expect(ids(await fixture.claim(10))).toEqual([second.id, third.id, idle.id]);
  });

  test('hands out a batch in the order it was given', async () => {
    const jobs = Array.from({ length: 50 }, (_, number) => ({ type: 'task', payload: { number } }));
    await fixture.queue.enqueue(jobs);
    const claimed = await fixture.claim(50);
    expect(claimed.map((job) => job.payload.number)).toEqual(jobs.map(({ payload }) => payload.number));
  });

  test('puts a job that had started before in front of its equals, and behind the more urgent', async () => {
    const started = await fixture.started();
    const equal = await fixture.enqueue();
    const urgent = await fixture.enqueue({ priority: 4 });
    await fixture.settle(started, { kind: 'released' });
    for (const next of [urgent, started, equal]) {
      expect(ids(await fixture.claim(1))).toEqual([next.id]);
    }
  });

  test('never hands a job out twice, to however many claimers at once', async () => {
    const others = await Promise.all([1, 2].map(() => startProcess(fixture.database.url)));
    const queues = [fixture.queue, ...others.map((other) => other.get(QueueService))];
    const enqueued = await fixture.queue.enqueue(
      Array.from({ length: 300 }, () => ({ type: 'task', payload: {} })),
    );
    const claimed: string[] = [];
    const claimAll = async (queue: QueueService) => {
      const claimant = { workerId: randomUUID() };
      for (;;) {
        const jobs = await queue.claim('default', 7, claimant);
        claimed.push(...ids(jobs));
        if (claimed.length >= 300) return;
      }
    };
    await Promise.all(queues.flatMap((queue) => [claimAll(queue), claimAll(queue)]));
    await Promise.all(others.map((other) => other.close()));
    expect(claimed.sort()).toEqual(enqueued.map(({ job }) => job.id));
    expect(await fixture.rows('SELECT DISTINCT attempts FROM jobs')).toEqual([{ attempts: 1 }]);
  });

  test('leaves types that the claimer does not know in their place, and lets others pass', async () => {
    const unknown = await fixture.enqueue({ type: 'new_kind', priority: 1 });
    const alsoUnknown = await fixture.enqueue({ type: 'newest_kind', priority: 2 });
    const known = await fixture.enqueue();
    const old = { types: ['task'] };
    expect(ids(await fixture.claim(1, old))).toEqual([known.id]);
    expect(await fixture.claim(10, old)).toEqual([]);
    expect(await fixture.row(unknown.id)).toMatchObject({ status: 'PENDING', attempts: 0 });
    expect(await fixture.ledger(unknown.id)).toEqual([]);
    // The same process may claim for somebody who knows more.
    expect(ids(await fixture.claim(10))).toEqual([unknown.id, alsoUnknown.id]);
  });

  test('hands out a scheduled job at its time and not before', async () => {
    const job = await fixture.enqueue({ delayMs: 2_000 });
    expect(await fixture.claim()).toEqual([]);
    const claimed = await eventually(async () => (await fixture.claim())[0]);
    expect(claimed.id).toBe(job.id);
    expect(claimed.startedAt!.getTime()).toBeGreaterThanOrEqual(job.scheduledAt.getTime());
  });

  test('puts a job back in line whose time was moved after it had got its ticket', async () => {
    const { id } = await fixture.enqueue();
    await fixture.rows(`UPDATE jobs SET scheduled_at = now() + interval '1 hour' WHERE id = $1`, [id]);
    expect(await fixture.claim()).toEqual([]);
    expect(await fixture.tickets()).toEqual([id]);
    const [ticket] = await fixture.rows('SELECT start_after FROM pgboss.job');
    expect(ticket!.start_after).toEqual((await fixture.row(id)).scheduled_at);
  });

  test('consumes the ticket of a job that waits no more, without touching the job', async () => {
    const { id } = await fixture.enqueue();
    await fixture.rows(`UPDATE jobs SET status = 'CANCELLED' WHERE id = $1`, [id]);
    expect(await fixture.claim()).toEqual([]);
    expect(await fixture.tickets()).toEqual([]);
    expect(await fixture.row(id)).toMatchObject({ status: 'CANCELLED', attempts: 0 });
  });

  describe('of jobs that must run alone', () => {
    const suspects = async (count: number) => {
      const jobs = await Promise.all(Array.from({ length: count }, () => fixture.enqueue()));
      // As somebody may do by hand, or an older build: their tickets do not tell.
      await fixture.rows('UPDATE jobs SET interruptions = 2');
      return jobs.map(({ id }) => id).sort();
    };

    test('brings no more than there is room for, and lets others pass; who waits has started nothing', async () => {
      const [first, ...rest] = await suspects(5);
      const others = [await fixture.enqueue({ priority: 9 }), await fixture.enqueue({ priority: 9 })];
      const claimed = await fixture.claim(3, { alone: 1 });
      expect(ids(claimed)).toEqual([first, ...ids(others)]);
      expect(await fixture.claim(3, { alone: 0 })).toEqual([]);
      expect(await fixture.tickets()).toEqual(rest);
      for (const id of rest) {
        expect(await fixture.row(id)).toMatchObject({ status: 'PENDING', attempts: 0, interruptions: 2 });
        expect(await fixture.ledger(id)).toEqual([]);
      }
      expect(ids(await fixture.claim(3, { alone: 1 }))).toEqual([rest[0]]);
      expect(ids(await fixture.claim(10))).toEqual(rest.slice(1));
    });

    test('passes by a long line of them at the cost of one look', async () => {
      await suspects(300);
      await fixture.claim(10, { alone: 1 });
      const before = await fixture.rows('SELECT id, xmin FROM pgboss.job ORDER BY id');
      const { id } = await fixture.enqueue({ priority: 10 });
      expect(ids(await fixture.claim(1, { alone: 0 }))).toEqual([id]);
      expect(await fixture.rows('SELECT id, xmin FROM pgboss.job ORDER BY id')).toEqual(before);
    });

    test('takes one for such only after two losses, and again as any other after a retry by hand', async () => {
      const error = { name: 'Error', message: 'gone' };
      const { id } = await fixture.enqueue();
      for (const evidence of ['none', undefined, 'none', undefined] as const) {
        const [job] = await fixture.claim(1, { alone: 0 });
        await fixture.settle(job!, { kind: 'interrupted', error, ...(evidence ? { evidence } : {}) });
      }
      expect(await fixture.claim(1, { alone: 0 })).toEqual([]);
      for (let losses = 0; losses < 3; losses++) {
        const [job] = await fixture.claim(1, { alone: 1 });
        await fixture.settle(job!, { kind: 'interrupted', error, evidence: 'alone' });
      }
      expect(await fixture.row(id)).toMatchObject({
        status: 'FAILED',
        attempts: 7,
        max_attempts: 10,
        interruptions: 5,
        interruptions_alone: 3,
        error_fingerprint: expect.any(String),
      });
      await fixture.queue.retry([id], 'me');
      expect(await fixture.row(id)).toMatchObject({ interruptions: 0, interruptions_alone: 0 });
      expect(ids(await fixture.claim(1, { alone: 0 }))).toEqual([id]);
    });

    test('leaves them to workers of a build that knows of them', async () => {
      await suspects(1);
      expect(await fixture.claim(1, { alone: 0 })).toEqual([]);
      const [ticket] = await fixture.rows('SELECT group_id FROM pgboss.job');
      expect(ticket).toEqual({ group_id: '!task' });
    });
  });

  describe('knows when the next job comes due', () => {
    const longAgo = new Date(0);

    test('and that none does', async () => {
      await fixture.enqueue({ delayMs: 61_000 });
      expect(await fixture.queue.nextDue('default', new Date())).toMatchObject({ at: null });
    });

    test('also when it came due between a claim and the look', async () => {
      const job = await fixture.enqueue({ delayMs: 40 });
      const before = await fixture.queue.nextDue('default', longAgo);
      expect(before.at).toEqual(job.scheduledAt);
      await eventually(async () => {
        const look = await fixture.queue.nextDue('default', before.lookedAt);
        expect(look.at).toEqual(job.scheduledAt);
        return look.lookedAt > job.scheduledAt;
      });
      const [{ now }] = (await fixture.rows('SELECT now()')) as [{ now: Date }];
      expect(await fixture.queue.nextDue('default', now)).toMatchObject({ at: null });
    });
  });
});
