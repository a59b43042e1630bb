import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { isContention } from '../../src/database/index.js';
import { type ClaimedJob, Pauses, QueueService } from '../../src/queue/index.js';
import { Engine } from '../../src/queue/line/engine.js';
import { eventually } from '../support/eventually.js';
import { pauseBeforeCommit } from '../support/pause.js';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';

const FOREVER = { by: 'somebody', reason: null, until: null };

describe('pausing a queue', () => {
  let fixture: TestQueue;
  let pauses: Pauses;
  let others: INestApplicationContext[];
  beforeAll(async () => {
    fixture = await startQueue('pause');
    pauses = fixture.get(Pauses);
    others = await Promise.all([1, 2].map(() => startProcess(fixture.database.url)));
  });
  beforeEach(async () => {
    await fixture.database.pool.query('TRUNCATE jobs, job_events; TRUNCATE pgboss.job');
    await pauses.resume('default');
  });
  afterAll(async () => {
    await Promise.all(others?.map((other) => other.close()) ?? []);
    await fixture?.stop();
  });

  const attempts = async (): Promise<number> =>
    Number((await fixture.rows('SELECT sum(attempts) AS total FROM jobs'))[0]!.total);

  test('lets no claim commit once it has been answered, however many are under way', async () => {
    const count = 2_000;
    await fixture.queue.enqueue(Array.from({ length: count }, () => ({ type: 'task', payload: {} })));
    let goOn = true;
    let claims = 0;
    let claimed = 0;
    const claimAll = async (queue: QueueService) => {
      while (goOn) {
        const jobs = await queue.claim('default', 2, { workerId: randomUUID() });
        claims += 1;
        claimed += jobs.length;
      }
    };
    const queues = [fixture.queue, ...others.map((other) => other.get(QueueService))];
    const claimers = queues.flatMap((queue) => [claimAll(queue), claimAll(queue)]);
    // Many rounds: a claim that slips through does so in few of them.
    try {
      for (let round = 1; round <= 15; round++) {
        await eventually(() => claimed >= round * 20);
        await pauses.pause('default', FOREVER);
        const atThePause = await attempts();
        const claimsSoFar = claims;
        await eventually(() => claims >= claimsSoFar + 3 * claimers.length);
        expect(await attempts()).toBe(atThePause);
        await pauses.resume('default');
      }
    } finally {
      goOn = false;
      await Promise.all(claimers);
    }
    expect(claimed).toBeGreaterThanOrEqual(300);
  });

  test('waits for a claim that has begun, and a claim that begins meanwhile finds it paused', async () => {
    const { id } = await fixture.enqueue();
    const other = others[0]!;
    const steps = jest.spyOn(other.get(Engine), 'hasPlainLine').mockReturnValue(false);
    const begun = pauseBeforeCommit(other);
    const early = other.get(QueueService).claim('default', 10, { workerId: randomUUID() });
    await begun.reached;
    let answered = false;
    const pausing = pauses.pause('default', FOREVER).then((known) => (answered = known));
    await waitsFor(1);
    const late = claimPatiently();
    await waitsFor(2);
    expect(answered).toBe(false);
    begun.resume();
    steps.mockRestore();
    expect((await early).map((job) => job.id)).toEqual([id]);
    await pausing;
    expect(answered).toBe(true);
    expect(await late).toEqual([]);
  });

  /** As a worker does, who asks again when it has waited too long. */
  const claimPatiently = async (): Promise<ClaimedJob[]> => {
    for (;;) {
      try {
        return await fixture.claim();
      } catch (error) {
        if (!isContention(error)) throw error;
      }
    }
  };
  const waitsFor = (sessions: number) =>
    eventually(async () => {
      const [waiting] = await fixture.rows(
        `SELECT count(*)::int AS total FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return waiting!.total === sessions;
    });

  test('does not touch other queues, and ends at its end to the millisecond', async () => {
    await fixture.enqueue();
    await fixture.enqueue({ queue: 'other' });
    const [{ until }] = (await fixture.rows(
      `SELECT date_trunc('milliseconds', clock_timestamp()) + interval '2 seconds' AS until`,
    )) as [{ until: Date }];
    expect(await pauses.pause('default', { ...FOREVER, until })).toBe(true);
    expect(await fixture.claim()).toEqual([]);
    expect(await fixture.claim(10, { queue: 'other' })).toHaveLength(1);
    const job = await eventually(async () => (await fixture.claim())[0]);
    expect(job.startedAt!.getTime()).toBeGreaterThanOrEqual(until.getTime());
  });

  test('tells workers when its end comes, beside the jobs that come due before and after', async () => {
    const [{ now }] = (await fixture.rows('SELECT now()')) as [{ now: Date }];
    const at = (ms: number) => new Date(now.getTime() + ms);
    await pauses.pause('default', { ...FOREVER, until: at(20_000) });
    expect(await fixture.queue.nextDue('default', now)).toMatchObject({ at: at(20_000) });
    const early = await fixture.enqueue({ delayMs: 5_000 });
    expect(await fixture.queue.nextDue('default', now)).toMatchObject({ at: early.scheduledAt });
    expect(await fixture.queue.nextDue('default', early.scheduledAt)).toMatchObject({ at: at(20_000) });
    expect(await fixture.queue.nextDue('default', at(20_000))).toMatchObject({ at: null });
    await pauses.pause('default', FOREVER);
    expect(await fixture.queue.nextDue('default', early.scheduledAt)).toMatchObject({ at: null });
  });

  test('of a queue that does not exist does nothing and says so', async () => {
    expect(await pauses.pause('nowhere', FOREVER)).toBe(false);
    expect(await pauses.resume('nowhere')).toBe(false);
    expect(await fixture.rows(`SELECT 1 FROM queues WHERE name = 'nowhere'`)).toEqual([]);
  });
});
