import { randomUUID } from 'node:crypto';
import { type ClaimedJob, type Job, type NewJob, type Outcome, Promoter } from '../../src/queue/index.js';
import { type TestQueue, startQueue } from '../support/queue.js';

const error = { name: 'Error', message: 'no' };
const LATER = 3_600_000;

describe('a lock', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('locks');
  });
  beforeEach(() => fixture.rows('TRUNCATE jobs, job_events, job_keys, job_locks, pgboss.job'));
  afterAll(() => fixture?.stop());

  const locked = (more: Partial<NewJob> = {}) => fixture.enqueue({ lock: 'L', ...more });
  const batch = async (count: number, job: (index: number) => Partial<NewJob>): Promise<Job[]> => {
    const jobs = Array.from({ length: count }, (_, index) => ({ type: 'task', payload: {}, ...job(index) }));
    return (await fixture.queue.enqueue(jobs)).map((enqueued) => enqueued.job);
  };
  const status = async ({ id }: { id: string }) => (await fixture.row(id)).status;
  const statuses = (...jobs: ClaimedJob[]) => Promise.all(jobs.map(status));
  const holder = async (lock = 'L') =>
    (await fixture.rows('SELECT holder FROM job_locks WHERE lock_hash = hashtextextended($1, 0)', [lock]))[0]
      ?.holder;
  /** Claims the one job that may start. */
  const start = async (queue = 'default'): Promise<ClaimedJob> => {
    const claimed = await fixture.claim(1_000, { queue });
    expect(claimed).toHaveLength(1);
    return claimed[0]!;
  };
  /** Runs what may run, one round after the other, and answers with the ids in the order of their start. */
  const runAll = async (queues = ['default']): Promise<string[]> => {
    const started: string[] = [];
    for (;;) {
      const claimed = (await Promise.all(queues.map((queue) => fixture.claim(1_000, { queue })))).flat();
      if (claimed.length === 0) return started;
      started.push(...claimed.map((job) => job.id));
      await fixture.queue.settle(
        claimed.map((claim) => ({ claim, outcome: { kind: 'completed', result: null } as const })),
      );
    }
  };
  const ids = (jobs: readonly { id: string }[]) => jobs.map((job) => job.id);
  const makeDue = ({ id }: ClaimedJob) =>
    fixture.rows(`UPDATE jobs SET scheduled_at = now() - interval '1 second' WHERE id = $1`, [id]);

  describe('lets jobs start one at a time, in the order of their creation', () => {
    test('whatever their priorities', async () => {
      const first = await locked({ priority: 9 });
      const second = await locked({ priority: 5 });
      const third = await locked({ priority: 1 });
      expect(await statuses(first, second, third)).toEqual(['PENDING', 'BLOCKED', 'BLOCKED']);
      expect(await fixture.tickets()).toEqual([first.id]);
      expect(await runAll()).toEqual(ids([first, second, third]));
      expect(await holder()).toBeUndefined();
      expect(await fixture.ledger(second.id)).toEqual(['unblocked 0', 'started 1', 'completed 1']);
    });

    test('whatever their queues', async () => {
      const first = await locked({ queue: 'here' });
      const second = await locked({ queue: 'there' });
      const third = await locked({ queue: 'here' });
      expect(await fixture.claim(10, { queue: 'there' })).toEqual([]);
      expect(await runAll(['here', 'there'])).toEqual(ids([first, second, third]));
    });

    test('and leaves jobs of other locks and of none alone', async () => {
      await locked();
      await locked();
      const others = [await locked({ lock: 'M' }), await fixture.enqueue(), await locked({ lock: 'N' })];
      const claimed = await fixture.claim();
      expect(ids(claimed)).toEqual(expect.arrayContaining(ids(others)));
      expect(claimed).toHaveLength(4);
    });

    test('in a batch of many, more than one statement takes', async () => {
      const jobs = await batch(1_500, () => ({ lock: 'L' }));
      expect(await fixture.tickets()).toEqual([jobs[0]!.id]);
      expect(await fixture.rows(`SELECT id FROM jobs WHERE status = 'BLOCKED'`)).toHaveLength(1_499);
      for (const expected of jobs.slice(0, 3)) {
        const claim = await start();
        expect(claim.id).toBe(expected.id);
        await fixture.settle(claim, { kind: 'completed', result: null });
      }
    });

    test('in a batch of several locks', async () => {
      const jobs = await batch(60, (index) => ({ lock: `L${index % 3}` }));
      const started = await runAll();
      for (const lock of ['L0', 'L1', 'L2']) {
        const line = jobs.filter((job) => job.lock === lock).map((job) => job.id);
        expect(started.filter((id) => line.includes(id))).toEqual(line);
      }
    });

    test('also when a caller gives the ids, in an order of its own', async () => {
      const own = Array.from({ length: 20 }, () => randomUUID());
      await batch(20, (index) => ({ lock: 'L', id: own[index]! }));
      const line = await fixture.rows('SELECT id FROM jobs ORDER BY created_at, id');
      expect(await runAll()).toEqual(ids(line as ClaimedJob[]));
    });

    test('of any name, however long', async () => {
      const name = 'é'.repeat(1_024);
      const first = await locked({ lock: name });
      const second = await locked({ lock: name });
      expect(await runAll()).toEqual(ids([first, second]));
    });
  });

  describe('is kept by its holder while it waits to run again', () => {
    test.each<Outcome>([
      { kind: 'failed', error },
      { kind: 'timed_out', error },
      { kind: 'interrupted', error },
      { kind: 'released' },
      { kind: 'snoozed', delayMs: 30_000 },
    ])('%j', async (outcome) => {
      const first = await locked();
      const second = await locked();
      await fixture.settle(await start(), outcome);
      expect(await statuses(first, second)).toEqual(['PENDING', 'BLOCKED']);
      expect(await holder()).toBe(first.id);
      await fixture.queue.runNow([first.id], 'me');
      expect(await runAll()).toEqual(ids([first, second]));
    });

    test('also beyond a minute, when it has no ticket', async () => {
      const first = await locked();
      const second = await locked();
      await fixture.settle(await start(), { kind: 'snoozed', delayMs: LATER });
      await fixture.get(Promoter).promote();
      expect(await fixture.row(first.id)).toMatchObject({ status: 'PENDING', ticketed: false });
      expect(await holder()).toBe(first.id);
      expect(await runAll()).toEqual([]);
      await makeDue(first);
      await fixture.get(Promoter).promote();
      expect(await runAll()).toEqual(ids([first, second]));
    });
  });

  describe('goes on to the next in line when its holder', () => {
    const goesOn = async (end: (holder: ClaimedJob) => Promise<unknown>, expected: string) => {
      const [first, second, third] = [await locked(), await locked(), await locked()];
      await end(first);
      expect(await statuses(first, second, third)).toEqual([expected, 'PENDING', 'BLOCKED']);
      expect(await holder()).toBe(second.id);
      expect(await runAll()).toEqual(ids([second, third]));
      expect(await fixture.rows('SELECT * FROM job_locks')).toEqual([]);
    };
    const settleAs = (outcome: Outcome) => async () => fixture.settle(await start(), outcome);

    test('completes', () => goesOn(settleAs({ kind: 'completed', result: 1 }), 'COMPLETED'));
    test('fails for good', () => goesOn(settleAs({ kind: 'failed', error, permanent: true }), 'FAILED'));
    test('ends as cancelled', () => goesOn(settleAs({ kind: 'cancelled' }), 'CANCELLED'));
    test('is cancelled while it waits', () =>
      goesOn((job) => fixture.queue.cancel([job.id], 'me'), 'CANCELLED'));
    test('is cancelled while it runs, when it has ended', () =>
      goesOn(async (job) => {
        const claim = await start();
        const [managed] = await fixture.queue.cancel([job.id], 'me');
        expect(managed).toMatchObject({ result: 'requested' });
        expect(await holder()).toBe(job.id);
        await fixture.settle(claim, { kind: 'completed', result: 1 });
      }, 'CANCELLED'));
    test('is cancelled while its retry waits', () =>
      goesOn(async (job) => {
        await fixture.settle(await start(), { kind: 'failed', error });
        await fixture.queue.cancel([job.id], 'me');
      }, 'CANCELLED'));

    test('ends and is discarded', async () => {
      const [first, second] = [await locked(), await locked()];
      await fixture.settle(await start(), { kind: 'failed', error, permanent: true });
      expect(await fixture.queue.discard([first.id])).toMatchObject([{ result: 'done' }]);
      expect(await runAll()).toEqual([second.id]);
    });

    test('ends together with those behind it', async () => {
      const jobs = await batch(4, () => ({ lock: 'L' }));
      await fixture.queue.cancel(ids(jobs.slice(0, 3)), 'me');
      expect(await holder()).toBe(jobs[3]!.id);
      expect(await runAll()).toEqual([jobs[3]!.id]);
    });

    test('never started and is moved to later, and joins the line again at that time', async () => {
      const [first, second, third] = [await locked(), await locked(), await locked()];
      const scheduledAt = new Date(Date.now() + LATER);
      await fixture.queue.edit([first.id], { scheduledAt }, 'me');
      expect(await statuses(first, second, third)).toEqual(['PENDING', 'PENDING', 'BLOCKED']);
      expect(await fixture.tickets()).toEqual([second.id]);
      const running = await start();
      await makeDue(first);
      await fixture.get(Promoter).promote();
      expect(await status(first)).toBe('BLOCKED');
      expect(await fixture.ledger(first.id)).toEqual(['updated 0', 'blocked 0']);
      await fixture.settle(running, { kind: 'completed', result: null });
      // It was created before the third.
      expect(await runAll()).toEqual(ids([first, third]));
    });

    test('never started and is replaced by one for later', async () => {
      const unique = { key: 'u', while: 'waiting', onConflict: 'replace' } as const;
      const [first, second] = [await locked({ unique }), await locked()];
      await locked({ unique, delayMs: LATER });
      expect(await fixture.row(first.id)).toMatchObject({ status: 'PENDING', ticketed: false });
      expect(await fixture.tickets()).toEqual([second.id]);
      await fixture.queue.runNow([first.id], 'me');
      expect(await runAll()).toEqual(ids([second, first]));
    });
  });

  describe('is not held by a job that is scheduled for later', () => {
    test('which takes it at its time when it is free', async () => {
      const scheduled = await locked({ delayMs: LATER });
      const soon = await locked({ delayMs: 30_000 });
      expect(await fixture.tickets()).toEqual([]);
      expect(await holder()).toBeUndefined();
      const ready = await locked();
      expect(await runAll()).toEqual([ready.id]);
      await makeDue(scheduled);
      await fixture.get(Promoter).promote();
      expect(await holder()).toBe(scheduled.id);
      expect(await runAll()).toEqual([scheduled.id]);
      expect(await status(soon)).toBe('PENDING');
    });

    test('which stands behind the holder otherwise, in the order of creation', async () => {
      const [early, late] = [await locked({ delayMs: LATER }), await locked({ delayMs: LATER })];
      const [first, second] = [await locked(), await locked()];
      const running = await start();
      for (const job of [late, early]) await makeDue(job);
      await fixture.get(Promoter).promote();
      expect(await statuses(early, late)).toEqual(['BLOCKED', 'BLOCKED']);
      expect(await fixture.ledger(early.id)).toEqual(['blocked 0']);
      await fixture.settle(running, { kind: 'completed', result: null });
      expect(running.id).toBe(first.id);
      expect(await runAll()).toEqual(ids([early, late, second]));
    });

    test('of several that come due together the one created first starts first', async () => {
      const jobs = await batch(5, () => ({ lock: 'L', delayMs: LATER }));
      await fixture.rows(`UPDATE jobs SET scheduled_at = now() - interval '1 second'`);
      await fixture.get(Promoter).promote();
      expect(await runAll()).toEqual(ids(jobs));
    });

    test('also when it is told to run now', async () => {
      const [scheduled, ready] = [await locked({ delayMs: LATER }), await locked()];
      const [managed] = await fixture.queue.runNow([scheduled.id], 'me');
      expect(managed).toMatchObject({ result: 'done', job: { status: 'BLOCKED' } });
      expect(await fixture.queue.runNow([scheduled.id], 'me')).toMatchObject([{ result: 'conflict' }]);
      expect(await runAll()).toEqual(ids([ready, scheduled]));
    });
  });

  describe('and whoever waits for it', () => {
    test('may be changed and keeps its place', async () => {
      const [first, second, third] = [await locked(), await locked(), await locked()];
      await fixture.queue.edit([third.id], { priority: 1, queue: 'other' }, 'me');
      expect(await fixture.row(third.id)).toMatchObject({ status: 'BLOCKED', priority: 1 });
      expect(await runAll(['default', 'other'])).toEqual(ids([first, second, third]));
    });

    test('leaves the line when it is moved to later', async () => {
      const [first, second, third] = [await locked(), await locked(), await locked()];
      await fixture.queue.edit([second.id], { scheduledAt: new Date(Date.now() + LATER) }, 'me');
      expect(await status(second)).toBe('PENDING');
      expect(await runAll()).toEqual(ids([first, third]));
      await fixture.queue.edit([second.id], { scheduledAt: new Date(0) }, 'me');
      expect(await runAll()).toEqual([second.id]);
    });

    test('leaves the line when it is cancelled, and comes back by a retry', async () => {
      const [first, second, third] = [await locked(), await locked(), await locked()];
      await fixture.queue.cancel([second.id], 'me');
      const running = await start();
      const [managed] = await fixture.queue.retry([second.id], 'me');
      expect(managed).toMatchObject({ result: 'done', job: { status: 'BLOCKED' } });
      await fixture.settle(running, { kind: 'completed', result: null });
      expect(running.id).toBe(first.id);
      expect(await runAll()).toEqual(ids([second, third]));
    });
  });

  test('is asked for anew by a retry by hand: PENDING when it is free', async () => {
    const job = await locked();
    await fixture.settle(await start(), { kind: 'failed', error, permanent: true });
    expect(await holder()).toBeUndefined();
    const [managed] = await fixture.queue.retry([job.id], 'me');
    expect(managed).toMatchObject({ result: 'done', job: { status: 'PENDING' } });
    expect(await holder()).toBe(job.id);
    expect(await runAll()).toEqual([job.id]);
  });

  test('is given to one of several that are retried together', async () => {
    const jobs = await batch(3, () => ({ lock: 'L' }));
    await fixture.queue.cancel(ids(jobs), 'me');
    await fixture.queue.retry(ids(jobs).reverse(), 'me');
    expect(await statuses(...jobs)).toEqual(['PENDING', 'BLOCKED', 'BLOCKED']);
    expect(await runAll()).toEqual(ids(jobs));
  });

  test('is not taken by a submission that another job answers', async () => {
    const id = randomUUID();
    const scheduled = await locked({ id, delayMs: LATER });
    expect((await fixture.queue.enqueue([{ type: 'task', payload: {}, id, lock: 'L' }]))[0]).toMatchObject({
      created: false,
    });
    expect(await holder()).toBeUndefined();
    const [first, second] = [await locked(), await locked()];
    expect(await runAll()).toEqual(ids([first, second]));
    expect(await status(scheduled)).toBe('PENDING');
  });
});
