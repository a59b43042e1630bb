import { DataSource } from 'typeorm';
import { ADVISORY_LOCKS, TRY_ADVISORY_LOCK } from '../../src/database/advisory-locks.js';
import { Engine, Mender, Promoter, QueueService } from '../../src/queue/index.js';
import { eventually } from '../support/eventually.js';
import { hold } from '../support/pause.js';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';

describe('the line of tickets', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('line');
  });
  beforeEach(() => fixture.database.pool.query('TRUNCATE jobs, job_events, job_locks; TRUNCATE pgboss.job'));
  afterAll(() => fixture?.stop());

  /** As if the job and its ticket had been there for a while. */
  const age = (id: string, seconds = 60) =>
    fixture.rows(
      `WITH ticket AS (UPDATE pgboss.job SET created_on = created_on - $2 * interval '1 second' WHERE id = $1)
       UPDATE jobs SET scheduled_at = scheduled_at - $2 * interval '1 second', created_at = created_at - $2 * interval '1 second',
                       updated_at = updated_at - $2 * interval '1 second', last_event = last_event WHERE id = $1`,
      [id, seconds],
    );
  const promote = () => fixture.get(Promoter).promote();
  const mend = () => fixture.get(Mender).mend();

  describe('is joined by scheduled jobs', () => {
    test('a minute before their time, and the promoter says when to come again', async () => {
      const near = await fixture.enqueue({ delayMs: 90_000 });
      const far = await fixture.enqueue({ delayMs: 3_600_000 });
      const pause = await promote();
      expect(await fixture.tickets()).toEqual([]);
      expect(pause).toBeGreaterThan(25_000);
      expect(pause).toBeLessThanOrEqual(30_000);

      await fixture.rows(
        `UPDATE jobs SET scheduled_at = scheduled_at - interval '31 seconds' WHERE id = $1`,
        [near.id],
      );
      expect(await promote()).toBeGreaterThan(3_000_000);
      expect(await fixture.tickets()).toEqual([near.id]);
      expect(await fixture.row(near.id)).toMatchObject({ ticketed: true, last_event: 'submitted' });
      expect(await fixture.row(far.id)).toMatchObject({ ticketed: false });
      expect(await fixture.claim()).toEqual([]);
    });

    test('all of them, also when they are more than one batch, and none twice', async () => {
      await fixture.queue.enqueue(
        Array.from({ length: 1_200 }, () => ({ type: 'task', payload: {}, delayMs: 61_000 })),
      );
      await fixture.rows(`UPDATE jobs SET scheduled_at = now()`);
      const other = await startProcess(fixture.database.url);
      await Promise.all([promote(), other.get(Promoter).promote()]);
      await other.close();
      expect(await promote()).toBeNull();
      expect(await fixture.tickets()).toHaveLength(1_200);
      expect(await fixture.claim(1_500)).toHaveLength(1_200);
    });

    test('at a pace that does not spin while somebody else holds a row', async () => {
      const { id } = await fixture.enqueue({ delayMs: 61_000 });
      await fixture.rows(`UPDATE jobs SET scheduled_at = now() WHERE id = $1`, [id]);
      await fixture.get(DataSource).transaction(async (manager) => {
        await manager.query('SELECT 1 FROM jobs WHERE id = $1 FOR UPDATE', [id]);
        expect(await promote()).toBeGreaterThanOrEqual(100);
        expect(await fixture.tickets()).toEqual([]);
      });
      expect(await promote()).toBeNull();
      expect(await fixture.tickets()).toEqual([id]);
    });

    test('also while somebody holds the lock of some of them, and those when it is free', async () => {
      const jobs = await Promise.all(
        ['L', undefined, 'M', 'L', undefined, 'N'].map((lock) =>
          fixture.enqueue({ delayMs: 3_600_000, ...(lock ? { lock } : {}) }),
        ),
      );
      await fixture.rows('UPDATE jobs SET scheduled_at = now()');
      const idsOf = (...locks: (string | null)[]) =>
        jobs.filter((job) => locks.includes(job.lock)).map((job) => job.id);
      const holder = await hold(
        fixture.database,
        `INSERT INTO job_locks (lock_hash, holder) VALUES (hashtextextended('L', 0), gen_random_uuid())`,
      );
      try {
        expect(await promote()).toBeGreaterThanOrEqual(100);
        expect((await fixture.tickets()).sort()).toEqual(idsOf(null, 'M', 'N').sort());
      } finally {
        await holder.rollback();
      }
      expect(await promote()).toBeNull();
      expect(await fixture.tickets()).toHaveLength(5);
      expect((await fixture.row(jobs[0]!.id)).status).toBe('PENDING');
      expect((await fixture.row(jobs[3]!.id)).status).toBe('BLOCKED');
    });
  });

  describe('is mended', () => {
    test('not at all when all is well', async () => {
      const waiting = await fixture.enqueue();
      const scheduled = await fixture.enqueue({ delayMs: 30_000 });
      const far = await fixture.enqueue({ delayMs: 3_600_000 });
      const running = await fixture.started();
      for (const { id } of [waiting, far, running]) await age(id);
      expect(await mend()).toBe(0);
      expect(await fixture.tickets()).toEqual([scheduled.id]);
    });

    test('when a job that is due has lost its ticket', async () => {
      const { id } = await fixture.enqueue();
      await age(id);
      await fixture.rows('DELETE FROM pgboss.job');
      expect(await mend()).toBe(1);
      expect(await mend()).toBe(0);
      expect(await fixture.claim()).toMatchObject([{ id, attempts: 1 }]);
    });

    test('when there is a ticket without a job, or of one that does not wait', async () => {
      const gone = await fixture.enqueue();
      const cancelled = await fixture.enqueue();
      for (const { id } of [gone, cancelled]) await age(id);
      await fixture.rows('DELETE FROM jobs WHERE id = $1', [gone.id]);
      await fixture.rows(`UPDATE jobs SET status = 'CANCELLED' WHERE id = $1`, [cancelled.id]);
      // Both tickets, and the end that had no time.
      expect(await mend()).toBe(3);
      expect(await fixture.tickets()).toEqual([]);
    });

    test('when somebody moved a job to another queue, even to one that is new to the engine', async () => {
      const { id } = await fixture.enqueue();
      await age(id);
      await fixture.rows(`UPDATE jobs SET queue = 'elsewhere' WHERE id = $1`, [id]);
      expect(await mend()).toBe(2);
      expect(await fixture.tickets()).toEqual([]);
      expect(await fixture.claim(1, { queue: 'elsewhere' })).toMatchObject([{ id }]);
    });

    test('by one process at a time: the others leave it to that one', async () => {
      const { id } = await fixture.enqueue();
      await age(id);
      await fixture.rows('DELETE FROM pgboss.job');
      const other = await fixture.database.pool.connect();
      await other.query('BEGIN');
      await other.query(TRY_ADVISORY_LOCK, [ADVISORY_LOCKS.mending]);
      expect(await mend()).toBe(0);
      await other.query('COMMIT');
      other.release();
      expect(await mend()).toBe(1);
      expect(await fixture.tickets()).toEqual([id]);
    });

    test('without taking away the new ticket of a job that is settled just then', async () => {
      const job = await fixture.started();
      await age(job.id);
      await fixture.rows(
        `INSERT INTO pgboss.job (id, name, retry_limit, retry_backoff, keep_until, expire_seconds, deletion_seconds, policy, created_on)
         VALUES ($1, 'default', 0, false, now() + interval '1 day', 900, 0, 'standard', now() - interval '1 minute')`,
        [job.id],
      );
      const other = await startProcess(fixture.database.url);
      const { boss } = fixture.get(Engine);
      const deleteJob = boss.deleteJob.bind(boss);
      let settled: Promise<unknown> | undefined;
      const isOver = async () => {
        await settled;
        return true;
      };
      const isKeptWaiting = async () =>
        (
          await fixture.rows(`SELECT 1 FROM pg_locks WHERE NOT granted AND pid IN
           (SELECT pid FROM pg_stat_activity WHERE datname = current_database())`)
        ).length > 0;
      // The mender has seen the ticket and is about to remove it.
      boss.deleteJob = async (...args) => {
        settled = other.get(QueueService).settle([{ claim: job, outcome: { kind: 'released' } }]);
        await Promise.race([isOver(), eventually(isKeptWaiting)]);
        return deleteJob(...args);
      };
      try {
        expect(await mend()).toBe(1);
      } finally {
        boss.deleteJob = deleteJob;
        await settled;
        await other.close();
      }
      expect(await fixture.tickets()).toEqual([job.id]);
      expect(await fixture.claim()).toMatchObject([{ id: job.id, attempts: 2 }]);
    });
  });
});
