import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { CONFIG, type Config } from '../config/index.js';
import { ADVISORY_LOCKS, TRY_ADVISORY_LOCK } from './advisory-locks.js';
import { SERVER_PATIENCE, connectionName, divideConnections, servingConnection } from './connection.js';
import { TYPES } from './dates.js';
import { isConnectionLoss, isReadOnly } from './failures.js';
import { type PoolUsage, usageOf } from './pool-usage.js';
import { Pooler, type SessionSettings, statementsFor } from './pooler.js';
import { retryConflicts } from './retry-conflicts.js';

/** The one thing a statement needs: a pool, a transaction's connection and a TypeORM one all have it. */
export interface Session {
  // The caller says what its columns are, as pg's own types have it.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: unknown[],
  ): Promise<{ rows: Row[]; rowCount: number | null }>;
}

/** A statement whose plan each session makes once and keeps: it must be good for tables of any size. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

/** A transaction's connection, which keeps the plans of prepared statements, unless sessions are shared. */
export interface Transaction extends Session {
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  run<Row extends object = Record<string, unknown>>(
    statement: Prepared,
    values: unknown[],
  ): Promise<{ rows: Row[]; rowCount: number | null }>;
}

/**
 * The hot path finds a few rows by id. Without statistics, on a table that has just filled, the planner would
 * rather read all of it, which makes a settle of ten jobs ten times slower at 5,000 rows and hopeless beyond.
 */
const HOT_PLANS: SessionSettings = {
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_bitmapscan: 'off',
  enable_sort: 'off',
  random_page_cost: 1.1,
  jit: 'off',
  // A LIMIT or a list that only a parameter tells is thought to be long, so on a large table PostgreSQL takes the plan
  // that it has made once for the worse one and makes a new one for each call, though there is only one way to go.
  plan_cache_mode: 'force_generic_plan',
};

const HOT_SETTINGS: SessionSettings = { ...SERVER_PATIENCE, ...HOT_PLANS };

/** The commit was sent and the connection lost before its answer: it may or may not have happened. */
export class CommitUnknownError extends Error {
  constructor(cause: unknown) {
    super('The connection was lost while committing', { cause });
    this.name = 'CommitUnknownError';
  }
}

/** Our statements count on seeing what others have just committed, whatever the role's or database's default is. */
const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED';

/** Where sessions are shared, each transaction brings its settings along, in the same round trip. */
const BEGIN_EQUIPPED = `${BEGIN}; ${statementsFor(HOT_SETTINGS, 'SET LOCAL')}`;

const SWEEP_MS = 60_000;

/** A connection that is still busy after this time (ms) ends with the process. */
const LONGEST_CLOSE_MS = 3_000;

const SWEEP_SETTINGS = `
  SELECT set_config('statement_timeout', '${SWEEP_MS}', true), set_config('enable_hashjoin', 'on', true),
         set_config('enable_mergejoin', 'on', true), set_config('enable_seqscan', 'on', true),
         set_config('plan_cache_mode', 'auto', true)`;

