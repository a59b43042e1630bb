import type { INestApplicationContext } from '@nestjs/common';
import { type ClaimedJob, type NewJob, Mender, Promoter, QueueService } from '../../src/queue/index.js';
import { LOCK_JOBS } from '../../src/queue/jobs.sql.js';
import { ACQUIRE_LOCKS, SELECT_SUCCESSORS } from '../../src/queue/blocking/locks.sql.js';
import { LOCK_BLOCKED, PLACE_JOBS } from '../../src/queue/blocking/waiting.sql.js';
import { type Paused, hold, pauseBefore, pauseBeforeCommit, sessionsWait } from '../support/pause.js';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';
import { settleAll } from '../support/settle-all.js';

const DONE = { kind: 'completed', result: null } as const;
const LATER = 3_600_000;
const later = () => new Date(Date.now() + LATER);

describe('when two act on a lock at once', () => {
  let fixture: TestQueue;
  let other: INestApplicationContext;
  let others: QueueService;
  beforeAll(async () => {
    fixture = await startQueue('lock races');
    other = await startProcess(fixture.database.url);
    others = other.get(QueueService);
  });
  beforeEach(() =>
    fixture.rows('TRUNCATE jobs, job_events, job_keys, job_locks, job_dependencies, pgboss.job'),
  );
  afterEach(async () => {
    // Nothing that was interrupted half-way is left to be mended.
    await fixture.rows(`UPDATE pgboss.job SET created_on = created_on - interval '1 minute'`);
    await fixture.rows(
      `UPDATE jobs SET updated_at = updated_at - interval '1 minute', last_event = last_event`,
    );
    expect(await fixture.get(Mender).mend()).toBe(0);
  });
  afterAll(async () => {
    await other?.close();
    await fixture?.stop();
  });

  const locked = (more: Partial<NewJob> = {}) => fixture.enqueue({ lock: 'L', ...more });
  const elsewhere = async (more: Partial<NewJob> = {}): Promise<ClaimedJob> =>
    (await others.enqueue([{ type: 'task', payload: {}, lock: 'L', ...more }]))[0]!.job;
  const row = ({ id }: { id: string }) => fixture.row(id);
  const status = async (job: { id: string }) => (await row(job)).status;
  const holders = async () =>
    (await fixture.rows('SELECT holder FROM job_locks')).map(({ holder }) => holder);
  /** As a worker does it: what had to wait too long for a lock is promoted in the next round. */
  const promoteAll = async () => {
    for (let next: number | null = 0; next !== null && next <= 250;)
      next = await other.get(Promoter).promote();
  };
  const end = (claim: ClaimedJob) => fixture.settle(claim, DONE);
  const makeDue = ({ id }: ClaimedJob) =>
    fixture.rows(`UPDATE jobs SET scheduled_at = now() - interval '1 second' WHERE id = $1`, [id]);
  /** Lets the second act until it waits for the first or has ended, then the first go on; both end. */
  const finish = async (paused: Paused, first: Promise<unknown>, second: Promise<unknown>) => {
    await Promise.race([sessionsWait(fixture.database), second]);
    paused.resume();
    await Promise.all([first, second]);
  };
  /** The holder, running, and two behind it. */
  const line = async () => {
    const holder = await fixture.started({ lock: 'L' });
    return { holder, next: await locked(), last: await locked() };
  };
  const runAll = async (): Promise<string[]> => {
    const started: string[] = [];
    for (;;) {
      const claimed = await fixture.claim(1_000);
      if (claimed.length === 0) return started;
      started.push(...claimed.map((job) => job.id));
      await fixture.queue.settle(claimed.map((claim) => ({ claim, outcome: DONE })));
    }
  };

  describe('a successor', () => {
    test('that commits while the lock waits to be handed on is not missed', async () => {
      const holder = await fixture.started({ lock: 'L' });
      const paused = pauseBeforeCommit(other);
      const submitted = elsewhere();
      await paused.reached;
      await finish(paused, submitted, end(holder));
      const { id } = await submitted;
      expect(await row({ id })).toMatchObject({ status: 'PENDING', last_event: 'unblocked' });
      expect(await runAll()).toEqual([id]);
    });

    test('that comes while nobody was found takes the lock when it is free', async () => {
      const holder = await fixture.started({ lock: 'L' });
      const paused = pauseBefore(fixture, SELECT_SUCCESSORS);
      const ended = end(holder);
      await paused.reached;
      const submitted = elsewhere();
      await finish(paused, ended, submitted);
      expect(await submitted).toMatchObject({ status: 'PENDING', ticketed: true });
      expect(await runAll()).toEqual([(await submitted).id]);
    });

    test('that is cancelled just before does not strand the lock', async () => {
      const { holder, next, last } = await line();
      const paused = pauseBeforeCommit(other);
      const cancelled = others.cancel([next.id], 'me');
      await paused.reached;
      await finish(paused, cancelled, end(holder));
      expect([await status(next), await holders()]).toEqual(['CANCELLED', [last.id]]);
      expect(await runAll()).toEqual([last.id]);
    });

    test('that is cancelled between being found and being taken does not either', async () => {
      const { holder, next, last } = await line();
      const paused = pauseBefore(fixture, LOCK_BLOCKED);
      const ended = end(holder);
      await paused.reached;
      await others.cancel([next.id], 'me');
      paused.resume();
      await ended;
      expect(await runAll()).toEqual([last.id]);
    });

    test('that is cancelled as the only one leaves the lock free', async () => {
      const holder = await fixture.started({ lock: 'L' });
      const only = await locked();
      const paused = pauseBeforeCommit(other);
      const cancelled = others.cancel([only.id], 'me');
      await paused.reached;
      await finish(paused, cancelled, end(holder));
      expect(await holders()).toEqual([]);
      expect(await locked()).toMatchObject({ status: 'PENDING' });
    });

    test('that is cancelled when it has just been given the lock hands it on', async () => {
      const { holder, next, last } = await line();
      const paused = pauseBeforeCommit(fixture);
      const ended = end(holder);
      await paused.reached;
      await finish(paused, ended, others.cancel([next.id], 'me'));
      expect([await status(next), await holders()]).toEqual(['CANCELLED', [last.id]]);
      expect(await fixture.tickets()).toEqual([last.id]);
    });

    test('that is given the lock while somebody is about to cancel it leaves no ticket behind', async () => {
      const { holder, next, last } = await line();
      const paused = pauseBefore(other, LOCK_JOBS);
      const cancelled = others.cancel([next.id], 'me');
      await paused.reached;
      await end(holder);
      paused.resume();
      await cancelled;
      expect([await status(next), await fixture.tickets()]).toEqual(['CANCELLED', [last.id]]);
    });

    test('that is given the lock while somebody is about to move it to later leaves no ticket behind', async () => {
      const { holder, next, last } = await line();
      const paused = pauseBefore(other, LOCK_JOBS);
      const moved = others.edit([next.id], { scheduledAt: later() }, 'me');
      await paused.reached;
      await end(holder);
      paused.resume();
      await moved;
      expect([await holders(), await fixture.tickets()]).toEqual([[last.id], [last.id]]);
      await makeDue(next);
      expect(await fixture.claim()).toMatchObject([{ id: last.id }]);
    });

    test('that is given the lock while somebody is about to replace it leaves no ticket behind', async () => {
      const unique = { key: 'u', while: 'waiting', onConflict: 'replace' } as const;
      const holder = await fixture.started({ lock: 'L' });
      const [next, last] = [await locked({ unique }), await locked()];
      const paused = pauseBefore(other, LOCK_JOBS);
      const replaced = elsewhere({ unique, delayMs: LATER });
      await paused.reached;
      await end(holder);
      paused.resume();
      expect(await replaced).toMatchObject({ id: next.id, status: 'PENDING', ticketed: false });
      expect([await holders(), await fixture.tickets()]).toEqual([[last.id], [last.id]]);
    });

    test('that is changed in its place keeps nobody waiting', async () => {
      const { holder, next } = await line();
      const paused = pauseBefore(fixture, LOCK_BLOCKED);
      const ended = end(holder);
      await paused.reached;
      expect(await others.edit([next.id], { priority: 1 }, 'me')).toMatchObject([
        { result: 'done', job: { status: 'BLOCKED' } },
      ]);
      paused.resume();
      await ended;
      expect(await row(next)).toMatchObject({ status: 'PENDING', priority: 1 });
    });

    test('that is moved to later while the lock goes on lets the one behind it have it', async () => {
      const { holder, next, last } = await line();
      const paused = pauseBeforeCommit(other);
      const moved = others.edit([next.id], { scheduledAt: later() }, 'me');
      await paused.reached;
      await finish(paused, moved, end(holder));
      expect(await holders()).toEqual([last.id]);
    });
  });

  describe('the order of creation', () => {
    test('is the order in which the lock was taken, not the one in which processes began to ask', async () => {
      await fixture.started({ lock: 'L' });
      const paused = pauseBefore(other, ACQUIRE_LOCKS);
      const asksFirst = elsewhere();
      await paused.reached;
      const takesFirst = await locked();
      paused.resume();
      const { createdAt } = await asksFirst;
      expect(createdAt.getTime()).toBeGreaterThanOrEqual(takesFirst.createdAt.getTime());
    });

    test('is that of the commits when one has to wait for another', async () => {
      await fixture.started({ lock: 'L' });
      const paused = pauseBeforeCommit(fixture);
      const first = locked();
      await paused.reached;
      const second = elsewhere();
      await sessionsWait(fixture.database);
      const [{ now }] = (await fixture.rows('SELECT clock_timestamp() AS now')) as [{ now: Date }];
      paused.resume();
      expect((await first).createdAt.getTime()).toBeLessThanOrEqual(now.getTime());
      expect((await second).createdAt.getTime()).toBeGreaterThanOrEqual(now.getTime());
    });

    test('is the order of starts, whoever submits, claims and ends in however many processes', async () => {
      const queues = [fixture.queue, others];
      const submit = (index: number) =>
        queues[index % 2]!.enqueue([{ type: 'task', payload: {}, lock: `L${index % 7}` }]);
      let submitted = false;
      const worker = async (queue: QueueService) => {
        for (;;) {
          const isLast = submitted;
          const jobs = await queue.claim('default', 5, { workerId: crypto.randomUUID() });
          if (jobs.length > 0)
            await settleAll(
              queue,
              jobs.map((claim) => ({ claim, outcome: DONE })),
            );
          else if (isLast) return;
        }
      };
      const workers = Promise.all([...queues, ...queues].map(worker));
      await Promise.all(Array.from({ length: 280 }, (_, index) => submit(index)));
      submitted = true;
      await workers;
      await Promise.all(queues.map(worker));
      const counts = await fixture.rows('SELECT status, count(*)::integer AS n FROM jobs GROUP BY 1');
      expect(counts).toEqual([{ status: 'COMPLETED', n: 280 }]);
      const faults = await fixture.rows(`
        SELECT a.id, b.id FROM jobs a JOIN jobs b ON b.lock = a.lock AND b.id <> a.id
        WHERE a.created_at < b.created_at AND b.started_at < a.finished_at`);
      expect(faults).toEqual([]);
      expect(await holders()).toEqual([]);
    });
  });

  describe('a job whose time has come', () => {
    const due = async () => {
      const job = await locked({ delayMs: LATER });
      await makeDue(job);
      return job;
    };

    test('is not missed when it joins the line while the lock is handed on', async () => {
      const job = await due();
      const holder = await fixture.started({ lock: 'L' });
      const paused = pauseBefore(other, PLACE_JOBS);
      const promoted = other.get(Promoter).promote();
      await paused.reached;
      await finish(paused, promoted, end(holder));
      expect(await runAll()).toEqual([job.id]);
    });

    test('takes the lock that has become free while it was asked for', async () => {
      const job = await due();
      const holder = await fixture.started({ lock: 'L' });
      const paused = pauseBefore(fixture, SELECT_SUCCESSORS);
      const ended = end(holder);
      await paused.reached;
      await finish(paused, ended, promoteAll());
      expect([await status(job), await holders()]).toEqual(['PENDING', [job.id]]);
    });

    test('comes before one created later whose time comes in that moment, whoever promotes it', async () => {
      const [first, second] = [await locked({ delayMs: LATER }), await locked({ delayMs: LATER })];
      await makeDue(first);
      const paused = pauseBefore(fixture, ACQUIRE_LOCKS);
      const promoted = fixture.get(Promoter).promote();
      await paused.reached;
      await makeDue(second);
      await other.get(Promoter).promote();
      paused.resume();
      await promoted;
      await promoteAll();
      expect(await runAll()).toEqual([first.id, second.id]);
    });

    test('takes the lock once, however many processes promote', async () => {
      const jobs = [await locked({ delayMs: LATER }), await locked({ delayMs: LATER })];
      await fixture.rows(`UPDATE jobs SET scheduled_at = now() - interval '1 second'`);
      await Promise.all([fixture.get(Promoter).promote(), other.get(Promoter).promote()]);
      await fixture.get(Promoter).promote();
      expect(await fixture.tickets()).toHaveLength(1);
      expect((await runAll()).sort()).toEqual(jobs.map((job) => job.id));
    });

    test('and is moved to later in that moment gives up the lock and its ticket', async () => {
      const job = await due();
      const paused = pauseBefore(other, LOCK_JOBS);
      const moved = others.edit([job.id], { scheduledAt: later() }, 'me');
      await paused.reached;
      await fixture.get(Promoter).promote();
      expect(await fixture.tickets()).toEqual([job.id]);
      paused.resume();
      await moved;
      expect([await holders(), await fixture.tickets()]).toEqual([[], []]);
    });
  });

  test('a row that somebody reads for a while makes nobody start beside the holder', async () => {
    const { holder, next } = await line();
    const reader = await hold(fixture.database, 'SELECT 1 FROM jobs WHERE id = $1 FOR UPDATE', [next.id]);
    const ended = end(holder);
    await sessionsWait(fixture.database);
    expect(await fixture.claim()).toEqual([]);
    await reader.commit();
    await ended;
    expect(await fixture.claim()).toMatchObject([{ id: next.id }]);
  });
});
