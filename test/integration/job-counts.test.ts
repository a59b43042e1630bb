import { JobCounts, QueueService, Retention } from '../../src/queue/index.js';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';
import { settleAll } from '../support/settle-all.js';

const DONE = { kind: 'completed', result: null } as const;
const FAILED = { kind: 'failed', error: { name: 'Error', message: 'no' }, permanent: true } as const;
const HOUR = 3_600;

describe('the number of jobs', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('job counts', { types: [{ type: 'other' }] });
  });
  beforeEach(() => fixture.rows('TRUNCATE jobs, job_events, job_rates, pgboss.job'));
  afterAll(() => fixture?.stop());

  const counts = () => fixture.get(JobCounts);
  const inOrder = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).sort();
  const told = async () => inOrder(await counts().read());
  const counted = async () =>
    inOrder(
      await fixture.rows(`
        SELECT queue, type, status, count(*)::float8 AS jobs,
               sum(CASE WHEN status = 'FAILED' THEN attempts ELSE 0 END)::float8 AS "failedAttempts"
        FROM jobs GROUP BY queue, type, status`),
    );
  const changes = async () => (await fixture.rows('SELECT FROM job_count_changes')).length;
  const rates = async () =>
    Object.fromEntries(
      (await counts().rates(HOUR)).map(({ queue, event, lastMinute, lastFiveMinutes, inAll }) => [
        `${queue} ${event}`,
        [lastMinute, lastFiveMinutes, inAll],
      ]),
    );

  /** Something of everything that changes how many jobs there are of a kind. */
  const work = async (queue: QueueService, name: string) => {
    const jobs = Array.from({ length: 12 }, (_, index) => ({
      type: index % 3 === 0 ? 'other' : 'task',
      payload: {},
      queue: name,
      ...(index === 5 ? { lock: 'l' } : {}),
    }));
    const [first] = await queue.enqueue(jobs);
    await queue.enqueue([{ type: 'task', payload: {}, queue: name, dependsOn: [first!.job.id] }]);
    await queue.enqueue([{ type: 'task', payload: {}, queue: name, delayMs: 3_600_000 }]);
    const claimed = await queue.claim(name, 10, { workerId: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55' });
    const outcomes = [DONE, FAILED, { kind: 'released' }, DONE, { kind: 'snoozed', delayMs: 0 }] as const;
    await settleAll(
      queue,
      claimed.slice(0, 8).map((claim, index) => ({ claim, outcome: outcomes[index % 5]! })),
    );
    const failed = claimed.filter((_, index) => index === 1 || index === 6).map(({ id }) => id);
    await queue.retry(failed.slice(0, 1), 'ann');
    await queue.cancel(failed.slice(0, 1), 'ann');
  };

  test('is exact after everything that changes it, added up or not', async () => {
    await work(fixture.queue, 'default');
    await work(fixture.queue, 'second');
    expect(await told()).toEqual(await counted());
    await Promise.all([counts().addUp(), counts().addUp(), counts().addUp()]);
    expect([await told(), await changes()]).toEqual([await counted(), 0]);
    await fixture.rows(
      `UPDATE jobs SET finished_at = finished_at - interval '40 days' WHERE status = 'COMPLETED'`,
    );
    expect(await fixture.get(Retention).purge(['COMPLETED'], 30)).toBeGreaterThan(0);
    await fixture.rows(`UPDATE jobs SET type = 'renamed' WHERE status = 'FAILED'`);
    await fixture.rows(`DELETE FROM jobs WHERE status = 'FAILED' AND queue = 'second'`);
    expect(await told()).toEqual(await counted());
    await counts().addUp();
    expect(await told()).toEqual(await counted());
  });

  test('is exact at any moment while processes change it and others add up', async () => {
    const other = await startProcess(fixture.database.url, { types: [{ type: 'other' }] });
    try {
      let isOver = false;
      const adding = [fixture.get(JobCounts), other.get(JobCounts)].map(async (each) => {
        while (!isOver) await each.addUp();
      });
      const looking = (async () => {
        while (!isOver) {
          const [row] = await fixture.rows(`
            SELECT (SELECT count(*) FROM jobs)::int AS real,
                   (SELECT sum(jobs) FROM (SELECT jobs FROM job_counts UNION ALL SELECT jobs FROM job_count_changes) c)::int AS told`);
          expect(row!.told ?? 0).toBe(row!.real);
        }
      })();
      await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          work(index % 2 === 0 ? fixture.queue : other.get(QueueService), `queue-${index % 4}`),
        ),
      );
      isOver = true;
      await Promise.all([...adding, looking]);
      expect(await told()).toEqual(await counted());
    } finally {
      await other.close();
    }
  });

  test('that came and ended of late stays known when the jobs are gone', async () => {
    await fixture.queue.enqueue(Array.from({ length: 4 }, () => ({ type: 'task', payload: {} })));
    const [one, two, three] = await fixture.claim(3);
    await fixture.settle(one!, DONE);
    await fixture.settle(two!, FAILED);
    await fixture.settle(three!, { kind: 'released' });
    const expected = {
      'default submitted': [4, 4, 4],
      'default completed': [1, 1, 1],
      'default failed': [1, 1, 1],
    };
    expect(await rates()).toEqual(expected);
    await counts().addUp();
    await fixture.rows('DELETE FROM jobs');
    expect(await rates()).toEqual(expected);
    await fixture.rows(`UPDATE job_rates SET slot = slot - interval '2 minutes'`);
    expect((await rates())['default submitted']).toEqual([0, 4, 4]);
    await fixture.rows(`UPDATE job_rates SET slot = slot - interval '2 days'`);
    expect(await rates()).toEqual({});
    await counts().forgetOldRates();
    expect(await fixture.rows('SELECT FROM job_rates')).toEqual([]);
  });

  test('is found again when somebody has changed jobs behind its back', async () => {
    await work(fixture.queue, 'default');
    await fixture.rows('ALTER TABLE jobs DISABLE TRIGGER USER');
    await fixture.rows(`DELETE FROM jobs WHERE status = 'PENDING'`);
    await fixture.rows('ALTER TABLE jobs ENABLE TRIGGER USER');
    expect(await told()).not.toEqual(await counted());
    await fixture.rows('SELECT recount_jobs()');
    expect(await told()).toEqual(await counted());
  });
});
