import pg from 'pg';
import { type Cluster, DATABASE, USER, readPassword } from './cluster.ts';

/** Connects as the superuser for a few statements. */
export async function withSession<T>(
  cluster: Cluster,
  port: number,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: USER,
    password: readPassword(cluster),
    database: 'postgres',
    // PGSSLMODE of the environment is meant for other servers.
    ssl: false,
    connectionTimeoutMillis: 5_000,
    application_name: 'roundhouse start',
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Makes our database unless it exists. */
export async function createDatabaseIfMissing(cluster: Cluster, port: number): Promise<void> {
  await withSession(cluster, port, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount !== 0) return;
    try {
      await client.query(`CREATE DATABASE ${pg.escapeIdentifier(DATABASE)}`);
    } catch (error) {
      // Another starter made it between the two statements.
      const code = (error as { code?: string }).code ?? '';
      if (!['42P04', '23505'].includes(code)) throw error;
    }
  });
}

/** The address of our database. */
export function urlOf(cluster: Cluster, port: number): string {
  return `postgresql://${USER}:${readPassword(cluster)}@127.0.0.1:${port}/${DATABASE}?sslmode=disable`;
}
