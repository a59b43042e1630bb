import pg from 'pg';
import type { FaultKind } from '../fault-plan.js';

const OURS = `application_name LIKE 'roundhouse%' AND backend_type = 'client backend'`;

/** The connections that LISTEN, or hold the lock by which a process shows that it lives. */
const LISTENS = `(application_name LIKE '%listen%' OR query ILIKE 'LISTEN%' OR (state = 'idle' AND pid IN (
  SELECT l.pid FROM pg_locks l WHERE l.locktype = 'advisory')))`;

const STATEMENTS: Partial<Record<FaultKind, string>> = {
  'cut-one': `
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${OURS} ORDER BY md5(pid::text || $1::text) LIMIT 1`,
  'cut-all': `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${OURS} AND $1::text IS NOT NULL`,
  'cut-listeners': `
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${OURS} AND ${LISTENS} AND $1::text IS NOT NULL`,
};

/** Ends connections of the product from the server's side. Answers how many; the database may be away itself. */
export async function cutConnections(
  url: string,
  kind: FaultKind,
  target: number,
  log: (line: string) => void,
): Promise<number> {
  const statement = STATEMENTS[kind];
  if (!statement) return 0;
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 1_000,
    query_timeout: 1_000,
    application_name: 'chaos cutter',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(statement, [String(target)])).rowCount ?? 0;
  } catch (error) {
    log(`No connections can be cut: ${(error as Error).message}`);
    return 0;
  } finally {
    void client.end().catch(() => undefined);
  }
}
