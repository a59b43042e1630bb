import type { Type } from '@nestjs/common';
import { Postgres, type Transaction } from '../../src/database/index.js';
import { eventually } from './eventually.js';
import type { TestDatabase } from './database.js';

/** A process whose transactions can be stopped. */
interface Process {
  get<T>(token: Type<T>): T;
}

/** A transaction that stands still at a chosen moment. */
export interface Paused {
  /** Resolves when it has come there. */
  readonly reached: Promise<void>;
  resume(): void;
}

/** Stops the next transaction of a process that is about to send this statement, once. */
export function pauseBefore(process: Process, statement: string): Paused {
  return pauseOnce(process, async (work, stop) =>
    work((session) => ({
      ...session,
      query: async (text, values) => {
        if (text === statement) await stop();
        return session.query(text, values);
      },
    })),
  );
}

/** Stops the next transaction of a process when its work is done, once. */
export function pauseBeforeCommit(process: Process): Paused {
  return pauseOnce(process, async (work, stop) => {
    const result = await work((session) => session);
    await stop();
    return result;
  });
}

type Run = <T>(
  work: (wrap: (session: Transaction) => Transaction) => Promise<T>,
  stop: () => Promise<void>,
) => Promise<T>;

function pauseOnce(process: Process, run: Run): Paused {
  const postgres = process.get(Postgres);
  const reached = Promise.withResolvers<void>();
  const resumed = Promise.withResolvers<void>();
  let isArmed = true;
  const stop = async () => {
    if (!isArmed) return;
    isArmed = false;
    Reflect.deleteProperty(postgres, 'transaction');
    reached.resolve();
    await resumed.promise;
  };
  postgres.transaction = (work) =>
    Postgres.prototype.transaction.call(postgres, (session: Transaction) =>
      run((wrap) => work(wrap(session)), stop),
    ) as never;
  return { reached: reached.promise, resume: () => resumed.resolve() };
}

/** A transaction of the test's own that has sent one statement and keeps what that locked. */
export async function hold(database: TestDatabase, statement: string, values: unknown[] = []) {
  const client = await database.pool.connect();
  await client.query('BEGIN');
  await client.query(statement, values);
  const end = async (word: 'COMMIT' | 'ROLLBACK') => {
    await client.query(word);
    client.release();
  };
  return { commit: () => end('COMMIT'), rollback: () => end('ROLLBACK') };
}

/** Resolves when this many sessions of the database wait for a row that another one has locked. */
export async function sessionsWait(database: TestDatabase, count = 1): Promise<void> {
  await eventually(async () => (await waitingSessions(database)) >= count);
}

/** How many sessions of the database wait for others. */
async function waitingSessions(database: TestDatabase): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows[0]?.n ?? 0;
}
