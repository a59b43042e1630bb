import { randomUUID } from 'node:crypto';
import { type EndedAttempt, type Job, JobEvents, type Outcome, StalledJobs } from '../../src/queue/index.js';
import { type TestQueue, WORKER, startQueue } from '../support/queue.js';

const error = { name: 'Error', message: 'SMTP timeout', stack: 'Error: SMTP timeout\n    at send' };

describe('settling', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('settle');
  });
  beforeEach(() => fixture.database.pool.query('TRUNCATE jobs, job_events, workers; TRUNCATE pgboss.job'));
  afterAll(() => fixture?.stop());

  const attempts = (id: string) =>
    fixture.rows(
      'SELECT attempt, worker_id, started_at, ended_at, outcome, error FROM job_attempts WHERE job_id = $1 ORDER BY attempt',
      [id],
    );

  test.each<[Outcome, object]>([
    [
      { kind: 'completed', result: { sent: true } },
      { status: 'COMPLETED', result: { sent: true }, error_message: null, max_attempts: 3 },
    ],
    [
      { kind: 'failed', error, permanent: true },
      { status: 'FAILED', result: null, error_message: 'SMTP timeout', max_attempts: 3 },
    ],
    [{ kind: 'cancelled' }, { status: 'CANCELLED', result: null, max_attempts: 3 }],
  ])('ends a job: %j', async (outcome, expected) => {
    const job = await fixture.started();
    const { written, refused } = await fixture.settle(job, outcome);
    expect(refused).toEqual([]);
    expect(written).toMatchObject([{ id: job.id, attempts: 1 }]);
    const row = await fixture.row(job.id);
    expect(row).toMatchObject({ ...expected, attempts: 1, worker_id: WORKER, interruptions: 0 });
    expect(row.finished_at).toEqual(row.updated_at);
    expect(await fixture.ledger(job.id)).toEqual(['started 1', `${outcome.kind} 1`]);
    expect(await attempts(job.id)).toEqual([
      {
        attempt: 1,
        worker_id: WORKER,
        started_at: job.startedAt,
        ended_at: row.finished_at,
        outcome: outcome.kind,
        error: 'error' in outcome ? error : null,
      },
    ]);
    expect(await fixture.tickets()).toEqual([]);
    expect(await fixture.claim()).toEqual([]);
  });

  test.each<[Outcome, { delay: number; max_attempts: number; interruptions?: number }]>([
    [
      { kind: 'failed', error },
      { delay: 1_000, max_attempts: 3 },
    ],
    [
      { kind: 'timed_out', error },
      { delay: 1_000, max_attempts: 3 },
    ],
    [
      { kind: 'interrupted', error },
      { delay: 0, max_attempts: 4, interruptions: 1 },
    ],
    [{ kind: 'released' }, { delay: 0, max_attempts: 4 }],
    [
      { kind: 'snoozed', delayMs: 59_000 },
      { delay: 59_000, max_attempts: 4 },
    ],
  ])('lets a job wait for its next attempt: %j', async (outcome, { delay, ...expected }) => {
    const job = await fixture.started();
    await fixture.settle(job, outcome);
    const row = await fixture.row(job.id);
    expect(row).toMatchObject({
      status: 'PENDING',
      ticketed: true,
      finished_at: null,
      interruptions: 0,
      ...expected,
    });
    expect(row.scheduled_at - row.updated_at).toBe(delay);
    expect(await fixture.ledger(job.id)).toEqual(['started 1', `${outcome.kind} 1`]);
    expect(await attempts(job.id)).toMatchObject([
      { attempt: 1, outcome: outcome.kind, ended_at: row.updated_at },
    ]);
    expect(await fixture.tickets()).toEqual([job.id]);
    expect(await fixture.claim()).toHaveLength(delay === 0 ? 1 : 0);
  });

  test('gives a retry that is more than a minute away no ticket yet', async () => {
    const job = await fixture.started({
      backoff: { strategy: 'exponential', baseDelay: 61, maxDelay: 61, jitter: 0 },
    });
    await fixture.settle(job, { kind: 'failed', error });
    expect(await fixture.row(job.id)).toMatchObject({ status: 'PENDING', ticketed: false });
    expect(await fixture.tickets()).toEqual([]);
  });

  test('leaves the limit of a job alone that is cancelled, whatever its attempt came to', async () => {
    const job = await fixture.started();
    await fixture.queue.cancel([job.id], 'me');
    await fixture.settle(job, { kind: 'released' });
    expect(await fixture.row(job.id)).toMatchObject({ status: 'CANCELLED', max_attempts: 3 });
  });

  test('refuses the late outcome of an attempt that was taken back, also when its job was cancelled since', async () => {
    const job = await fixture.started();
    await fixture.settle(job, { kind: 'interrupted', error });
    await fixture.queue.cancel([job.id], 'me');
    expect(await fixture.settle(job, { kind: 'completed', result: 1 })).toEqual({
      written: [],
      refused: [job.id],
    });
    expect(await fixture.ledger(job.id)).toEqual([
      'started 1',
      'interrupted 1',
      'cancelled 1',
      'result_refused 1',
    ]);
  });

  test('ends a job whose budget is spent, and keeps a limitless one going', async () => {
    const last = await fixture.started({ maxAttempts: 1 });
    const limitless = await fixture.started({ maxAttempts: null });
    await fixture.queue.settle(
      [last, limitless].map((claim) => ({ claim, outcome: { kind: 'failed', error } })),
    );
    expect(await fixture.row(last.id)).toMatchObject({ status: 'FAILED', max_attempts: 1 });
    expect(await fixture.row(limitless.id)).toMatchObject({ status: 'PENDING', max_attempts: null });
  });

  test('keeps the last failure until the job completes', async () => {
    const job = await fixture.started({
      backoff: { strategy: 'exponential', baseDelay: 0, maxDelay: 0, jitter: 0 },
    });
    await fixture.settle(job, { kind: 'failed', error });
    expect(await fixture.row(job.id)).toMatchObject({ error_message: 'SMTP timeout' });
    const [released] = await fixture.claim();
    await fixture.settle(released!, { kind: 'released' });
    expect(await fixture.row(job.id)).toMatchObject({ error_message: 'SMTP timeout' });
    const [again] = await fixture.claim();
    await fixture.settle(again!, { kind: 'completed', result: null });
    expect(await fixture.row(job.id)).toMatchObject({ error_message: null, attempts: 3 });
    expect((await attempts(job.id)).map(({ outcome }) => outcome)).toEqual([
      'failed',
      'released',
      'completed',
    ]);
  });

  test('refuses the outcome of an attempt that lost its claim, changes nothing, and keeps one on record', async () => {
    const stale = await fixture.started();
    await fixture.settle(stale, { kind: 'interrupted', error });
    const [present] = await fixture.claim();
    const before = await fixture.row(stale.id);
    const outcomes: Outcome[] = [
      { kind: 'completed', result: 'late' },
      { kind: 'failed', error },
      { kind: 'cancelled' },
      { kind: 'released' },
    ];
    for (const outcome of outcomes) {
      expect(await fixture.settle(stale, outcome)).toEqual({ written: [], refused: [stale.id] });
    }
    expect(await fixture.row(stale.id)).toEqual(before);
    const ledger = ['started 1', 'interrupted 1', 'started 2', 'result_refused 1'];
    expect(await fixture.ledger(stale.id)).toEqual(ledger);
    expect(
      await fixture.rows(
        `SELECT worker_id, error FROM job_events WHERE event = 'result_refused' AND job_id = $1`,
        [stale.id],
      ),
    ).toEqual([
      {
        worker_id: WORKER,
        error: {
          name: 'LeaseLost',
          message: 'The attempt ended as completed after its job had been taken over or ended',
        },
      },
    ]);
    // Others gave it up, too late: no evidence of anything.
    const interrupted = await fixture.started();
    await fixture.settle(interrupted, { kind: 'completed', result: 1 });
    await fixture.settle(interrupted, { kind: 'interrupted', error });
    expect(await fixture.ledger(interrupted.id)).toEqual(['started 1', 'completed 1']);
    await fixture.settle(present!, { kind: 'completed', result: 'right' });
    expect(await fixture.settle(stale, { kind: 'completed', result: 'late' })).toMatchObject({
      refused: [stale.id],
    });
    expect(await fixture.row(stale.id)).toMatchObject({ status: 'COMPLETED', result: 'right' });
  });

  test('takes the same outcome twice for an answer that was lost: neither refused nor written again', async () => {
    const job = await fixture.started();
    const outcome: Outcome = { kind: 'completed', result: 1 };
    await fixture.settle(job, outcome);
    const before = await fixture.row(job.id);
    expect(await fixture.settle(job, outcome)).toEqual({ written: [], refused: [] });
    expect(await fixture.row(job.id)).toEqual(before);
    expect(await fixture.ledger(job.id)).toEqual(['started 1', 'completed 1']);
  });

  test('ends each attempt of a mixed batch by itself', async () => {
    await fixture.queue.enqueue(Array.from({ length: 4 }, () => ({ type: 'task', payload: {} })));
    const [done, lost, failed, released] = (await fixture.claim()) as [Job, Job, Job, Job];
    await fixture.settle(lost, { kind: 'released' });
    const { written, refused } = await fixture.queue.settle([
      { claim: released, outcome: { kind: 'released' } },
      { claim: failed, outcome: { kind: 'failed', error, permanent: true } },
      { claim: lost, outcome: { kind: 'completed', result: null } },
      { claim: done, outcome: { kind: 'completed', result: null } },
    ]);
    expect(written.map(({ id, status }) => [id, status]).sort()).toEqual([
      [done.id, 'COMPLETED'],
      [failed.id, 'FAILED'],
      [released.id, 'PENDING'],
    ]);
    expect(refused).toEqual([lost.id]);
  });

  test('cleans what PostgreSQL cannot store, and the attempt stays a success', async () => {
    const job = await fixture.started();
    await fixture.settle(job, { kind: 'completed', result: { 'k\0': ['a\0b', '\ud800', 'fine 😀'] } });
    expect(await fixture.row(job.id)).toMatchObject({
      status: 'COMPLETED',
      result: { 'k\ufffd': ['a\ufffdb', '\ufffd', 'fine 😀'] },
    });
    const failing = await fixture.started();
    const message = 'bad \0 byte';
    await fixture.settle(failing, { kind: 'failed', error: { name: 'Error', message }, permanent: true });
    expect(await fixture.row(failing.id)).toMatchObject({ error_message: 'bad \ufffd byte' });
  });

  test('tells listeners what was written and what was refused; one that throws spoils nothing', async () => {
    const settled: [EndedAttempt, string][] = [];
    const refused: unknown[] = [];
    fixture.get(JobEvents).on('settled', () => {
      throw new Error('a faulty listener');
    });
    fixture.get(JobEvents).on('settled', (job, kind) => settled.push([job, kind]));
    fixture.get(JobEvents).on('refused', (...args) => refused.push(args));
    const job = await fixture.started();
    await fixture.settle(job, { kind: 'released' });
    await fixture.settle(job, { kind: 'completed', result: null });
    expect(settled).toMatchObject([[{ id: job.id, status: 'PENDING', type: 'task' }, 'released']]);
    expect(refused).toEqual([[job.id, 1, 'completed']]);
  });

  describe('of a worker that is gone', () => {
    test('lets its jobs run again, unless they were to be cancelled', async () => {
      const job = await fixture.started();
      const doomed = await fixture.started();
      await fixture.rows('UPDATE jobs SET cancel_requested_at = now() WHERE id = $1', [doomed.id]);
      const stalled = fixture.get(StalledJobs);
      expect(await stalled.recover([randomUUID()])).toBe(0);
      expect(await stalled.recover([WORKER])).toBe(2);
      expect(await fixture.row(job.id)).toMatchObject({
        status: 'PENDING',
        interruptions: 1,
        max_attempts: 4,
        error_message: `Worker ${WORKER} stopped responding during attempt 1`,
      });
      expect(await fixture.row(doomed.id)).toMatchObject({ status: 'CANCELLED' });
      expect(await stalled.recover([WORKER])).toBe(0);
    });

    test('takes a leased job back when its time is over, and not while it was prolonged', async () => {
      const claimFor = (seconds: number) =>
        fixture.claim(1, { workerId: randomUUID(), leaseExpiresAt: new Date(Date.now() + seconds * 1_000) });
      await fixture.enqueue();
      const [late] = await claimFor(-1);
      await fixture.enqueue();
      const [prolonged] = await claimFor(-1);
      const stale = { id: prolonged!.id, attempts: 9 };
      expect(await fixture.queue.extend([prolonged!, stale], 60)).toMatchObject([
        { id: prolonged!.id, cancelRequested: false },
      ]);
      expect(await fixture.get(StalledJobs).recover([])).toBe(1);
      expect(await fixture.row(late!.id)).toMatchObject({ status: 'PENDING', lease_expires_at: null });
      const { lease_expires_at, status } = await fixture.row(prolonged!.id);
      expect(status).toBe('PROCESSING');
      expect(lease_expires_at - Date.now()).toBeGreaterThan(50_000);
      expect(await fixture.ledger(prolonged!.id)).toEqual(['started 1']);
    });
  });
});
