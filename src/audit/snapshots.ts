import type { Session } from '../database/index.js';

/** Something that runs work in a transaction. */
export interface Transactions {
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
}

/**
 * One view of the database for several statements, so that a job that moves between two of them is not taken for one
 * that breaks a rule. The settings are for sessions whose plans are bent to the hot path.
 */
const BEGIN_SNAPSHOT = [
  'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY',
  `SELECT set_config('enable_hashjoin', 'on', true), set_config('enable_mergejoin', 'on', true),
          set_config('enable_seqscan', 'on', true), set_config('jit', 'off', true)`,
];

/** Runs the work on one snapshot of the database. It can change nothing, and lasts as long as a page takes. */
export function onSnapshot<T>(source: Transactions, work: (session: Session) => Promise<T>): Promise<T> {
  return source.transaction(async (session) => {
    for (const statement of BEGIN_SNAPSHOT) await session.query(statement);
    return work(session);
  });
}
