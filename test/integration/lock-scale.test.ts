import { Postgres, type Session } from '../../src/database/index.js';
import { type TestQueue, startQueue } from '../support/queue.js';

const WAITING = 100_000;
const LOCKS = 100;

/** Blocks a statement may read more for each that it read before: trees of 100,000 rows are two levels deeper. */
const DEEPER_TREES = 3;

class RollBack extends Error {}

describe('a hundred thousand jobs that wait on locks', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('lock scale');
  });
  afterAll(() => fixture?.stop());

  /** The statements of an action's transaction, which is then rolled back. */
  const statementsOf = async (action: () => Promise<unknown>): Promise<[string, unknown[] | undefined][]> => {
    const postgres = fixture.get(Postgres);
    const statements: [string, unknown[] | undefined][] = [];
    postgres.transaction = (work) =>
      Postgres.prototype.transaction.call(postgres, async (session: Session) => {
        await work({
          query: (text, values) => {
            statements.push([text, values]);
            return session.query(text, values);
          },
          run: ({ text }, values) => {
            statements.push([text, values]);
            return session.query(text, values);
          },
        });
        throw new RollBack();
      }) as never;
    postgres.run = ({ text }, values) =>
      postgres.transaction(async (session) => session.query(text, values)) as never;
    await expect(action()).rejects.toThrow(RollBack);
    Reflect.deleteProperty(postgres, 'transaction');
    Reflect.deleteProperty(postgres, 'run');
    return statements;
  };

  /** How many blocks of the database an action reads, on a connection of the hot path. */
  const blocksOf = async (action: () => Promise<unknown>): Promise<number> => {
    const statements = await statementsOf(action);
    let blocks = 0;
    const explained = fixture.get(Postgres).transaction(async (session) => {
      for (const [text, values] of statements) {
        const { rows } = await session.query<Record<string, any>>(
          `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
          values,
        );
        const plan: Record<string, number> = rows[0]!['QUERY PLAN'][0].Plan;
        blocks += plan['Shared Hit Blocks']! + plan['Shared Read Blocks']!;
      }
      throw new RollBack();
    });
    await expect(explained).rejects.toThrow(RollBack);
    expect(blocks).toBeGreaterThan(0);
    return blocks;
  };

  const letWait = () =>
    fixture.rows(
      `WITH stored AS (
         INSERT INTO jobs (id, type, queue, status, payload, lock, worker_id, attempts)
         SELECT gen_random_uuid(), 'task', 'default', (CASE WHEN n <= $2 THEN 'PROCESSING' ELSE 'BLOCKED' END)::job_status,
                '{}', 'lock ' || n % $2, CASE WHEN n <= $2 THEN gen_random_uuid() END, CASE WHEN n <= $2 THEN 1 ELSE 0 END
         FROM generate_series(1, $1::integer) AS n
         RETURNING id, lock, status)
       INSERT INTO job_locks (lock_hash, holder)
       SELECT hashtextextended(lock, 0), id FROM stored WHERE status = 'PROCESSING'`,
      [WAITING + LOCKS, LOCKS],
    );

  test('cost others nothing but deeper trees, and the end of a holder reads the first in its line alone', async () => {
    const jobs = Array.from({ length: 20 }, () => ({ type: 'task', payload: {} }));
    await fixture.queue.enqueue(jobs);
    const running = await fixture.claim(10);
    const measure = async () => ({
      claim: await blocksOf(() => fixture.claim(10)),
      settle: await blocksOf(() =>
        fixture.queue.settle(
          running.map((claim) => ({ claim, outcome: { kind: 'completed', result: null } })),
        ),
      ),
      enqueue: await blocksOf(() => fixture.queue.enqueue(jobs)),
      join: await blocksOf(() => fixture.queue.enqueue([{ type: 'task', payload: {}, lock: 'lock 1' }])),
    });
    const before = await measure();
    await letWait();
    const withoutStatistics = await measure();
    await fixture.rows('VACUUM ANALYZE jobs, job_locks');
    const after = await measure();
    for (const action of Object.keys(before) as (keyof typeof before)[]) {
      expect(withoutStatistics[action]).toBeLessThan(before[action] * DEEPER_TREES);
      expect(after[action]).toBeLessThan(before[action] * DEEPER_TREES);
    }

    const [holder] = await fixture.rows(
      `SELECT j.id, j.type, j.queue, j.attempts, j.max_attempts AS "maxAttempts", j.backoff
       FROM jobs j JOIN job_locks l ON l.holder = j.id LIMIT 1`,
    );
    const outcome = { kind: 'completed', result: null } as const;
    const blocks = await blocksOf(() => fixture.queue.settle([{ claim: holder as never, outcome }]));
    expect(blocks).toBeLessThan(500);
    await fixture.queue.settle([{ claim: holder as never, outcome }]);
    expect(await fixture.claim(100)).toHaveLength(11);
  });
});
