import type { Pool } from 'pg';
import { eventually } from './eventually.js';

/** Resolves once so many connections listen to this database: from then on every notice is heard. */
export async function listening(pool: Pool, connections = 1): Promise<void> {
  await eventually(async () => {
    const { rowCount } = await pool.query(
      `SELECT FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'roundhouse % listen'
         AND state = 'idle' AND query ~ '^(LISTEN |SELECT 1$)'`,
    );
    return rowCount === connections;
  });
}
