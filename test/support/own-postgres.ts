import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { resolveConfig } from '../../src/config/index.js';
import { startEmbeddedPostgres } from '../../src/database/embedded/index.js';
import { migrateDatabase } from '../../src/migrate.js';
import { eventually } from './eventually.js';

/** A PostgreSQL of a test file's own, to be mistreated. It comes back by itself when it is killed. */
export interface OwnPostgres {
  /** A migrated database. */
  readonly url: string;
  readonly pool: pg.Pool;
  readonly folder: string;
  /** Ends the server by a signal and resolves when it is back: SIGINT is a fast stop, SIGQUIT an immediate one, SIGKILL a crash. */
  restart(signal: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

/** Durable, unlike the one of all other tests: what is acknowledged must survive a crash. */
export async function startOwnPostgres(parent = tmpdir()): Promise<OwnPostgres> {
  const home = await mkdtemp(join(parent, 'roundhouse-own-'));
  const server = await startEmbeddedPostgres({ home, log: () => undefined });
  await migrateDatabase(resolveConfig({ DATABASE_URL: server.url }));
  const pool = new pg.Pool({ connectionString: server.url, max: 4, connectionTimeoutMillis: 2_000 });
  pool.on('error', () => undefined);
  const { rows } = await pool.query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`);
  const folder = rows[0]!.folder;
  const startTime = async () =>
    (await pool.query<{ at: string }>('SELECT pg_postmaster_start_time()::text AS at')).rows[0]!.at;
  return {
    url: server.url,
    pool,
    folder,
    async restart(signal) {
      const before = await startTime();
      const [pid] = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), signal);
      await eventually(async () => (await startTime()) !== before, 60_000);
    },
    async stop() {
      await pool.end();
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
