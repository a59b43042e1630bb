import { setTimeout as pause } from 'node:timers/promises';
import { type Config } from './config/index.js';
import {
  isPassing,
  migratingConnection,
  refuseRejection,
  runMigrations,
  sayUnreachable,
  whenOthersAllow,
  whileMigrating,
} from './database/index.js';
import { migrateEngine } from './queue/index.js';

const TRY_AGAIN_MS = 1_000;

/**
 * Brings the database up to date: our tables and the queue engine's. Safe to call again and from several
 * places at once; the later ones wait and find nothing to do.
 * @returns the names of our migrations that ran
 * @throws UnsuitableDatabaseError when PostgreSQL is too old
 */
export async function migrateDatabase(config: Config): Promise<string[]> {
  let done: string[] = [];
  await whileMigrating(config, async () => {
    const connection = await migratingConnection(config);
    done = await runMigrations(config, connection);
    await whenOthersAllow(() => migrateEngine(connection));
  });
  return done;
}

/**
 * The same as soon as the database is there. One that is away is said once, and waited for.
 * @throws UnsuitableDatabaseError, and an error with a plain sentence when the database lets us not in
 */
export async function migrateWhenReachable(config: Config, log: (line: string) => void): Promise<void> {
  for (let hasSaidSo = false; ; hasSaidSo = true) {
    try {
      await migrateDatabase(config);
      return;
    } catch (error) {
      refuseRejection(error);
      if (!isPassing(error)) throw error;
      if (!hasSaidSo) log(`${sayUnreachable(error)} Waiting for it …`);
      await pause(TRY_AGAIN_MS);
    }
  }
}
