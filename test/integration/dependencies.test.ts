import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  type ClaimedJob,
  type Job,
  Mender,
  type NewJob,
  Promoter,
  QueueService,
} from '../../src/queue/index.js';
import { LOCK_PARENTS } from '../../src/queue/blocking/dependencies.sql.js';
import { type Paused, pauseBefore, pauseBeforeCommit, sessionsWait } from '../support/pause.js';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';

const DONE = { kind: 'completed', result: null } as const;
const BROKEN = { kind: 'failed', error: { name: 'Error', message: 'no' }, permanent: true } as const;
const LATER = 3_600_000;

describe('jobs that depend on others', () => {
  let fixture: TestQueue;
  let other: INestApplicationContext;
  let others: QueueService;
  beforeAll(async () => {
    fixture = await startQueue('dependencies');
    other = await startProcess(fixture.database.url);
    others = other.get(QueueService);
  });
  beforeEach(() =>
    fixture.rows('TRUNCATE jobs, job_events, job_keys, job_locks, job_dependencies, pgboss.job'),
  );
  afterEach(async () => {
    // Nobody was forgotten.
    await fixture.rows(`UPDATE pgboss.job SET created_on = created_on - interval '1 minute'`);
    expect(await fixture.get(Mender).mend()).toBe(0);
  });
  afterAll(async () => {
    await other?.close();
    await fixture?.stop();
  });

  const child = (parents: readonly { id: string }[], more: Partial<NewJob> = {}) =>
    fixture.enqueue({ dependsOn: parents.map((parent) => parent.id), ...more });
  const row = ({ id }: { id: string }) => fixture.row(id);
  const status = async (job: { id: string }) => (await row(job)).status;
  const statuses = (...jobs: { id: string }[]) => Promise.all(jobs.map(status));
  const settle = (claim: ClaimedJob, outcome: typeof DONE | typeof BROKEN = DONE) =>
    fixture.settle(claim, outcome);
  const ended = async (outcome: typeof DONE | typeof BROKEN = DONE): Promise<ClaimedJob> => {
    const job = await fixture.started();
    await settle(job, outcome);
    return job;
  };
  const ids = (jobs: readonly { id: string }[]) => jobs.map((job) => job.id);
  const finish = async (paused: Paused, first: Promise<unknown>, second: Promise<unknown>) => {
    await Promise.race([sessionsWait(fixture.database), second]);
    paused.resume();
    await Promise.all([first, second]);
  };
  const runAll = async (): Promise<string[]> => {
    const started: string[] = [];
    for (;;) {
      const claimed = await fixture.claim(1_000);
      if (claimed.length === 0) return started;
      started.push(...ids(claimed));
      await fixture.queue.settle(claimed.map((claim) => ({ claim, outcome: DONE })));
    }
  };

  describe('wait for', () => {
    test('a parent that waits, and start after it', async () => {
      const parent = await fixture.enqueue();
      const job = await child([parent], { priority: 1 });
      expect(job).toMatchObject({ status: 'BLOCKED', openDependencies: 1, dependsOn: [parent.id] });
      expect(await fixture.tickets()).toEqual([parent.id]);
      expect(await runAll()).toEqual(ids([parent, job]));
      expect(await fixture.ledger(job.id)).toEqual(['unblocked 0', 'started 1', 'completed 1']);
    });

    test('a parent that runs, also through its retries', async () => {
      const parent = await fixture.started();
      const job = await child([parent]);
      await fixture.settle(parent, { kind: 'released' });
      expect(await status(job)).toBe('BLOCKED');
      expect(await runAll()).toEqual(ids([parent, job]));
    });

    test('all of several parents, and count those that have completed already', async () => {
      const done = await ended();
      const [first, second] = [await fixture.started(), await fixture.started()];
      const job = await child([done, first, second]);
      expect(job).toMatchObject({ status: 'BLOCKED', openDependencies: 2 });
      await settle(second);
      expect(await row(job)).toMatchObject({ status: 'BLOCKED', open_dependencies: 1 });
      expect(await fixture.ledger(job.id)).toEqual([]);
      await settle(first);
      expect(await row(job)).toMatchObject({ status: 'PENDING', open_dependencies: 0, ticketed: true });
      expect(await runAll()).toEqual([job.id]);
    });

    test('none when all of them have completed', async () => {
      const job = await child([await ended(), await ended()]);
      expect(job).toMatchObject({ status: 'PENDING', ticketed: true, openDependencies: 0 });
    });

    test('each parent once, however often it is named', async () => {
      const parent = await fixture.started();
      const job = await child([parent, parent]);
      expect(job).toMatchObject({ openDependencies: 1, dependsOn: [parent.id] });
      await settle(parent);
      expect(await status(job)).toBe('PENDING');
    });

    test('parents of any number of children and children of any number of parents', async () => {
      const parents = await Promise.all(Array.from({ length: 30 }, () => fixture.enqueue()));
      const children = await Promise.all(Array.from({ length: 30 }, () => child(parents)));
      const started = await runAll();
      expect(started).toHaveLength(60);
      expect(started.slice(30).sort()).toEqual(ids(children).sort());
    });
  });

  describe('are refused', () => {
    test.each(['unknown', 'purged'])('when a parent is %s, with a pointer to it', async (kind) => {
      const known = await fixture.enqueue();
      const parent = kind === 'unknown' ? { id: randomUUID() } : await ended();
      await fixture.queue.discard([parent.id]);
      const refusal = fixture.queue.enqueue([
        { type: 'task', payload: {}, at: '/jobs/0' },
        { type: 'task', payload: {}, at: '/jobs/1', dependsOn: [known.id, parent.id] },
      ]);
      const detail = `There is no job "${parent.id}" to depend on`;
      await expect(refusal).rejects.toMatchObject({
        code: 'validation_failed',
        options: { faults: [{ pointer: '/jobs/1/depends_on/1', detail, code: 'job_not_found' }] },
      });
      expect(await fixture.rows('SELECT id FROM jobs')).toEqual([{ id: known.id }]);
    });

    test('when a batch names a job that comes later in it, or the job itself', async () => {
      const [a, b] = [randomUUID(), randomUUID()];
      const job = (id: string, on: string) => ({ type: 'task', payload: {}, id, dependsOn: [on] });
      await expect(fixture.queue.enqueue([job(a, b), job(b, a)])).rejects.toMatchObject({
        code: 'validation_failed',
      });
      await expect(fixture.queue.enqueue([job(a, a)])).rejects.toMatchObject({ code: 'validation_failed' });
      expect(await fixture.rows('SELECT id FROM jobs')).toEqual([]);
    });
  });

  describe('are told', () => {
    test('when they are submitted while their parent ends', async () => {
      const parent = await fixture.started();
      const paused = pauseBeforeCommit(other);
      const submitted = others.enqueue([{ type: 'task', payload: {}, dependsOn: [parent.id] }]);
      await paused.reached;
      await finish(paused, submitted, settle(parent));
      const [enqueued] = await submitted;
      expect(await row(enqueued!.job)).toMatchObject({ status: 'PENDING', open_dependencies: 0 });
    });

    test.each([
      [DONE, 'PENDING'],
      [BROKEN, 'CANCELLED'],
    ])('when their parent has just ended (%j) and not committed yet', async (outcome, expected) => {
      // The end of a job with a lock takes several statements: there is a time between the first and the commit.
      const parent = await fixture.started({ lock: 'L' });
      const paused = pauseBeforeCommit(other);
      const settled = others.settle([{ claim: parent, outcome }]);
      await paused.reached;
      const submitted = child([parent]);
      await finish(paused, settled, submitted);
      expect(await submitted).toMatchObject({ status: expected });
    });

    test('when their parent ended after they were thought of', async () => {
      const parent = await fixture.started();
      const paused = pauseBefore(other, LOCK_PARENTS);
      const submitted = others.enqueue([{ type: 'task', payload: {}, dependsOn: [parent.id] }]);
      await paused.reached;
      await settle(parent);
      paused.resume();
      expect(await submitted).toMatchObject([{ job: { status: 'PENDING' } }]);
    });

    test('once when two parents end at the same time', async () => {
      const [first, second] = [await fixture.started(), await fixture.started()];
      const job = await child([first, second]);
      const paused = pauseBeforeCommit(other);
      const settled = others.settle([{ claim: first, outcome: DONE }]);
      await paused.reached;
      await finish(paused, settled, settle(second));
      expect(await row(job)).toMatchObject({ status: 'PENDING', open_dependencies: 0 });
      expect(await fixture.ledger(job.id)).toEqual(['unblocked 0']);
      expect(await runAll()).toEqual([job.id]);
    });

    test('once when two parents end at the same time, one of them badly', async () => {
      const [first, second] = [await fixture.started(), await fixture.started()];
      const job = await child([first, second]);
      const paused = pauseBeforeCommit(other);
      const settled = others.settle([{ claim: first, outcome: BROKEN }]);
      await paused.reached;
      await finish(paused, settled, settle(second));
      expect(await row(job)).toMatchObject({ status: 'CANCELLED', open_dependencies: 0 });
      expect(await fixture.ledger(job.id)).toEqual(['cancelled 0']);
    });

    test('by parents that end in one settle', async () => {
      const parents = [await fixture.started(), await fixture.started(), await fixture.started()];
      const job = await child(parents);
      await fixture.queue.settle(parents.map((claim) => ({ claim, outcome: DONE })));
      expect(await status(job)).toBe('PENDING');
    });

    test('never when the transaction that submitted them is rolled back', async () => {
      const parent = await fixture.started();
      const transaction = fixture.get(DataSource).transaction(async (manager) => {
        const dependsOn = [parent.id];
        await fixture.queue.enqueue([{ type: 'task', payload: {}, dependsOn }], { manager });
        throw new Error('rolled back');
      });
      await expect(transaction).rejects.toThrow('rolled back');
      expect(await row(parent)).toMatchObject({ has_dependents: false });
      await settle(parent);
      expect(await fixture.rows('SELECT id FROM jobs')).toEqual([{ id: parent.id }]);
    });
  });

  describe('form', () => {
    const graph = (...parents: number[][]) => {
      const names = parents.map(() => randomUUID()).sort();
      return fixture.queue
        .enqueue(
          parents.map((list, index) => ({
            type: 'task',
            payload: {},
            id: names[index]!,
            dependsOn: list.map((at) => names[at]!),
          })),
        )
        .then((enqueued) => enqueued.map(({ job }) => job) as [Job, Job, Job, Job]);
    };

    test('chains, in one call', async () => {
      const jobs = await graph([], [0], [1], [2]);
      expect(await statuses(...jobs)).toEqual(['PENDING', 'BLOCKED', 'BLOCKED', 'BLOCKED']);
      expect(await runAll()).toEqual(ids(jobs));
    });

    test('diamonds, whose end waits for both sides', async () => {
      const jobs = await graph([], [0], [0], [1, 2]);
      expect(await runAll()).toEqual(ids(jobs));
    });

    test('diamonds that end as a whole when one side fails', async () => {
      const jobs = await graph([], [0], [0], [1, 2]);
      await settle((await fixture.claim())[0]!);
      const sides = await fixture.claim();
      await settle(sides[0]!, BROKEN);
      expect(await row(jobs[3])).toMatchObject({
        status: 'CANCELLED',
        error_message: `Job ${sides[0]!.id}, which this one depends on, ended FAILED`,
      });
      await settle(sides[1]!);
      expect(await fixture.ledger(jobs[3].id)).toEqual(['cancelled 0']);
    });

    test('also with jobs of the call that were there before', async () => {
      const [id, next] = [randomUUID(), randomUUID()].sort() as [string, string];
      await settle(await fixture.started({ id }));
      const again = { type: 'task', payload: {} };
      await fixture.queue.enqueue([
        { ...again, id },
        { ...again, id: next, dependsOn: [id] },
      ]);
      expect(await runAll()).toEqual([next]);
    });
  });

  describe('are cancelled with all that depend on them', () => {
    test.each<[string, (parent: ClaimedJob) => Promise<unknown>]>([
      ['FAILED', (parent) => settle(parent, BROKEN)],
      ['CANCELLED', (parent) => fixture.settle(parent, { kind: 'cancelled' })],
    ])('when their parent ends %s, and say so', async (word, end) => {
      const parent = await fixture.started();
      const job = await child([parent]);
      const grandchild = await child([job]);
      await end(parent);
      const message = `Job ${parent.id}, which this one depends on, ended ${word}`;
      const error = { name: 'DependencyFailed', message };
      expect(await row(job)).toMatchObject({
        status: 'CANCELLED',
        error_message: message,
        last_error: error,
      });
      expect(await row(grandchild)).toMatchObject({
        status: 'CANCELLED',
        error_message: `Job ${job.id}, which this one depends on, ended CANCELLED`,
      });
      const [event] = await fixture.rows('SELECT * FROM job_events WHERE job_id = $1', [job.id]);
      expect(event).toMatchObject({ event: 'cancelled', error, actor: null });
    });

    test('when their parent is cancelled while it waits', async () => {
      const parent = await fixture.enqueue();
      const job = await child([parent]);
      const grandchild = await child([job]);
      await fixture.queue.cancel([parent.id], 'me');
      expect(await statuses(job, grandchild)).toEqual(['CANCELLED', 'CANCELLED']);
      expect(await fixture.tickets()).toEqual([]);
    });

    test('when their parent had ended badly before they came', async () => {
      const parent = await ended(BROKEN);
      const job = await child([parent]);
      expect(job).toMatchObject({ status: 'CANCELLED', errorMessage: expect.stringContaining(parent.id) });
      expect(await child([job], { lock: 'L' })).toMatchObject({ status: 'CANCELLED' });
      expect(await fixture.rows('SELECT * FROM job_locks')).toEqual([]);
    });

    test('and those behind them on a lock go on', async () => {
      const parent = await fixture.started();
      const job = await child([parent], { lock: 'L' });
      const holder = await fixture.enqueue({ lock: 'L' });
      const behind = await fixture.enqueue({ lock: 'L' });
      await settle(parent, BROKEN);
      expect(await statuses(job, holder, behind)).toEqual(['CANCELLED', 'PENDING', 'BLOCKED']);
      expect(await runAll()).toEqual(ids([holder, behind]));
    });
  });

  describe('join', () => {
    test('their lock only when their parents have completed', async () => {
      const parent = await fixture.started();
      const job = await child([parent], { lock: 'L' });
      const free = await fixture.started({ lock: 'L' });
      const behind = await fixture.enqueue({ lock: 'L' });
      await settle(parent);
      expect(await row(job)).toMatchObject({ status: 'BLOCKED', open_dependencies: 0 });
      expect(await fixture.ledger(job.id)).toEqual(['blocked 0']);
      await settle(free);
      expect(await runAll()).toEqual(ids([job, behind]));
    });

    test('the lock of their parent after it', async () => {
      const parent = await fixture.started({ lock: 'L' });
      const job = await child([parent], { lock: 'L' });
      const behind = await fixture.enqueue({ lock: 'L' });
      await settle(parent);
      expect(await runAll()).toEqual(ids([job, behind]));
    });

    test('the line at the later of their time and their parents’ completion', async () => {
      const parent = await fixture.started();
      const job = await child([parent], { delayMs: LATER, lock: 'L' });
      await settle(parent);
      expect(await row(job)).toMatchObject({ status: 'PENDING', ticketed: false });
      expect(await runAll()).toEqual([]);
      await fixture.rows(`UPDATE jobs SET scheduled_at = now() WHERE id = $1`, [job.id]);
      await fixture.get(Promoter).promote();
      expect(await runAll()).toEqual([job.id]);
    });

    test('the line when they are edited meanwhile as they would have otherwise', async () => {
      const parent = await fixture.started();
      const job = await child([parent]);
      await fixture.queue.edit([job.id], { priority: 1, queue: 'other' }, 'me');
      expect(await row(job)).toMatchObject({ status: 'BLOCKED', open_dependencies: 1 });
      await settle(parent);
      expect(await fixture.tickets('other')).toEqual([job.id]);
    });
  });
});
