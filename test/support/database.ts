import { randomBytes } from 'node:crypto';
import pg from 'pg';

const TEMPLATE = 'roundhouse_template';

/** A migrated database of a test file's own. */
export interface TestDatabase {
  readonly url: string;
  /** A pool to look at it from outside the product. */
  readonly pool: pg.Pool;
  drop(): Promise<void>;
}

/** Makes a copy of the migrated template, named after the test. */
export async function createTestDatabase(test: string): Promise<TestDatabase> {
  const server = process.env.TEST_POSTGRES_URL;
  if (!server) throw new Error('Jest was started without its global setup');
  const name =
    `test_${test.toLowerCase().replace(/[^a-z0-9]+/g, '_')}_${randomBytes(3).toString('hex')}`.slice(0, 60);
  await onServer(server, (client) => copyTemplate(client, name));
  const url = new URL(server);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 4 });
  pool.on('error', () => undefined);
  return {
    url: url.href,
    pool,
    drop: async () => {
      await pool.end();
      await onServer(server, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

async function copyTemplate(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query<{ v: number }>(
    `SELECT current_setting('server_version_num')::int AS v`,
  );
  // Copying files is twice as fast; PostgreSQL 14 knows no other way and no word for it.
  const strategy = (rows[0]?.v ?? 0) >= 150_000 ? 'STRATEGY file_copy' : '';
  await client.query(`SELECT pg_advisory_lock(1)`);
  await client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} ${strategy}`);
}

async function onServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