/** The pool of the hot path: enqueue, claim, settle. */
@Injectable()
export class Postgres implements Session, OnApplicationShutdown {
  private readonly pool: pg.Pool;
  private readonly logger = new Logger(Postgres.name);
  private isAway = false;
  private closed = false;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly pooler: Pooler,
  ) {
    this.pool = new pg.Pool({
      ...servingConnection(config, connectionName(config)),
      max: divideConnections(config.database.poolMax).hot,
      types: TYPES,
      ...pooler.equipping(HOT_SETTINGS),
    });
    this.pool.on('error', (error) => this.noteLost(error));
    this.pool.on('connect', () => this.noteBack());
  }

  /** How its connections are used right now. */
  get usage(): PoolUsage {
    return usageOf(this.pool);
  }

  /** Runs one statement on its own; again when PostgreSQL made it give way to another. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  async query<Row extends object = Record<string, unknown>>(text: string, values?: unknown[]) {
    if (await this.pooler.sharesSessions()) {
      return retryConflicts(() => this.transaction((session) => session.query<Row>(text, values)));
    }
    return retryConflicts(() => this.pool.query<Row & pg.QueryResultRow>(text, values));
  }

  /**
   * Runs a prepared statement on its own; where sessions are shared it is planned each time.
   * @throws CommitUnknownError when nobody knows whether it was done
   */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  async run<Row extends object = Record<string, unknown>>(statement: Prepared, values: unknown[]) {
    if (await this.pooler.sharesSessions()) return this.query<Row>(statement.text, values);
    return retryConflicts(async () => {
      const client = await this.pool.connect();
      try {
        const result = await client.query<Row & pg.QueryResultRow>({ ...statement, values });
        client.release();
        return result;
      } catch (error) {
        client.release(isConnectionLoss(error) || isReadOnly(error));
        throw isConnectionLoss(error) ? new CommitUnknownError(error) : error;
      }
    });
  }

  /**
   * Runs the work in one transaction; a connection in doubt is dropped, never handed out again.
   * @throws CommitUnknownError when the fate of the commit is unknown
   */
  async transaction<T>(work: (session: Transaction) => Promise<T>): Promise<T> {
    const shares = await this.pooler.sharesSessions();
    const client = await this.pool.connect();
    let lost: Error | undefined;
    const onError = (error: Error) => (lost = error);
    client.on('error', onError);
    try {
      await client.query(shares ? BEGIN_EQUIPPED : BEGIN);
      const result = await work(transactionOf(client, shares));
      await commit(client);
      return result;
    } catch (error) {
      lost ??= await rollBack(client, error);
      throw error;
    } finally {
      client.off('error', onError);
      client.release(lost);
    }
  }

  /** The same for a round over a whole table: its statements may take a minute, and any plan may serve. */
  sweep<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.transaction(async (session) => {
      await session.query(SWEEP_SETTINGS);
      return work(patient(session));
    });
  }

  /** The same for one process at a time; undefined while another one is at it. */
  sweepAlone<T>(
    lock: 'mending' | 'retention',
    work: (session: Session) => Promise<T>,
  ): Promise<T | undefined> {
    return this.sweep(async (session) => {
      const { rows } = await session.query<{ isOurs: boolean }>(TRY_ADVISORY_LOCK, [ADVISORY_LOCKS[lock]]);
      return rows[0]?.isOurs ? work(session) : undefined;
    });
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await Promise.race([this.pool.end(), pause(LONGEST_CLOSE_MS, undefined, { ref: false })]);
  }

  /** All connections are lost together, and one line says it. */
  private noteLost(error: Error): void {
    if (!this.isAway) this.logger.warn(`Connections to the database were lost: ${error.message}`);
    this.isAway = true;
  }

  private noteBack(): void {
    if (this.isAway) this.logger.log('The database can be reached again');
    this.isAway = false;
  }
}

function transactionOf(client: pg.PoolClient, shares: boolean): Transaction {
  return {
    query: (text, values) => client.query(text, values),
    run: ({ name, text }, values) => client.query(shares ? { text, values } : { name, text, values }),
  };
}

/** pg takes a time of its own only in a query object. */
function patient(session: Session): Session {
  return {
    query: (text, values) =>
      session.query({ text, values, query_timeout: SWEEP_MS + 1_000 } as unknown as string),
  };
}

async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT').catch((error: unknown) => {
    throw isConnectionLoss(error) ? new CommitUnknownError(error) : error;
  });
  // PostgreSQL answers ROLLBACK, without an error, to the commit of a transaction that had failed.
  if (command !== 'COMMIT') throw new Error('The transaction had failed before its commit');
}

/** Answers with the error that makes the connection unusable, if there is one. */
async function rollBack(client: pg.PoolClient, cause: unknown): Promise<Error | undefined> {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  // A server that has become a standby stays one: the way to its successor is a new connection.
  if (error instanceof CommitUnknownError || isConnectionLoss(error) || isReadOnly(error)) return error;
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (failure) {
    return failure as Error;
  }
}
