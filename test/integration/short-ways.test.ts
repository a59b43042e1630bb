import { jest } from '@jest/globals';
import { Postgres } from '../../src/database/index.js';
import type { NewJob } from '../../src/queue/index.js';
import { ClockSync } from '../../src/queue/line/clock-sync.js';
import { Engine } from '../../src/queue/line/engine.js';
import { type TestQueue, startQueue } from '../support/queue.js';

/** What differs from run to run: ids, and times as far as they lie a moment apart. */
const PASSING = new Set(['id', 'job_id', 'result', 'payload', 'created_by']);

/** A time that was asked for, and is no moment away from anything. */
const FAR = new Date('2090-01-01T00:00:00Z');

/** A row without what differs by chance; times as seconds after the job's creation. */
function essence(row: Record<string, unknown>, since: Date): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => !PASSING.has(name))
      .map(([name, value]) => [name, value instanceof Date ? timeSince(since, value) : value]),
  );
}

function timeSince(since: Date, time: Date): Date | number {
  if (time.getTime() === FAR.getTime()) return time;
  // Zero is zero, a moment before as well as after.
  return Math.round((time.getTime() - since.getTime()) / 10_000) + 0;
}

/**
 * Statements of our own do at once what takes several steps through the engine's public calls, which stay for whatever
 * is out of the ordinary: both must have the same effect.
 */
describe('the short way has the effect of the long one', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('short_ways', { types: [{ type: 'other' }] });
    for (const queue of ['default', 'second']) await fixture.enqueue({ queue });
  });
  beforeEach(() => fixture.database.pool.query('TRUNCATE jobs, job_events; TRUNCATE pgboss.job'));
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => fixture?.stop());

  const goTheLongWay = () => jest.spyOn(fixture.get(Engine), 'hasPlainLine').mockReturnValue(false);

  const JOBS: readonly NewJob[] = [
    { type: 'task', payload: { a: [1, null, 'ä'] } },
    {
      type: 'other',
      payload: {},
      priority: 1,
      tags: ['x', 'y "z"'],
      maxAttempts: null,
      createdBy: 'somebody',
    },
    { type: 'task', payload: {}, queue: 'second', priority: 10, delayMs: 20_000, timeoutSeconds: 7 },
    { type: 'task', payload: {}, scheduledAt: FAR },
    { type: 'task', payload: {}, backoff: { strategy: 'constant', delay: 3, jitter: 0 } },
  ];

  async function submitted() {
    const answers = await fixture.queue.enqueue(JOBS);
    const since = answers[0]!.job.createdAt;
    const ids = answers.map(({ job }) => job.id);
    const rows = async (sql: string) => (await fixture.rows(sql, [ids])).map((row) => essence(row, since));
    return {
      answers: answers.map(({ job, ...rest }) => ({
        ...rest,
        ...essence({ ...job }, since),
        payload: job.payload,
      })),
      jobs: await rows('SELECT * FROM jobs WHERE id = ANY($1) ORDER BY array_position($1, id)'),
      payloads: await fixture.rows(
        'SELECT payload FROM jobs WHERE id = ANY($1) ORDER BY array_position($1, id)',
        [ids],
      ),
      tickets: await rows('SELECT * FROM pgboss.job WHERE id = ANY($1) ORDER BY array_position($1, id)'),
    };
  }

  test('of a submission: rows, tickets and answer', async () => {
    const steps = jest.spyOn(fixture.get(Postgres), 'transaction');
    const short = await submitted();
    expect(steps).not.toHaveBeenCalled();
    const spy = goTheLongWay();
    const long = await submitted();
    expect(spy).toHaveBeenCalled();
    expect(short).toEqual(long);
    expect(short.tickets).toHaveLength(4);
  });

  test('of a claim and a completion: rows, ledger and answer', async () => {
    async function ran() {
      await fixture.queue.enqueue(JOBS);
      const claimed = await fixture.claim(3);
      const since = claimed[0]!.createdAt;
      const settled = await fixture.queue.settle(
        claimed.map((claim) => ({ claim, outcome: { kind: 'completed', result: { of: claim.type } } })),
      );
      const found = {
        claimed: claimed.map((job) => ({ ...essence({ ...job }, since), payload: job.payload })),
        written: settled.written
          .map(({ id, queue, type, status, attempts, startedAt, updatedAt, outcome }) =>
            essence({ id, queue, type, status, attempts, startedAt, updatedAt, outcome }, since),
          )
          .map((row) => JSON.stringify(row))
          .sort(),
        refused: settled.refused,
        jobs: (await fixture.rows('SELECT * FROM jobs ORDER BY id')).map((row) => ({
          ...essence(row, since),
          result: row.result,
        })),
        events: await fixture.rows(
          'SELECT attempt, event, worker_id, error FROM job_events ORDER BY job_id, id',
        ),
        tickets: await fixture.tickets(),
      };
      await fixture.database.pool.query('TRUNCATE jobs, job_events; TRUNCATE pgboss.job');
      return found;
    }
    const steps = jest.spyOn(fixture.get(Postgres), 'transaction');
    const short = await ran();
    expect(steps).not.toHaveBeenCalled();
    goTheLongWay();
    expect(short).toEqual(await ran());
    expect(short.claimed.map((job: Record<string, unknown>) => job.type)).toEqual(['other', 'task', 'task']);
    expect(short.tickets).toEqual([]);
  });
});

/** PostgreSQL would plan each of them anew on a large table, which takes longer than what they do. */
test('a claim and a completion are planned once for any number of waiting jobs', async () => {
  const fixture = await startQueue('short_ways_plans');
  try {
    // It would take a second session on a machine where this takes long.
    fixture.get(ClockSync).onApplicationShutdown();
    await fixture.queue.enqueue(Array.from({ length: 3_000 }, () => ({ type: 'task', payload: {} })));
    await fixture.database.pool.query('ANALYZE');
    for (let round = 0; round < 10; round++) {
      const claimed = await fixture.claim(10);
      await fixture.queue.settle(
        claimed.map((claim) => ({ claim, outcome: { kind: 'completed', result: null } })),
      );
    }
    // One after the other, all of them were the same session's.
    const { rows } = await fixture.get(Postgres).query<{ name: string }>(
      `SELECT name, custom_plans::integer AS anew, generic_plans::integer AS kept FROM pg_prepared_statements
       WHERE name IN ('claim_from_line', 'complete_plain_jobs') ORDER BY name`,
    );
    expect(rows).toEqual([
      { name: 'claim_from_line', anew: 0, kept: 10 },
      { name: 'complete_plain_jobs', anew: 0, kept: 10 },
    ]);
  } finally {
    await fixture.stop();
  }
});
