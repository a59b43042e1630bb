import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type pg from 'pg';
import { CONFIG, type Config } from '../config/index.js';
import { connectionName, servingConnection, sessionConnection, surviveErrors } from './connection.js';
import { keepsSessions } from './session-probe.js';
import { untilItSucceeds } from './until-it-succeeds.js';

/** What a session is told to do, as names and values of PostgreSQL's settings. */
export type SessionSettings = Readonly<Record<string, string | number>>;

const NO_DIRECT_CONNECTION =
  'There is no direct connection to PostgreSQL, so workers look for jobs every 250 ms instead of being told, and a dead worker is noticed by its silence alone';

/**
 * The connection pooler that may stand between this process and PostgreSQL. In transaction mode (PgBouncer) a session
 * is somebody else's after each transaction: nothing may be set in it for longer, LISTEN hears nothing, and locks of
 * a session are anybody's.
 */
@Injectable()
export class Pooler implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Pooler.name);
  private serving: Promise<boolean> | undefined;
  private direct: Promise<boolean> | undefined;
  private giveUp = (): void => undefined;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Says at the start what is missing, if anything is; whoever needs to know asks again. */
  onApplicationBootstrap(): void {
    this.giveUp = untilItSucceeds(() => this.warnUnlessDirect());
  }

  onApplicationShutdown(): void {
    this.giveUp();
  }

  /** Whether sessions of DATABASE_URL are shared with others. @throws when the database cannot be asked */
  async sharesSessions(): Promise<boolean> {
    this.serving ??= this.probeServing();
    return !(await this.serving);
  }

  /**
   * Whether DATABASE_DIRECT_URL, or without it DATABASE_URL, gives sessions of one's own: for LISTEN and for locks
   * that last as long as the session. @throws when the database cannot be asked
   */
  async hasDirectConnection(): Promise<boolean> {
    this.direct ??= this.probeDirect();
    return this.direct;
  }

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

  private async warnUnlessDirect(): Promise<void> {
    if (await this.hasDirectConnection()) return;
    this.logger.warn(`${NO_DIRECT_CONNECTION}: ${remedyFor(this.config)}`);
  }

  private async probeServing(): Promise<boolean> {
    try {
      return await keepsSessions(servingConnection(this.config, connectionName(this.config)));
    } catch (error) {
      this.serving = undefined;
      throw error;
    }
  }

  private async probeDirect(): Promise<boolean> {
    try {
      const { url, directUrl } = this.config.database;
      return url === directUrl
        ? !(await this.sharesSessions())
        : await keepsSessions(sessionConnection(this.config, connectionName(this.config)));
    } catch (error) {
      this.direct = undefined;
      throw error;
    }
  }
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
