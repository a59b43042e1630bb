import type { INestApplicationContext } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Postgres } from '../../src/database/index.js';
import {
  type ClaimedJob,
  LimitSettings,
  type Limits,
  Mender,
  type Outcome,
  QueueService,
} from '../../src/queue/index.js';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';
import { settleAll } from '../support/settle-all.js';

const JOBS = 600;
const KEYS = ['a', 'b', 'c', 'd'];
const LIMITS: Limits = {
  rate: null,
  burst: 1,
  concurrency: 6,
  per_key: { rate: '1000/second', burst: 50, concurrency: 2 },
};

/** The most that ran at once, of queue $1 and of key $2 unless that is null, as the ledger says. */
const MOST_AT_ONCE = `
  WITH runs AS (
    SELECT a.started_at, coalesce(a.ended_at, clock_timestamp()) AS ended_at
    FROM job_attempts a JOIN jobs j ON j.id = a.job_id
    WHERE j.queue = $1 AND ($2::text IS NULL OR j.limit_key = $2))
  SELECT max(at_once)::int AS most
  FROM (
    SELECT sum(change) OVER (ORDER BY at, change ROWS UNBOUNDED PRECEDING) AS at_once
    FROM (SELECT started_at AS at, 1 AS change FROM runs UNION ALL SELECT ended_at, -1 FROM runs) AS changes) AS sums`;

describe('limits while everything happens at once', () => {
  let fixture: TestQueue;
  let others: INestApplicationContext[];
  beforeAll(async () => {
    fixture = await startQueue('limits-under-stress');
    others = await Promise.all([1, 2].map(() => startProcess(fixture.database.url)));
  }, 60_000);
  afterAll(async () => {
    for (const other of others ?? []) await other.close();
    await fixture?.stop();
  });

  const setLimits = (limits: Limits | null) =>
    fixture.get(Postgres).transaction(async (session) => {
      const settings = fixture.get(LimitSettings);
      await settings.hold(session, 'busy');
      await settings.set(session, 'busy', limits);
    });
  const open = async () =>
    (await fixture.rows(`SELECT id, status FROM jobs WHERE status IN ('PENDING', 'PROCESSING')`)) as {
      id: string;
      status: string;
    }[];

  test('hold, hold up nobody, and lock nobody out', async () => {
    await fixture.enqueue({ queue: 'busy' });
    await setLimits(LIMITS);
    const services = [fixture.queue, ...others.map((other) => other.get(QueueService))];
    const ids: string[] = [];
    for (let job = 0; job < JOBS; job++) {
      const limitKey = KEYS[job % 5];
      const { id } = await fixture.enqueue({
        queue: 'busy',
        maxAttempts: null,
        ...(limitKey ? { limitKey } : {}),
      });
      ids.push(id);
    }
    let isOver = false;
    const errors: unknown[] = [];
    const keep = async (work: (turn: number) => Promise<unknown>) => {
      for (let turn = 0; !isOver; turn++) await work(turn).catch((error: unknown) => errors.push(error));
    };
    const outcome = (job: ClaimedJob, turn: number): Outcome => {
      const error = { name: 'Error', message: 'again' };
      if (job.attempts > 1 || turn % 4 !== 0) return { kind: 'completed', result: null };
      if (turn % 8 === 0) return { kind: 'released' };
      return turn % 12 === 0
        ? { kind: 'interrupted', error, evidence: 'none' }
        : { kind: 'snoozed', delayMs: 1 };
    };
    const workers = [...services, ...services].map((queue) =>
      keep(async (turn) => {
        const jobs = await queue.claim('busy', 4, { workerId: randomUUID(), alone: 1, types: ['task'] });
        const outcomes = jobs.map((claim, index) => ({ claim, outcome: outcome(claim, turn + index) }));
        if (jobs.length > 0) await settleAll(queue, outcomes);
      }),
    );
    const pick = (turn: number, step: number) => ids[(turn * step) % ids.length]!;
    const hands = [
      keep((turn) => services[1]!.cancel([pick(turn, 37)], 'test')),
      keep((turn) => services[2]!.retry([pick(turn, 37)], 'test')),
      keep((turn) =>
        services[0]!.edit([pick(turn, 53), pick(turn, 59)], { priority: 1 + (turn % 10) }, 'test'),
      ),
      keep(() => fixture.get(Mender).mend()),
    ];
    const lastCancels = 4 * JOBS;
    let rounds = 0;
    while (rounds++ < lastCancels) {
      const [{ count }] = (await fixture.rows(
        `SELECT count(*)::int FROM jobs WHERE status = 'COMPLETED'`,
      )) as [{ count: number }];
      if (count > JOBS / 2) break;
      if (rounds % 50 === 0) await setLimits(LIMITS);
    }
    // Those who cancel and revive would go on for ever; the line runs empty without them.
    isOver = true;
    await Promise.all([...workers, ...hands]);
    const until = performance.now() + 30_000;
    while ((await open()).length > 0 && performance.now() < until) {
      const jobs = await fixture.claim(10, { queue: 'busy' });
      await settleAll(
        fixture.queue,
        jobs.map((claim) => ({ claim, outcome: { kind: 'completed', result: null } })),
      );
    }
    expect(await open()).toEqual([]);
    expect(errors).toEqual([]);
    expect(await fixture.tickets('busy')).toEqual([]);
    const [{ deadlocks }] = (await fixture.rows(
      'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
    )) as [{ deadlocks: number }];
    expect(deadlocks).toBe(0);
    const most = async (key: string | null) => (await fixture.rows(MOST_AT_ONCE, ['busy', key]))[0]!.most;
    expect(await most(null)).toBeLessThanOrEqual(6);
    for (const key of KEYS) expect(await most(key)).toBeLessThanOrEqual(2);
  }, 120_000);
});
