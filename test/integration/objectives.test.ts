import { JobCounts, LimitSettings, Pauses, QueueWork } from '../../src/queue/index.js';
import { Postgres } from '../../src/database/index.js';
import { type TestQueue, startQueue } from '../support/queue.js';

const DONE = { kind: 'completed', result: null } as const;
const WITHIN = new Map([['default', 10]]);

describe('how soon jobs start', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('objectives', { environment: { DEFAULT_OBJECTIVE: '95% in 10s' } });
    await fixture.enqueue();
  });
  beforeEach(() =>
    fixture.rows(`
      TRUNCATE jobs, job_events, job_rates, job_locks, queue_minutes, limit_states, pgboss.job;
      UPDATE queues SET objective = NULL, limits = NULL, paused_at = NULL, paused_until = NULL, opened_at = NULL`),
  );
  afterAll(() => fixture?.stop());

  const work = async (spans = [300]) => (await fixture.get(QueueWork).within(spans)).get('default');
  const starts = async () => (await work())?.map(({ starts: all, late }) => [all, late])[0];
  const late = async () => (await fixture.get(QueueWork).late(WITHIN)).get('default') ?? 0;
  /** Lets a job have come so long (s) ago, as a whole. */
  const age = async (id: string, seconds: number) => {
    await fixture.rows(
      `UPDATE jobs SET created_at = created_at - $2 * interval '1 s', scheduled_at = scheduled_at - $2 * interval '1 s',
                       updated_at = updated_at - $2 * interval '1 s' WHERE id = $1`,
      [id, seconds],
    );
    await fixture.rows(
      `UPDATE pgboss.job SET start_after = start_after - $2 * interval '1 s', created_on = created_on - $2 * interval '1 s'
       WHERE id = $1`,
      [id, seconds],
    );
  };
  const aged = async (seconds: number, job = {}) => {
    const { id } = await fixture.enqueue(job);
    await age(id, seconds);
    return id;
  };
  const objective = (startWithin: number) =>
    fixture.rows(`UPDATE queues SET objective = $1 WHERE name = 'default'`, [
      JSON.stringify({ startWithin, target: 0.9 }),
    ]);

  test('is counted of every first start, before it is added up and after', async () => {
    await fixture.enqueue();
    await aged(9);
    await aged(11);
    expect(await fixture.claim()).toHaveLength(3);
    expect(await starts()).toEqual([3, 1]);
    await fixture.get(JobCounts).addUp();
    expect(await starts()).toEqual([3, 1]);
    expect(await fixture.rows('SELECT FROM job_count_changes')).toHaveLength(0);
    await fixture.rows('DELETE FROM jobs');
    expect(await starts()).toEqual([3, 1]);
  });

  test('is held against the objective of the queue where it has one', async () => {
    await objective(20);
    await aged(15);
    await aged(25);
    await fixture.claim();
    expect(await starts()).toEqual([2, 1]);
    await fixture.get(JobCounts).addUp();
    await objective(1);
    expect(await starts()).toEqual([2, 1]);
  });

  test('is not counted of retries: those wait because they failed', async () => {
    const job = await fixture.started();
    await fixture.settle(job, { kind: 'snoozed', delayMs: 0 });
    await age(job.id, 60);
    expect(await late()).toBe(0);
    expect(await fixture.claim()).toHaveLength(1);
    expect(await starts()).toEqual([1, 0]);
  });

  test('counts from the release of a job that waited behind a lock or for another', async () => {
    const first = await fixture.enqueue({ lock: 'one' });
    const second = await fixture.enqueue({ lock: 'one' });
    const child = await fixture.enqueue({ dependsOn: [first.id] });
    const [holder] = await fixture.claim();
    for (const { id } of [second, child]) await age(id, 60);
    await fixture.settle(holder!, DONE);
    expect(await late()).toBe(0);
    expect(await fixture.claim()).toHaveLength(2);
    expect(await starts()).toEqual([3, 0]);
  });

  test('counts from the schedule of a job for later', async () => {
    const { id } = await fixture.enqueue({ delayMs: 20_000 });
    await age(id, 25);
    expect(await fixture.claim()).toHaveLength(1);
    expect(await starts()).toEqual([1, 0]);
  });

  test('counts from the end of a pause', async () => {
    const pauses = fixture.get(Pauses);
    await aged(60);
    await pauses.pause('default', { by: 'ann', reason: null, until: null });
    expect(await late()).toBe(0);
    await pauses.resume('default');
    expect([await late(), await fixture.claim()]).toEqual([0, [expect.anything()]]);
    expect(await starts()).toEqual([1, 0]);
    await fixture.get(JobCounts).addUp();
    expect(await starts()).toEqual([1, 0]);
    // One that ended by itself, and a job that had to wait after it as well.
    await aged(60);
    await fixture.rows(`
      UPDATE queues SET paused_at = now() - interval '1 hour', paused_until = now() - interval '12 s', opened_at = NULL`);
    expect([await late(), await fixture.claim()]).toEqual([1, [expect.anything()]]);
    expect(await starts()).toEqual([2, 1]);
  });

  test('counts jobs that wait and are late as late now, so that a queue where nothing starts is heard', async () => {
    await fixture.enqueue();
    await aged(11);
    await aged(3_600);
    expect(await late()).toBe(2);
    expect(await starts()).toBeUndefined();
  });

  test('leaves out what starts late in a queue with limits: that is what limits are for', async () => {
    await fixture.get(Postgres).transaction((session) =>
      fixture.get(LimitSettings).set(session, 'default', {
        ...{ rate: null, burst: 1, concurrency: 5, per_key: null },
      }),
    );
    await aged(60);
    await fixture.enqueue();
    expect(await fixture.claim()).toHaveLength(2);
    expect(await starts()).toEqual([1, 0]);
  });

  test('goes with how long the executions held their slots, whatever became of them', async () => {
    const [one, two, three] = await Promise.all([fixture.enqueue(), fixture.enqueue(), fixture.enqueue()]);
    const claimed = new Map((await fixture.claim()).map((job) => [job.id, job]));
    await fixture.rows(`UPDATE jobs SET started_at = started_at - interval '4 s'`);
    await fixture.settle(claimed.get(one.id)!, DONE);
    await fixture.settle(claimed.get(two.id)!, { kind: 'released' });
    const held = async () => (await work())![0]!;
    expect(await held()).toMatchObject({ ends: 2 });
    await fixture.get(JobCounts).addUp();
    await fixture.settle(claimed.get(three.id)!, {
      ...{ kind: 'failed', error: { name: 'Error', message: 'no' }, permanent: true },
    });
    const { ends, runSeconds } = await held();
    expect(ends).toBe(3);
    expect(runSeconds).toBeGreaterThanOrEqual(12);
    expect(runSeconds).toBeLessThan(60);
  });

  test('is known of jobs that leave at once as well', async () => {
    await fixture.rows(`UPDATE queues SET retention = 'none' WHERE name = 'default'`);
    const job = await fixture.started();
    await fixture.settle(job, DONE);
    expect(await work()).toEqual([{ starts: 1, late: 0, ends: 1, runSeconds: expect.any(Number) }]);
    await fixture.rows(`UPDATE queues SET retention = NULL`);
  });

  test('fades from the windows, the shortest first', async () => {
    await aged(60);
    await fixture.claim();
    await fixture.get(JobCounts).addUp();
    const lates = async () => (await work([300, 3_600, 259_200]))?.map((each) => each.late);
    expect(await lates()).toEqual([1, 1, 1]);
    await fixture.rows(`UPDATE queue_minutes SET slot = slot - interval '10 minutes'`);
    expect(await lates()).toEqual([0, 1, 1]);
    await fixture.rows(`UPDATE queue_minutes SET slot = slot - interval '2 days'`);
    expect(await lates()).toEqual([0, 0, 1]);
    await fixture.rows(`UPDATE queue_minutes SET slot = slot - interval '2 days'`);
    await fixture.get(JobCounts).forgetOldRates();
    expect(await fixture.rows('SELECT FROM queue_minutes')).toHaveLength(0);
  });
});
