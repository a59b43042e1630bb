import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { CONFIG, type Config } from '../config/index.js';
import { connectionName, servingConnection, sessionConnection, surviveErrors } from './connection.js';
import { keepsSessions } from './session-probe.js';

/** What a session is told to do, as names and values of PostgreSQL's settings. */
export type SessionSettings = Readonly<Record<string, string | number>>;

/**
 * The connection pooler that may stand between this process and PostgreSQL. In transaction mode (PgBouncer) a session
 * is somebody else's after each transaction: nothing may be set in it for longer, LISTEN hears nothing, and locks of
 * a session are anybody's.
 */
@Injectable()
export class Pooler {
  /** Whether sessions of DATABASE_URL are shared with others. @throws when the database cannot be asked */
  readonly sharesSessions = askedOnce(
    async () => !(await keepsSessions(servingConnection(this.config, connectionName(this.config)))),
  );

  /**
   * Whether DATABASE_DIRECT_URL, or without it DATABASE_URL, gives sessions of one's own: for LISTEN and for locks
   * that last as long as the session. @throws when the database cannot be asked
   */
  readonly hasDirectConnection = askedOnce(async () => {
    const { url, directUrl } = this.config.database;
    if (url === directUrl) return !(await this.sharesSessions());
    return keepsSessions(sessionConnection(this.config, connectionName(this.config)));
  });

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** The option by which a pool gives each new connection its settings, unless others would find them there. */
  equipping(settings: SessionSettings): { onConnect: (client: pg.ClientBase) => Promise<void> } {
    const onConnect = async (client: pg.ClientBase) => {
      surviveErrors(client);
      if (await this.sharesSessions()) return;
      await client.query(statementsFor(settings, 'SET'));
    };
    return { onConnect };
  }

  /** Gives a transaction the settings that its session could not keep. */
  async equipTransaction(
    transaction: { query(statements: string): Promise<unknown> },
    settings: SessionSettings,
  ): Promise<void> {
    if (await this.sharesSessions()) await transaction.query(statementsFor(settings, 'SET LOCAL'));
  }
}

/** Asks one time for all who want to know; a question that could not be answered is asked again. */
function askedOnce<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
}

/** The same settings as statements of one round trip. */
export function statementsFor(settings: SessionSettings, word: 'SET' | 'SET LOCAL'): string {
  return Object.entries(settings)
    .map(([name, value]) => `${word} ${name} = ${value}`)
    .join('; ');
}

/** What an operator does about a missing direct connection. */
export function remedyFor({ database: { url, directUrl } }: Config): string {
  return url === directUrl
    ? 'DATABASE_URL goes through a pooler in transaction mode, so set DATABASE_DIRECT_URL to the address of PostgreSQL itself'
    : 'DATABASE_DIRECT_URL goes through a pooler in transaction mode too, so set it to the address of PostgreSQL itself';
}
