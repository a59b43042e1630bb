import { randomUUID } from 'node:crypto';
import type { ClaimedJob, NewJob } from '../../src/queue/index.js';
import { type Hands, startHands } from '../support/hands.js';
import { WORKER } from '../support/queue.js';

const DONE = { kind: 'completed', result: null } as const;
const FAILED = { kind: 'failed', error: { name: 'Error', message: 'no' }, permanent: true } as const;

describe('what somebody does in psql to a job', () => {
  let hands: Hands;
  beforeAll(async () => {
    hands = await startHands('hands on jobs');
  });
  beforeEach(() => hands.clear());
  afterAll(() => hands?.stop());

  const set = (job: ClaimedJob, assignments: string) =>
    hands.psql(`UPDATE jobs SET ${assignments} WHERE id = $1`, [job.id]);
  const ended = async (outcome: typeof DONE | typeof FAILED, job: Partial<NewJob> = {}) => {
    const claim = await hands.started(job);
    await hands.settle(claim, outcome);
    return claim;
  };

  describe('to its status', () => {
    test.each(['CANCELLED', 'COMPLETED', 'FAILED'])(
      'PENDING → %s: it never starts, its lock goes on, its key is free, and its dependents are told',
      async (status) => {
        const job = await hands.waiting({
          lock: 'L',
          unique: { key: 'U', while: 'unfinished', onConflict: 'return' },
        });
        const next = await hands.waiting({ lock: 'L' });
        const child = await hands.waiting({ dependsOn: [job.id] });
        await set(job, `status = '${status}'`);
        expect(await hands.followUp()).toEqual({ ended_by_hand: 1, wrong_ticket: 1 });
        expect((await hands.row(job.id)).finished_at).toBeInstanceOf(Date);
        expect(await hands.ledger(job.id)).toEqual(['edited 0']);
        expect(await hands.statusOf(child)).toBe(status === 'COMPLETED' ? 'PENDING' : 'CANCELLED');
        const heir = await hands.waiting({ unique: { key: 'U', while: 'unfinished', onConflict: 'return' } });
        expect(await hands.runAll()).toEqual(
          status === 'COMPLETED' ? expect.arrayContaining([next.id, child.id, heir.id]) : [next.id, heir.id],
        );
      },
    );

    test.each(['CANCELLED', 'COMPLETED', 'FAILED'])(
      'PROCESSING → %s: the late outcome is refused, and those that waited go on',
      async (status) => {
        const job = await hands.started({ lock: 'L' });
        const next = await hands.waiting({ lock: 'L' });
        await set(job, `status = '${status}'`);
        expect(await hands.followUp()).toEqual({ ended_by_hand: 1 });
        expect((await hands.settle(job, DONE)).refused).toEqual([job.id]);
        expect(await hands.runAll()).toEqual([next.id]);
      },
    );

    test('PROCESSING → PENDING: it runs once more, and the first result is refused', async () => {
      const job = await hands.started({ lock: 'L' });
      const next = await hands.waiting({ lock: 'L' });
      await set(job, `status = 'PENDING'`);
      expect(await hands.followUp()).toEqual({});
      expect((await hands.settle(job, DONE)).refused).toEqual([job.id]);
      expect(await hands.runAll()).toEqual([job.id, next.id]);
      expect(await hands.ledger(job.id)).toEqual([
        'started 1',
        'edited 1',
        'result_refused 1',
        'started 2',
        'completed 2',
      ]);
    });

    test('PROCESSING → BLOCKED: the same, since nothing blocks it', async () => {
      const job = await hands.started({ lock: 'L' });
      const next = await hands.waiting({ lock: 'L' });
      await set(job, `status = 'BLOCKED'`);
      await hands.followUp();
      expect(await hands.runAll()).toEqual([job.id, next.id]);
    });

    test.each([
      ['FAILED', FAILED],
      ['COMPLETED', DONE],
    ])('%s → PENDING: it runs once more, and is unfinished until then', async (_, outcome) => {
      const unique = { key: 'U', while: 'unfinished', onConflict: 'return' } as const;
      const job = await ended(outcome, { lock: 'L', unique });
      await hands.psql('DELETE FROM job_keys');
      const holder = await hands.waiting({ lock: 'L' });
      await set(job, `status = 'PENDING'`);
      expect(await hands.followUp()).toEqual({ revived_by_hand: 1, lost_key: 1 });
      expect(await hands.row(job.id)).toMatchObject({
        status: 'BLOCKED',
        finished_at: null,
        error_fingerprint: null,
      });
      expect((await hands.waiting({ unique })).id).toBe(job.id);
      expect(await hands.runAll()).toEqual([holder.id, job.id]);
      expect(await hands.statusOf(job)).toBe('COMPLETED');
    });

    test('CANCELLED → PENDING: it runs, and is not cancelled again', async () => {
      const job = await hands.waiting();
      await hands.queue.cancel([job.id], 'ada');
      await set(job, `status = 'PENDING'`);
      expect(await hands.followUp()).toEqual({ revived_by_hand: 1 });
      expect(await hands.row(job.id)).toMatchObject({ cancel_requested_at: null, finished_at: null });
      expect(await hands.runAll()).toEqual([job.id]);
      expect(await hands.statusOf(job)).toBe('COMPLETED');
    });

    test('CANCELLED → PENDING for later: it is unfinished within a minute all the same', async () => {
      const job = await hands.waiting();
      await hands.queue.cancel([job.id], 'ada');
      await set(job, `status = 'PENDING', scheduled_at = now() + interval '1 hour'`);
      expect(await hands.followUp()).toEqual({ revived_by_hand: 1 });
      expect(await hands.row(job.id)).toMatchObject({
        cancel_requested_at: null,
        finished_at: null,
        ticketed: false,
      });
    });

    test.each([
      ['PENDING', () => hands.waiting()],
      ['FAILED', () => ended(FAILED)],
    ])('%s → PROCESSING without a worker: no worker has it, so it waits again', async (_, arrange) => {
      const job = await arrange();
      await set(job, `status = 'PROCESSING', worker_id = NULL`);
      const mended = await hands.followUp();
      expect(mended).toMatchObject({ lost_worker: 1 });
      expect((await hands.ledger(job.id)).slice(-2)).toEqual([
        `edited ${job.attempts}`,
        `mended ${job.attempts}`,
      ]);
      expect(await hands.runAll()).toEqual([job.id]);
    });

    test('PENDING → BLOCKED: nothing blocks it, so it is let go', async () => {
      const job = await hands.waiting();
      await set(job, `status = 'BLOCKED'`);
      expect(await hands.followUp()).toEqual({ wrong_ticket: 1, forgotten_job: 1 });
      expect(await hands.runAll()).toEqual([job.id]);
    });

    test.each(['', ', ticketed = true'])(
      'BLOCKED → PENDING%s behind a lock: it goes back behind the holder, and nothing runs beside it',
      async (more) => {
        const holder = await hands.started({ lock: 'L' });
        const job = await hands.waiting({ lock: 'L' });
        await set(job, `status = 'PENDING'${more}`);
        await hands.followUp();
        expect(await hands.statusOf(job)).toBe('BLOCKED');
        expect(await hands.claim()).toEqual([]);
        await hands.settle(holder, DONE);
        expect(await hands.runAll()).toEqual([job.id]);
      },
    );

    test('BLOCKED → PENDING before its parent has completed: it waits again', async () => {
      const parent = await hands.started();
      const job = await hands.waiting({ dependsOn: [parent.id] });
      await set(job, `status = 'PENDING'`);
      await hands.followUp();
      expect(await hands.statusOf(job)).toBe('BLOCKED');
      await hands.settle(parent, DONE);
      expect(await hands.runAll()).toEqual([job.id]);
    });
  });

  describe('to its other columns', () => {
    test('queue: it leaves one line and joins the other, also one that is new', async () => {
      const job = await hands.waiting();
      await set(job, `queue = 'elsewhere'`);
      expect(await hands.followUp()).toEqual({ wrong_ticket: 1, lost_ticket: 1 });
      expect(await hands.runAll()).toEqual([]);
      expect(await hands.runAll('elsewhere')).toEqual([job.id]);
    });

    test.each([
      `queue = 'Not A Queue'`,
      `queue = '__pgboss__cron'`,
      `scheduled_at = 'infinity'`,
      `created_at = '-infinity'`,
    ])(
      '%s: is refused there and then, since no process could read it or put it in line',
      async (assignment) => {
        const job = await hands.waiting();
        await expect(set(job, assignment)).rejects.toThrow('violates check constraint');
        expect(await hands.runAll()).toEqual([job.id]);
      },
    );

    test('priority: the job moves to its new place', async () => {
      const [first, second] = [await hands.waiting(), await hands.waiting()];
      await set(second, 'priority = 1');
      expect(await hands.followUp()).toEqual({ wrong_ticket: 1, lost_ticket: 1 });
      expect(await hands.runAll()).toEqual([second.id, first.id]);
    });

    test('type: its place in line is that of the new type', async () => {
      const job = await hands.waiting();
      await set(job, `type = 'other'`);
      expect(await hands.followUp()).toEqual({ wrong_ticket: 1, lost_ticket: 1 });
      expect(await hands.claim(1, { types: ['task'] })).toEqual([]);
      expect(await hands.runAll()).toEqual([job.id]);
    });

    test('payload: the job runs with the new one', async () => {
      const job = await hands.waiting();
      await set(job, `payload = '{"by": "hand"}'`);
      expect(await hands.followUp()).toEqual({});
      expect(await hands.claim()).toMatchObject([{ id: job.id, payload: { by: 'hand' } }]);
    });

    test.each([
      ['earlier, from far away', 3_600_000, {}],
      ['earlier, from within the minute', 50_000, { wrong_ticket: 1, lost_ticket: 1 }],
    ])('scheduled_at %s: it runs then', async (_, delayMs, mended) => {
      const job = await hands.waiting({ delayMs });
      await set(job, 'scheduled_at = now()');
      expect(await hands.followUp()).toEqual(mended);
      expect(await hands.runAll()).toEqual([job.id]);
    });

    test('scheduled_at later, within the minute: it does not run before', async () => {
      const job = await hands.waiting();
      await set(job, `scheduled_at = now() + interval '30 seconds'`);
      expect(await hands.followUp()).toEqual({});
      expect(await hands.runAll()).toEqual([]);
      await set(job, 'scheduled_at = now()');
      await hands.followUp();
      expect(await hands.runAll()).toEqual([job.id]);
    });

    test('scheduled_at beyond the minute: it leaves the line, and its lock goes on', async () => {
      const job = await hands.waiting({ lock: 'L' });
      const next = await hands.waiting({ lock: 'L' });
      await set(job, `scheduled_at = now() + interval '1 hour'`);
      expect(await hands.followUp()).toEqual({ wrong_holder: 1, wrong_ticket: 1, lost_ticket: 1 });
      expect(await hands.runAll()).toEqual([next.id]);
      expect(await hands.row(job.id)).toMatchObject({ status: 'PENDING', ticketed: false });
    });

    test.each([
      ['true of a scheduled job', 3_600_000, 'ticketed = true', 'scheduled_at = now()'],
      ['false of a job in line', 0, 'ticketed = false', 'priority = priority'],
    ])('ticketed = %s: it runs once, at its time', async (_, delayMs, assignment, later) => {
      const job = await hands.waiting({ delayMs });
      await set(job, assignment);
      await hands.followUp();
      expect(await hands.runAll()).toEqual(delayMs > 0 ? [] : [job.id]);
      await set(job, later);
      await hands.followUp();
      expect(await hands.runAll()).toEqual(delayMs > 0 ? [job.id] : []);
    });

    test('lock of its holder: the old one goes on, and it waits behind the new one', async () => {
      const other = await hands.started({ lock: 'M' });
      const job = await hands.waiting({ lock: 'L' });
      const next = await hands.waiting({ lock: 'L' });
      await set(job, `lock = 'M'`);
      expect(await hands.followUp()).toEqual({ wrong_holder: 1, jumped_lock: 1 });
      expect(await hands.runAll()).toEqual([next.id]);
      await hands.settle(other, DONE);
      expect(await hands.runAll()).toEqual([job.id]);
    });

    test('lock of a job that waits for none: it holds it, or waits for it', async () => {
      const [first, second] = [await hands.waiting(), await hands.waiting()];
      await hands.psql(`UPDATE jobs SET lock = 'L'`);
      expect(await hands.followUp()).toEqual({ lost_lock: 1, jumped_lock: 1 });
      expect(await hands.statusOf(second)).toBe('BLOCKED');
      expect(await hands.runAll()).toEqual([first.id, second.id]);
    });

    test('lock = NULL of a running holder: the next one starts', async () => {
      const job = await hands.started({ lock: 'L' });
      const next = await hands.waiting({ lock: 'L' });
      await set(job, 'lock = NULL');
      expect(await hands.followUp()).toEqual({ wrong_holder: 1 });
      expect(await hands.runAll()).toEqual([next.id]);
    });

    test('depends_on: it waits for its new parent, and for the old one no more', async () => {
      const [old, parent] = [await hands.started(), await hands.started()];
      const [free, job] = [await hands.waiting(), await hands.waiting({ dependsOn: [old.id] })];
      for (const child of [free, job]) await set(child, `depends_on = '{${parent.id}}'`);
      expect(await hands.followUp()).toMatchObject({ lost_parent: 2 });
      await hands.settle(old, DONE);
      expect(await hands.runAll()).toEqual([]);
      await hands.settle(parent, DONE);
      expect((await hands.runAll()).sort()).toEqual([free.id, job.id].sort());
    });

    test('worker_id = NULL of a running job: its worker has it back and ends it', async () => {
      const job = await hands.started();
      await set(job, 'worker_id = NULL');
      expect(await hands.followUp()).toEqual({ lost_worker: 1 });
      expect(await hands.row(job.id)).toMatchObject({ status: 'PROCESSING', worker_id: WORKER });
      expect((await hands.settle(job, DONE)).refused).toEqual([]);
    });

    test('a lease without an end: of a worker of ours it goes, of a stranger it ends', async () => {
      const [ours, foreign] = [await hands.started(), await hands.started()];
      await hands.psql(
        `INSERT INTO workers (id, hostname, pid, version, queues, slots) VALUES ($1, 'h', 1, '1', '{*}', 1)`,
        [WORKER],
      );
      await hands.psql(`UPDATE jobs SET lease_expires_at = 'infinity'`);
      await set(foreign, `worker_id = '${randomUUID()}'`);
      expect(await hands.followUp()).toEqual({ endless_lease: 2 });
      expect((await hands.row(ours.id)).lease_expires_at).toBeNull();
      expect((await hands.row(foreign.id)).lease_expires_at.getTime()).toBeLessThanOrEqual(
        Date.now() + 1_000,
      );
    });
  });
});
