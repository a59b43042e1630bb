import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type ClaimedJob, type NewJob, Mender, QueueService } from '../../src/queue/index.js';
import { TAKE_HELD_LOCKS } from '../../src/queue/blocking/locks.sql.js';
import { type Paused, pauseBefore, sessionsWait } from '../support/pause.js';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';

const DONE = { kind: 'completed', result: null } as const;

describe('whoever waits for a lock that others are at', () => {
  let fixture: TestQueue;
  let other: INestApplicationContext;
  let others: QueueService;
  beforeAll(async () => {
    fixture = await startQueue('lock waits');
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
  const row = ({ id }: { id: string }) => fixture.row(id);
  const status = async (job: { id: string }) => (await row(job)).status;
  const holders = async () =>
    (await fixture.rows('SELECT holder FROM job_locks')).map(({ holder }) => holder);
  const end = (claim: ClaimedJob) => fixture.settle(claim, DONE);
  /** Lets the second act until it waits for the first or has ended, then the first go on; both end. */
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
      started.push(...claimed.map((job) => job.id));
      await fixture.queue.settle(claimed.map((claim) => ({ claim, outcome: DONE })));
    }
  };

  describe('settles of several holders', () => {
    test('end all of them, each lock going its own way', async () => {
      const jobs = Array.from({ length: 40 }, (_, index) => ({
        type: 'task',
        payload: {},
        lock: `L${index % 10}`,
      }));
      await fixture.queue.enqueue(jobs);
      for (let round = 0; round < 4; round++) {
        const claimed = await fixture.claim(100);
        const locks = await Promise.all(claimed.map(async ({ id }) => (await fixture.row(id)).lock));
        expect(locks.sort()).toEqual(jobs.slice(0, 10).map((job) => job.lock));
        const halves = [claimed.slice(0, 5), claimed.slice(5).reverse()];
        await Promise.all(
          halves.map((half, index) =>
            [fixture.queue, others][index]!.settle(half.map((claim) => ({ claim, outcome: DONE }))),
          ),
        );
      }
      expect(await holders()).toEqual([]);
    });

    test('that want each other’s lock for a dependent both succeed', async () => {
      const [first, second] = [await fixture.started({ lock: 'A' }), await fixture.started({ lock: 'B' })];
      const wantsB = await fixture.enqueue({ lock: 'B', dependsOn: [first.id] });
      const wantsA = await fixture.enqueue({ lock: 'A', dependsOn: [second.id] });
      const paused = pauseBefore(other, TAKE_HELD_LOCKS);
      const firstEnds = others.settle([{ claim: first, outcome: DONE }]);
      await paused.reached;
      await finish(paused, firstEnds, end(second));
      expect([await status(wantsA), await status(wantsB)]).toEqual(['PENDING', 'PENDING']);
      expect(await runAll()).toHaveLength(2);
    });
  });

  describe("a caller's long transaction that has submitted a job", () => {
    const within = async (
      work: (commit: () => void, rollBack: () => void) => Promise<void>,
      job: Partial<NewJob>,
    ) => {
      const stored = Promise.withResolvers<void>();
      const decided = Promise.withResolvers<void>();
      const transaction = other.get(DataSource).transaction(async (manager) => {
        await others.enqueue([{ type: 'task', payload: {}, ...job }], { manager });
        stored.resolve();
        await decided.promise;
      });
      await stored.promise;
      const rollBack = () => decided.reject(new Error('rolled back'));
      const ended = transaction.catch(() => undefined);
      await work(decided.resolve, rollBack).finally(rollBack);
      await ended;
    };

    test('and is rolled back hands nothing on: whoever waited has the lock', async () => {
      let waiting: Promise<ClaimedJob> | undefined;
      await within(
        async (_, rollBack) => {
          waiting = locked();
          await sessionsWait(fixture.database);
          rollBack();
          await waiting;
        },
        { lock: 'L' },
      );
      const { id } = await waiting!;
      expect(await fixture.rows('SELECT id, status FROM jobs')).toEqual([{ id, status: 'PENDING' }]);
      expect(await runAll()).toEqual([id]);
    });

    test('and is rolled back behind a holder leaves the holder alone', async () => {
      const holder = await fixture.started({ lock: 'L' });
      await within(async (_, rollBack) => rollBack(), { lock: 'L' });
      expect(await holders()).toEqual([holder.id]);
      await end(holder);
      expect(await holders()).toEqual([]);
    });

    test('holds up nobody who has another lock or none', async () => {
      const unrelated = await fixture.started({ lock: 'M' });
      await within(
        async () => {
          const waiting = locked();
          const free = await Promise.all([
            fixture.enqueue(),
            locked({ lock: 'N' }),
            ...Array.from({ length: 20 }, (_, index) => locked({ lock: `other ${index}` })),
          ]);
          await end(unrelated);
          expect(await fixture.claim(100)).toHaveLength(free.length);
          await expect(waiting).rejects.toMatchObject({
            code: 'database_unavailable',
            message: expect.stringContaining('Another transaction holds a key, a lock or a job'),
          });
        },
        { lock: 'L' },
      );
    });

    test('holds up the end of the holder and no other', async () => {
      const holder = await fixture.started({ lock: 'L' });
      const unrelated = await fixture.started();
      const outcomes = [holder, unrelated].map((claim) => ({ claim, outcome: DONE }));
      await within(
        async (commit) => {
          await expect(fixture.queue.settle(outcomes)).rejects.toMatchObject({
            held: [{ claim: { id: holder.id } }],
          });
          expect([await status(holder), await status(unrelated)]).toEqual(['PROCESSING', 'COMPLETED']);
          commit();
        },
        { lock: 'L' },
      );
      expect(await fixture.queue.settle(outcomes)).toMatchObject({
        written: [{ id: holder.id }],
        refused: [],
      });
      expect(await runAll()).toHaveLength(1);
    });
  });
});
