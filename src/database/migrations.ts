import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import type { Config } from '../config/index.js';
import { ADVISORY_LOCKS, TRY_ADVISORY_LOCK } from './advisory-locks.js';
import { patientConnection } from './connection.js';
import { isContention } from './failures.js';
import { ormOptions } from './orm-options.js';
import { connectPatiently } from './patient-client.js';
import { statementsFor } from './pooler.js';
import { keepsSessions } from './session-probe.js';

/** Nothing ends a migration because its first transaction has waited for a long time. */
const BEGIN_LOCKING = 'BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0';
const TRY_LOCK_EVERY_MS = 100;

const OLDEST_SERVER_VERSION = 140_000;

/**
 * How long (ms) a migration waits for a table that somebody uses. Everybody who comes later waits behind it, and the
 * statements of the running service give up after 2.8 s: with one second none of them fails.
 */
const LOCK_TIMEOUT_MS = 1_000;

/** Between two tries the service runs as if nothing were the matter. Five minutes in all are enough for any transaction of ours. */
const PAUSE_MS = 1_000;
const MOST_TRIES = 150;

/** The database cannot be used as it is; the message says what to do. */
export class UnsuitableDatabaseError extends Error {
  override readonly name = 'UnsuitableDatabaseError';
  /** EX_CONFIG of sysexits.h: starting again without a change would end the same way. */
  readonly exitCode = 78;
}

/** Runs the work while no other process migrates this database; others wait for their turn. */
export async function whileMigrating(config: Config, work: () => Promise<void>): Promise<void> {
  const client = await connectPatiently(config, 'roundhouse migrate');
  try {
    await refuseOldServer(client);
    await takeLock(client);
    await work();
  } finally {
    await client.end();
  }
}

/**
 * Holds the lock until the client's transaction ends with its connection. A lock of the session would stay in the
 * session that a transaction-mode pooler hands on, and whoever waits inside a transaction keeps a pooler's connection
 * from those who work.
 */
async function takeLock(client: pg.Client): Promise<void> {
  for (;;) {
    await client.query(BEGIN_LOCKING);
    const { rows } = await client.query<{ isOurs: boolean }>(TRY_ADVISORY_LOCK, [ADVISORY_LOCKS.migration]);
    if (rows[0]?.isOurs) return;
    await client.query('ROLLBACK');
    await pause(TRY_LOCK_EVERY_MS);
  }
}

/** How whoever changes tables connects. */
export type MigratingConnection = pg.ClientConfig & {
  onConnect?: (client: pg.ClientBase) => Promise<void>;
};

/** Settings of a connection that changes tables: whoever is in its way goes first. */
export async function migratingConnection(config: Config): Promise<MigratingConnection> {
  const connection = patientConnection(config, 'roundhouse migrate');
  // Through a transaction-mode pooler, a setting of the session would be somebody else's.
  if (!(await keepsSessions(connection))) return connection;
  const onConnect = async (client: pg.ClientBase) => {
    await client.query(statementsFor({ lock_timeout: LOCK_TIMEOUT_MS }, 'SET'));
  };
  return { ...connection, onConnect };
}

/**
 * Does the work again and again while others hold what it needs.
 * @param work must leave nothing behind when it fails
 * @throws UnsuitableDatabaseError when they still do after five minutes
 */
export async function whenOthersAllow<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isContention(error)) throw error;
      if (tries === MOST_TRIES)
        throw new UnsuitableDatabaseError(
          'The tables to be migrated stayed locked for five minutes: end the transactions that pg_stat_activity shows as the oldest, and run "npm run migrate" again',
          { cause: error },
        );
      if (tries === 1)
        process.stderr.write('The tables to be migrated are in use; trying again until they are free …\n');
      await pause(PAUSE_MS);
    }
  }
}

/** Brings our own tables up to date and answers with the names of the migrations it ran. */
export async function runMigrations(config: Config, connection: MigratingConnection): Promise<string[]> {
  const source = await new DataSource({
    ...ormOptions(config.database.directUrl, 1),
    extra: connection,
    // Each try that met a lock would be told as a failure.
    logger: 'debug',
  }).initialize();
  try {
    const before = await appliedMigrations(source);
    // What a try has done before it met a lock stays done, and the next one goes on from there.
    await whenOthersAllow(() => source.runMigrations());
    return migrations.map(({ name }) => name).filter((name) => !before.has(name));
  } finally {
    await source.destroy();
  }
}

/**
 * Refuses a database that lacks a migration of this build. One that is ahead is fine: migrations only add,
 * so that an old and a new build can run side by side during a deployment.
 * @throws UnsuitableDatabaseError
 */
export async function refuseOldSchema(source: { query(sql: string): Promise<unknown> }): Promise<void> {
  const missing = await migrationsMissing(source);
  if (missing.length > 0) {
    throw new UnsuitableDatabaseError(
      `The database is not ready for this version (${missing.length} migrations missing): run "npm run migrate"`,
    );
  }
}

/** The names of the migrations of this build that the database lacks. */
export async function migrationsMissing(source: { query(sql: string): Promise<unknown> }): Promise<string[]> {
  const present = await appliedMigrations(source);
  return migrations.map((migration) => migration.name).filter((name) => !present.has(name));
}

async function appliedMigrations(source: { query(sql: string): Promise<unknown> }): Promise<Set<string>> {
  const [table] = (await source.query(`SELECT to_regclass('migrations') AS name`)) as {
    name: string | null;
  }[];
  if (!table?.name) return new Set();
  const rows = (await source.query('SELECT name FROM migrations')) as { name: string }[];
  return new Set(rows.map((row) => row.name));
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string; server_version: string }>(
    `SELECT current_setting('server_version_num') AS server_version_num, current_setting('server_version') AS server_version`,
  );
  const [server] = rows;
  if (Number(server?.server_version_num) < OLDEST_SERVER_VERSION) {
    throw new UnsuitableDatabaseError(
      `PostgreSQL ${server?.server_version} is too old: Roundhouse needs version 14 or newer`,
    );
  }
}
