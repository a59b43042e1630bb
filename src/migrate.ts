import { type Config } from './config/index.js';
import { patientConnection, runMigrations, whileMigrating } from './database/index.js';
import { migrateEngine } from './queue/index.js';

/**
 * Brings the database up to date: our tables and the queue engine's. Safe to call again and from several
 * places at once; the later ones wait and find nothing to do.
 * @returns the names of our migrations that ran
 * @throws UnsuitableDatabaseError when PostgreSQL is too old
 */
export async function migrateDatabase(config: Config): Promise<string[]> {
  let done: string[] = [];
  await whileMigrating(config, async () => {
    done = await runMigrations(config);
    await migrateEngine(patientConnection(config, 'roundhouse migrate'));
  });
  return done;
}
