import { type TestQueue, startQueue, WORKER } from '../support/queue.js';

const error = { name: 'Error', message: 'no' };

describe('the ledger', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('ledger');
  });
  beforeEach(() => fixture.database.pool.query('TRUNCATE jobs, job_events; TRUNCATE pgboss.job'));
  afterAll(() => fixture?.stop());

  test('has exactly one event of every transition, at its time and of its worker', async () => {
    const job = await fixture.started({
      backoff: { strategy: 'exponential', baseDelay: 0, maxDelay: 0, jitter: 0 },
    });
    await fixture.settle(job, { kind: 'failed', error });
    const [second] = await fixture.claim();
    await fixture.settle(second!, { kind: 'completed', result: 1 });
    const row = await fixture.row(job.id);
    expect(
      await fixture.rows('SELECT event, attempt, at, worker_id, error FROM job_events ORDER BY id'),
    ).toEqual([
      { event: 'started', attempt: 1, at: job.startedAt, worker_id: WORKER, error: null },
      { event: 'failed', attempt: 1, at: expect.any(Date), worker_id: WORKER, error },
      { event: 'started', attempt: 2, at: second!.startedAt, worker_id: WORKER, error: null },
      { event: 'completed', attempt: 2, at: row.finished_at, worker_id: WORKER, error: null },
    ]);
  });

  test('has attempts = claims = started events for jobs of every fate', async () => {
    await fixture.queue.enqueue(Array.from({ length: 60 }, () => ({ type: 'task', payload: {} })));
    for (let round = 0; round < 4; round++) {
      const claimed = await fixture.claim(100);
      await fixture.queue.settle(
        claimed.map((claim, index) => ({
          claim,
          outcome: [
            { kind: 'released' } as const,
            { kind: 'interrupted', error } as const,
            { kind: 'completed', result: round } as const,
            { kind: 'failed', error } as const,
          ][(index + round) % 4]!,
        })),
      );
    }
    const faults = await fixture.rows(`
      SELECT j.id, j.attempts, e.started, e.ended
      FROM jobs j
      CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE event = 'started')::int AS started,
               count(*) FILTER (WHERE event <> 'started')::int AS ended,
               count(DISTINCT (event, attempt))::int AS different
        FROM job_events WHERE job_id = j.id) e
      WHERE j.attempts <> e.started OR j.status <> 'PROCESSING' AND e.started <> e.ended
         OR e.started + e.ended <> e.different`);
    expect(faults).toEqual([]);
    expect((await fixture.rows('SELECT sum(attempts)::int AS claims FROM jobs'))[0]!.claims).toBeGreaterThan(
      100,
    );
  });

  test('shows an operator’s change of a status as edited', async () => {
    const running = await fixture.started();
    const waiting = await fixture.enqueue();
    await fixture.rows(`UPDATE jobs SET status = 'CANCELLED'`);
    expect(await fixture.ledger(waiting.id)).toEqual(['edited 0']);
    expect(await fixture.ledger(running.id)).toEqual(['started 1', 'edited 1']);
    expect(await fixture.rows('SELECT attempt, outcome FROM job_attempts')).toEqual([
      { attempt: 1, outcome: 'edited' },
    ]);
    expect(await fixture.settle(running, { kind: 'completed', result: 1 })).toMatchObject({
      refused: [running.id],
    });
  });

  test('is not written for changes that are no event', async () => {
    const { id } = await fixture.enqueue();
    await fixture.rows(`UPDATE jobs SET priority = 1, tags = '{urgent}'`);
    expect(await fixture.ledger(id)).toEqual([]);
  });

  test('writes a large batch in time that grows with it and not with its square', async () => {
    const client = await fixture.database.pool.connect();
    const timeOf = async (jobs: number): Promise<number> => {
      await fixture.queue.enqueue(Array.from({ length: jobs }, () => ({ type: 'task', payload: {} })));
      const ids = (await fixture.claim(jobs)).map((job) => job.id);
      expect(ids).toHaveLength(jobs);
      const { rows } = await client.query(
        `EXPLAIN (ANALYZE, FORMAT JSON) UPDATE jobs SET updated_at = now(), last_event = 'tried' WHERE id = ANY($1)`,
        [ids],
      );
      return rows[0]['QUERY PLAN'][0].Triggers.find(
        (trigger: Record<string, string>) => trigger['Trigger Name'] === 'record_job_events',
      ).Time;
    };
    // The plan is made for the first batch a session sees, and the sessions of the hot path join by loops alone.
    await client.query('SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off');
    await timeOf(1);
    const small = await timeOf(100);
    const large = await timeOf(2_000);
    client.release(true);
    expect(large).toBeLessThan(Math.max(small, 1) * 20 * 5);
  });
});
