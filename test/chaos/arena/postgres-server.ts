import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/database/embedded/index.js';

/** Every process has its pool, those that were just killed still hold theirs, and we want in, too. */
const SETTINGS = { max_connections: '250' };

/** A PostgreSQL of the run's own, as durable as in production, that comes back when it is killed. */
export class PostgresServer {
  private constructor(
    private readonly server: EmbeddedPostgres,
    private readonly dataFolder: string,
  ) {}

  static async start(home: string, log: (line: string) => void): Promise<PostgresServer> {
    const server = await startEmbeddedPostgres({ home, log, settings: SETTINGS });
    const client = new pg.Client(server.url);
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    await client.end();
    return new PostgresServer(server, rows[0]!.data_directory);
  }

  get url(): string {
    return this.server.url;
  }

  /** Kills the postmaster with -9. Answers whether there was one. */
  async kill(): Promise<boolean> {
    try {
      const file = await readFile(join(this.dataFolder, 'postmaster.pid'), 'utf8');
      return process.kill(Number.parseInt(file, 10), 'SIGKILL');
    } catch {
      return false;
    }
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}
