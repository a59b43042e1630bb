import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/database/embedded/index.js';
import { parentOf } from './usage.js';

/** A PostgreSQL of the benchmark's own, at full durability. */
export interface BenchServer {
  readonly url: string;
  /** Whose children are its sessions. */
  readonly pid: number;
  /** An empty database; the one before is thrown away. */
  freshDatabase(): Promise<string>;
}

/** Does the work with a server that is there for it alone. */
export async function withServer(work: (server: BenchServer) => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'roundhouse-bench-'));
  const server = await startEmbeddedPostgres({ home, log: () => undefined });
  try {
    const pid = await postmasterOf(server.url);
    await work({ url: server.url, pid, freshDatabase: () => freshDatabase(server.url) });
  } finally {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  }
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function freshDatabase(url: string): Promise<string> {
  await withClient(url, async (client) => {
    await client.query('DROP DATABASE IF EXISTS bench WITH (FORCE)');
    await client.query('CREATE DATABASE bench');
    // What one has left to be written is not the next one's burden.
    await client.query('CHECKPOINT');
  });
  return Object.assign(new URL(url), { pathname: '/bench' }).href;
}

function postmasterOf(url: string): Promise<number> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return parentOf(rows[0]?.pid ?? NaN);
  });
}
