import type pg from 'pg';
import { type Config } from '../config/index.js';
import { type Session, connectPatiently } from '../database/index.js';
import type { Transactions } from './snapshots.js';

/** A statement that takes longer (ms) holds back the cleaning of old rows: better to end it. */
const LONGEST_STATEMENT_MS = 30_000;

/** Not as a setting of the session, which a pooler would refuse. */
const BEGIN = `BEGIN; SET LOCAL statement_timeout = ${LONGEST_STATEMENT_MS}`;

/** A single connection for a program that does one thing after the other. */
export class OneConnection implements Transactions {
  private constructor(private readonly client: pg.Client) {}

  static async open(config: Config, name: string): Promise<OneConnection> {
    return new OneConnection(
      await connectPatiently(config, name, { query_timeout: LONGEST_STATEMENT_MS + 1_000 }),
    );
  }

  /** A transaction that reads: there is nothing to keep when it fails. */
  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    await this.client.query(BEGIN);
    try {
      return await work(this.client);
    } finally {
      await this.client.query('ROLLBACK');
    }
  }

  close(): Promise<void> {
    return this.client.end();
  }
}
