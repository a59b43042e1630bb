import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { resolveConfig } from '../../../src/config/index.js';
import { migrateDatabase } from '../../../src/migrate.js';
import { now } from '../clock.js';
import type { Options } from '../options.js';
import { ChildrenWatch } from './children-watch.js';
import { DatabaseWatch } from './database-watch.js';
import { PostgresServer } from './postgres-server.js';
import { type Life, ProcessSlot } from './process-slot.js';

/** How every process of the product is set; the rest is as users have it. */
const ENVIRONMENT = {
  PORT: '0',
  WORKER_METRICS_PORT: '0',
  DB_POOL_MAX: '10',
  LOG_LEVEL: 'warn',
  // Nobody answers there: the periodic joke fails at once, which concerns nobody.
  API_BASE_URL: 'http://127.0.0.1:9',
  MAX_RETRIES: '1',
};

const LONGEST_START_MS = 180_000;

/** The product under test: a database, API and worker processes, and what watches over them. */
export class Arena {
  private constructor(
    readonly folder: string,
    readonly server: PostgresServer,
    readonly watch: DatabaseWatch,
    readonly children: ChildrenWatch,
    readonly workers: readonly ProcessSlot[],
    readonly apis: readonly ProcessSlot[],
  ) {}

  static async open(folder: string, options: Options, log: (line: string) => void): Promise<Arena> {
    const records = join(folder, 'records');
    await mkdir(records, { recursive: true });
    const server = await PostgresServer.start(folder, log);
    await migrateDatabase(resolveConfig({ DATABASE_URL: server.url }));
    await query(server.url, 'CREATE TABLE chaos_effects (job_id uuid NOT NULL, attempt integer NOT NULL)');
    const slots = (role: 'worker' | 'api', count: number) =>
      Array.from({ length: count }, (_, index) => {
        const name = `${role}-${index + 1}`;
        const environment = {
          ...ENVIRONMENT,
          STALLED_WORKER_TIMEOUT: String(options.silence),
          ROLE: role,
          DATABASE_URL: server.url,
          CHAOS_RECORDS: records,
        };
        return new ProcessSlot({ name, environment, logFile: join(folder, `${name}.log`) });
      });
    const arena: Arena = new Arena(
      folder,
      server,
      new DatabaseWatch(server.url),
      new ChildrenWatch(records, (pid) => arena.lives().some((life) => life.pid === pid)),
      slots('worker', options.workers),
      slots('api', options.apis),
    );
    arena.watch.start();
    arena.children.start();
    for (const slot of arena.slots()) slot.start();
    await arena.untilReady();
    return arena;
  }

  /** Addresses of the APIs that are ready. */
  addresses(): string[] {
    return this.apis.flatMap(({ address }) => address ?? []);
  }

  private async untilReady(): Promise<void> {
    const deadline = now() + LONGEST_START_MS;
    while (this.slots().some(({ address }) => address === undefined)) {
      if (now() > deadline) throw new Error(`The processes did not become ready: see ${this.folder}`);
      await pause(50);
    }
  }

  lives(): Life[] {
    return this.slots().flatMap(({ lives }) => lives);
  }

  slots(): ProcessSlot[] {
    return [...this.apis, ...this.workers];
  }

  /** Stops the processes in good order; the database goes on. */
  async stopProcesses(): Promise<void> {
    await Promise.all(this.slots().map((slot) => slot.stop()));
  }

  async close(): Promise<void> {
    await this.stopProcesses();
    await this.watch.stop();
    await this.children.stop();
    await this.server.stop();
  }
}

/** Runs one statement on a connection of its own. */
export async function query<Row extends object>(
  url: string,
  text: string,
  values?: unknown[],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'chaos' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
