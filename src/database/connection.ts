import type { ClientBase, ClientConfig, PoolConfig } from 'pg';
import type { Config } from '../config/index.js';
import { TimedClient } from './timed-client.js';

/**
 * How long a connection may keep its user waiting, in milliseconds: a hung server must be noticed within
 * 5 s, and neither pg nor pg-boss has a limit of its own. Nothing else is said at the start of a session:
 * a pooler would refuse it.
 */
const PATIENCE = { connectionTimeoutMillis: 1_500, query_timeout: 3_000, keepAlive: true } as const;

/** The server gives up a little earlier than the client, so that the error says what happened. */
export const SERVER_PATIENCE = {
  statement_timeout: 2_800,
  idle_in_transaction_session_timeout: 10_000,
} as const;

/** Settings of connections that serve requests and workers: impatient. */
export function servingConnection(config: Config, name: string): PoolConfig {
  return { ...PATIENCE, ...address(config.database.url), application_name: name, Client: TimedClient };
}

/** Settings of a connection that holds a session: LISTEN. Goes past a pooler when one is configured. */
export function sessionConnection(config: Config, name: string): ClientConfig {
  return { ...PATIENCE, ...address(config.database.directUrl), application_name: name };
}

/** Settings of a connection for migrations, which may take their time. */
export function patientConnection(config: Config, name: string): ClientConfig {
  return {
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    ...address(config.database.directUrl),
    application_name: name,
  };
}

/**
 * What the server calls a connection of this process: whoever looks for the living finds it by the process's id.
 * PostgreSQL cuts names after 63 characters, which `use` must leave room for.
 */
export function connectionName({ role, processId }: Config, use?: 'app' | 'engine' | 'listen'): string {
  return ['roundhouse', role, processId, use].filter(Boolean).join(' ');
}

/**
 * A new connection can be lost in the same packet that makes it ready, before whoever asked for it can listen; an error
 * that nobody hears would end the process. What is sent over it fails all the same.
 */
export function surviveErrors(client: ClientBase): void {
  client.on('error', () => undefined);
}

/** Without a URL, pg reads libpq's variables and the pgpass file itself. */
function address(url: string | undefined): ClientConfig {
  return url ? { connectionString: url } : {};
}

/** How one process divides its connections (`DB_POOL_MAX`) among their users. */
export function divideConnections(poolMax: number): { hot: number; app: number; engine: number } {
  const engine = 2;
  const direct = 1;
  const app = Math.max(2, Math.floor(poolMax / 5));
  return { hot: poolMax - app - engine - direct, app, engine };
}
