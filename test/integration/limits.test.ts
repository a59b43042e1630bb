import type { INestApplicationContext } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Postgres } from '../../src/database/index.js';
import { type ClaimedJob, type Limits, LimitSettings, Mender, QueueService } from '../../src/queue/index.js';
import { advanced, allowance, bounded, cell, nextStart } from '../../src/queue/limits/rate.js';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';
import { settleAll } from '../support/settle-all.js';

const NONE = { rate: null, burst: 1, concurrency: null, per_key: null };

describe('limits', () => {
  let fixture: TestQueue;
  let other: INestApplicationContext;

  beforeAll(async () => {
    fixture = await startQueue('limits');
    other = await startProcess(fixture.database.url);
  }, 60_000);

  afterAll(async () => {
    await other?.close();
    await fixture?.stop();
  });

  const setLimits = async (queue: string, limits: Partial<Limits> | null) => {
    const settings = fixture.get(LimitSettings);
    await fixture.queue.claim(queue, 0 + 1, { workerId: randomUUID(), types: ['none'] });
    await fixture.get(Postgres).transaction(async (session) => {
      await settings.hold(session, queue);
      await settings.set(session, queue, limits && { ...NONE, ...limits });
    });
    await settings.release(queue);
  };
  const fill = (queue: string, count: number, limitKey?: string) =>
    fixture.queue.enqueue(
      Array.from({ length: count }, () => ({
        type: 'task',
        payload: {},
        queue,
        ...(limitKey ? { limitKey } : {}),
      })),
    );
  const running = async (queue: string) =>
    Number(
      (
        await fixture.rows(`SELECT count(*) FROM jobs WHERE queue = $1 AND status = 'PROCESSING'`, [queue])
      )[0]!.count,
    );
  const complete = (jobs: readonly ClaimedJob[], queue = fixture.queue) =>
    settleAll(
      queue,
      jobs.map((claim) => ({ claim, outcome: { kind: 'completed', result: null } })),
    );
  const parked = async (queue: string) =>
    Number(
      (await fixture.rows('SELECT count(*) FROM pgboss.job WHERE name = $1 AND blocked', [queue]))[0]!.count,
    );
  const look = async (queue: string, limit = 10, claimant = {}) => {
    const times: number[] = [];
    const jobs = await fixture.claim(limit, { queue, lookAgain: (at) => times.push(at), ...claimant });
    return { jobs, times };
  };

  test('of how many run at once hold for two processes that claim at the same time, and through every way out', async () => {
    await setLimits('slots', { concurrency: 5 });
    await fill('slots', 60);
    const queues = [fixture.queue, other.get(QueueService)];
    const most: number[] = [];
    let done = 0;
    const work = async (queue: QueueService) => {
      while (done < 60) {
        const jobs = await queue.claim('slots', 3, { workerId: randomUUID() });
        most.push(await running('slots'));
        await complete(jobs, queue);
        done += jobs.length;
      }
    };
    await Promise.all([...queues, ...queues].map(work));
    expect(Math.max(...most)).toBeLessThanOrEqual(5);
    expect(Math.max(...most)).toBeGreaterThan(3);
    expect(await running('slots')).toBe(0);
    const [{ count }] = (await fixture.rows(
      `SELECT count(*)::int FROM jobs WHERE queue = 'slots' AND status = 'COMPLETED'`,
    )) as [{ count: number }];
    expect(count).toBe(60);
  });

  test('of how often jobs start hold for processes that claim at the same time, and say when the next may start', async () => {
    await setLimits('rate', { rate: '20/second', burst: 4 });
    await fill('rate', 100);
    const startedAt = performance.now();
    const work = async (queue: QueueService) => {
      while (performance.now() - startedAt < 2_500)
        await complete(await queue.claim('rate', 10, { workerId: randomUUID() }), queue);
    };
    const queues = [fixture.queue, other.get(QueueService)];
    await Promise.all([...queues, ...queues].map(work));
    const rows = await fixture.rows(
      `SELECT max(others.count)::int AS most, count(*)::int AS starts
       FROM job_events e JOIN jobs j ON j.id = e.job_id
       CROSS JOIN LATERAL (
         SELECT count(*) FROM job_events o JOIN jobs p ON p.id = o.job_id
         WHERE p.queue = 'rate' AND o.event = 'started' AND o.at BETWEEN e.at AND e.at + interval '1 second') AS others
       WHERE j.queue = 'rate' AND e.event = 'started'`,
    );
    expect(rows[0]!.most).toBeLessThanOrEqual(20);
    expect(rows[0]!.starts).toBeGreaterThan(20);
    const { jobs, times } = await look('rate');
    if (jobs.length === 0) expect(times[0]! - Date.now()).toBeLessThan(1_000);
  });

  test('of a key hold up nobody else, and its jobs start in their order', async () => {
    await setLimits('keys', { per_key: { rate: null, burst: 1, concurrency: 1 } });
    const slow = await fill('keys', 200, 'slow');
    const [free] = await fill('keys', 1);
    const [quick] = await fill('keys', 1, 'quick');
    const { jobs } = await look('keys');
    expect(jobs.map(({ id }) => id)).toEqual([slow[0]!.job.id, free!.job.id, quick!.job.id]);
    expect(await parked('keys')).toBe(199);
    const order = [];
    let [mine] = jobs;
    for (let count = 0; count < 5; count++) {
      expect((await look('keys')).jobs).toEqual([]);
      await complete([mine!]);
      [mine] = (await look('keys')).jobs;
      order.push(mine?.id);
    }
    expect(order).toEqual(slow.slice(1, 6).map(({ job }) => job.id));
    expect(await running('keys')).toBe(3);
  });

  test('let a job with a better priority of the same key go first, although it came after those that are put aside', async () => {
    await setLimits('priority', { per_key: { rate: null, burst: 1, concurrency: 1 } });
    await fill('priority', 5, 'k');
    const { jobs: first } = await look('priority');
    const [urgent] = await fixture.queue.enqueue([
      { type: 'task', payload: {}, queue: 'priority', limitKey: 'k', priority: 1 },
    ]);
    expect((await look('priority')).jobs).toEqual([]);
    await complete(first);
    expect((await look('priority')).jobs.map(({ id }) => id)).toEqual([urgent!.job.id]);
  });

  test('give back the place of a key when an attempt fails, is released, or is lost', async () => {
    await setLimits('ways', { per_key: { rate: null, burst: 1, concurrency: 1 } });
    await fill('ways', 4, 'k');
    const outcomes = [
      { kind: 'failed', error: { name: 'Error', message: 'no' }, permanent: true },
      { kind: 'released' },
      { kind: 'interrupted', error: { name: 'Interrupted', message: 'gone' }, evidence: 'none' },
      { kind: 'completed', result: 1 },
    ] as const;
    for (const outcome of outcomes) {
      const { jobs } = await look('ways');
      expect(jobs).toHaveLength(1);
      await fixture.settle(jobs[0]!, outcome);
    }
    expect((await look('ways')).jobs).toHaveLength(1);
  });

  test('let go of a key whose place somebody gives back while another counts it', async () => {
    await setLimits('race', { per_key: { rate: null, burst: 1, concurrency: 1 } });
    await fill('race', 200, 'k');
    const queues = [fixture.queue, other.get(QueueService)];
    let done = 0;
    const deadline = performance.now() + 20_000;
    await Promise.all(
      [...queues, ...queues].map(async (queue) => {
        while (done < 200 && performance.now() < deadline) {
          const jobs = await queue.claim('race', 5, { workerId: randomUUID() });
          expect(await running('race')).toBeLessThanOrEqual(1);
          done += jobs.length;
          await complete(jobs, queue);
        }
      }),
    );
    expect(done).toBe(200);
    // A key that was opened too late would have been looked at only by the next round of ten seconds.
    expect(await parked('race')).toBe(0);
  }, 40_000);

  test('leave put-aside jobs to those who cancel, edit and retry them', async () => {
    await setLimits('hands', { per_key: { rate: null, burst: 1, concurrency: 1 } });
    const jobs = (await fill('hands', 4, 'k')).map(({ job }) => job.id);
    const [first] = (await look('hands')).jobs;
    expect(await parked('hands')).toBe(3);
    await fixture.queue.cancel([jobs[1]!], 'test');
    await fixture.queue.edit([jobs[2]!], { queue: 'elsewhere' }, 'test');
    await complete([first!]);
    expect((await look('hands')).jobs.map(({ id }) => id)).toEqual([jobs[3]]);
    expect((await look('elsewhere')).jobs.map(({ id }) => id)).toEqual([jobs[2]]);
    await fixture.queue.retry([jobs[1]!], 'test');
    expect((await look('hands')).jobs).toEqual([]);
    expect(await fixture.tickets('hands')).toEqual([jobs[1]]);
  });

  test('are not mended away, but a ticket that no key knows of gets its place back', async () => {
    await setLimits('mended', { per_key: { rate: null, burst: 1, concurrency: 1 } });
    const jobs = (await fill('mended', 3, 'k')).map(({ job }) => job.id);
    await look('mended');
    await fixture.rows(`UPDATE pgboss.job SET created_on = created_on - interval '1 minute'`);
    await fixture.rows(
      `UPDATE jobs SET updated_at = updated_at - interval '1 minute' WHERE status = 'PENDING'`,
    );
    await fixture.get(Mender).mend();
    expect(await parked('mended')).toBe(2);
    await fixture.rows(`DELETE FROM limit_states WHERE queue = 'mended' AND key = 'k'`);
    await fixture.get(Mender).mend();
    expect(await parked('mended')).toBe(0);
    expect(await fixture.tickets('mended')).toEqual(jobs.slice(1).sort());
  });

  test('hold from the next claim on when they change, for what runs already too', async () => {
    await fill('changed', 20);
    const before = await fixture.claim(4, { queue: 'changed' });
    await setLimits('changed', { concurrency: 5 });
    expect((await look('changed')).jobs).toHaveLength(1);
    await complete(before);
    expect((await look('changed')).jobs).toHaveLength(4);
    await setLimits('changed', { concurrency: 6 });
    expect((await look('changed')).jobs).toHaveLength(1);
    await setLimits('changed', null);
    expect((await look('changed', 20)).jobs).toHaveLength(10);
  });

  test('let all keys go on when they are taken away', async () => {
    await setLimits('freed', { per_key: { rate: '1/day', burst: 1, concurrency: null } });
    await fill('freed', 5, 'k');
    expect((await look('freed')).jobs).toHaveLength(1);
    await setLimits('freed', { concurrency: 100 });
    expect((await look('freed')).jobs).toHaveLength(4);
  });

  test('say when the next job of a key may start', async () => {
    await setLimits('later', { per_key: { rate: '60/hour', burst: 1, concurrency: null } });
    await fill('later', 3, 'k');
    const { jobs, times } = await look('later');
    expect(jobs).toHaveLength(1);
    expect(times[0]! - jobs[0]!.startedAt!.getTime()).toBeGreaterThan(55_000);
    expect(times[0]! - jobs[0]!.startedAt!.getTime()).toBeLessThan(70_000);
  });

  test.each([-2, -0.7, 0, 0.3, 1.4, 4.6, 8.2, 9.7, 40])(
    'of a rate let as many start in the database as the formula says, %d intervals after the last start was due',
    async (intervals) => {
      const rate = { count: 100, periodMs: 3_600_000, burst: 10 };
      const queue = `formula${String(intervals).replace('.', '-')}`;
      await setLimits(queue, { rate: '100/hour', burst: 10 });
      await fill(queue, 15);
      // The first claim of a queue writes down that there is a rate.
      await look(queue, 1, { types: ['none'] });
      const tat = Date.now() + intervals * cell(rate).interval;
      await fixture.rows('UPDATE limit_states SET tat = to_timestamp($2 / 1000.0) WHERE queue = $1', [
        queue,
        tat,
      ]);
      const { jobs, times } = await look(queue, 15);
      const now = Date.now();
      expect(jobs).toHaveLength(allowance(rate, tat, now));
      const after = jobs.length > 0 ? advanced(rate, tat, now, jobs.length) : bounded(rate, tat, now);
      expect(Math.abs(times[0]! - nextStart(rate, after, now))).toBeLessThan(5_000);
      const [row] = await fixture.rows('SELECT tat FROM limit_states WHERE queue = $1', [queue]);
      expect(Math.abs((row!.tat as Date).getTime() - after)).toBeLessThan(5_000);
    },
  );

  test('of a rate start afresh when what is remembered of it is lost', async () => {
    await setLimits('lost', { rate: '1/day' });
    await fill('lost', 2);
    expect((await look('lost')).jobs).toHaveLength(1);
    expect((await look('lost')).jobs).toEqual([]);
    await fixture.rows(`DELETE FROM limit_states WHERE queue = 'lost'`);
    expect((await look('lost')).jobs).toHaveLength(1);
    expect((await look('lost')).jobs).toEqual([]);
  });

  test('let those behind suspects that found no place have theirs', async () => {
    await setLimits('suspects', { concurrency: 4 });
    const ids = (await fill('suspects', 6)).map(({ job }) => job.id);
    await fixture.rows('UPDATE jobs SET interruptions = 2 WHERE id = ANY($1)', [ids.slice(0, 3)]);
    const { jobs } = await look('suspects', 10, { alone: 1 });
    expect(jobs.map(({ id }) => id)).toEqual([ids[0], ...ids.slice(3)]);
    expect(await fixture.tickets('suspects')).toEqual(ids.slice(1, 3).sort());
  });

  test('leave jobs in line that the claimant cannot run, and give no more than can start at once', async () => {
    await setLimits('kinds', { concurrency: 10, per_key: { rate: null, burst: 1, concurrency: 1 } });
    await fill('kinds', 5);
    expect((await look('kinds', 10, { types: ['another'] })).jobs).toEqual([]);
    expect((await look('kinds', 10, { types: ['task'], free: 2 })).jobs).toHaveLength(2);
    const { jobs, times } = await look('kinds', 10, { free: 0 });
    expect([jobs.length, times.length]).toEqual([0, 1]);
  });

  test('pass by a job that somebody holds', async () => {
    await setLimits('held', { concurrency: 10 });
    const [first, second] = await fill('held', 2);
    const client = await fixture.database.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM jobs WHERE id = $1 FOR UPDATE', [first!.job.id]);
      expect((await look('held')).jobs.map(({ id }) => id)).toEqual([second!.job.id]);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });

  test('let builds that know no limits take nothing', async () => {
    await setLimits('old', { concurrency: 1 });
    expect(await fixture.rows(`SELECT enter_queue('old') AS "isOpen"`)).toEqual([{ isOpen: false }]);
    expect(await fixture.rows(`SELECT enter_queue('default') AS "isOpen"`)).toEqual([{ isOpen: true }]);
  });
});
