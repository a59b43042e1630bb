import type pg from 'pg';
import { hasSqlState } from '../../src/database/index.js';

const DEADLOCK = '40P01';

/** Changes what running workers work on, too; when each waits for the other, PostgreSQL ends one, which tries again. */
export async function byHand(pool: pg.Pool, statements: string): Promise<void> {
  for (;;) {
    try {
      await pool.query(statements);
      return;
    } catch (error) {
      if (!hasSqlState(error, DEADLOCK)) throw error;
    }
  }
}
