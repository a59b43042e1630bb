import { type Config, childEnvironment, loadConfig } from '../config/index.js';
import { startEmbeddedPostgres } from '../database/embedded/index.js';

/** The database that a launcher or a command works on. */
export interface StartedDatabase {
  /** The settings, with the database's address in them. */
  readonly config: Config;
  /** It ends when this process ends. */
  readonly isEmbedded: boolean;
  /** The variables by which a child process finds the same database. */
  readonly environment: Record<string, string>;
  /** Stops the embedded PostgreSQL; a database of the user's own is left alone. */
  stop(): Promise<void>;
}

/**
 * Has a database at hand: the configured one, or the embedded PostgreSQL of the home.
 * @throws EmbeddedPostgresError when that cannot be started
 */
export async function startDatabase(config: Config, log: (line: string) => void): Promise<StartedDatabase> {
  if (config.database.source !== 'embedded') {
    return { config, isEmbedded: false, environment: {}, stop: async () => undefined };
  }
  const postgres = await startEmbeddedPostgres({ home: config.home, log });
  const { url } = postgres;
  const environment = { DATABASE_URL: url, DATABASE_DIRECT_URL: url };
  return {
    config: loadConfig(childEnvironment(environment)),
    isEmbedded: true,
    environment,
    stop: () => postgres.stop(),
  };
}
