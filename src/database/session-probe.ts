import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { surviveErrors } from './connection.js';

/** A transaction-mode pooler that is asked this often cannot pass for the server by luck. */
const ROUNDS = 10;

/** Processes that start together ask in step, and would take the sessions from under each other in every round. */
const LONGEST_PAUSE_MS = 5;

/** What a pooler answers to a setting in the startup message: protocol violation, or not supported. */
const REFUSALS = new Set(['08P01', '0A000']);

/** Never the case; two of them are nobody's own session. */
const NOBODY: Answer = { pid: 0, mark: null };

/** A setting that nobody else uses; the server takes any name with a dot in it. */
const MARK = '-c roundhouse.probe=on';
const WHO = `SELECT pg_backend_pid() AS pid, current_setting('roundhouse.probe', true) AS mark`;

/** The connection of one answer, as the server knows it. */
interface Answer {
  readonly pid: number;
  /** The setting that was sent at the start of the session. */
  readonly mark: string | null;
}

/**
 * Whether a session of this connection is its user's alone until it ends: what is set in it stays set, LISTEN hears
 * and a session's lock is held. False behind a pooler that hands the session to somebody else after each transaction.
 * A setting sent at the start shows PgBouncer and its like at once; they refuse or forget it. Whether they keep the
 * session all the same (session mode) shows when two connections take turns, one of them inside a transaction: in
 * transaction mode they meet in the same session, or change theirs.
 */
export async function keepsSessions(connection: pg.ClientConfig): Promise<boolean> {
  try {
    return await takeTurns({ ...connection, options: MARK });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return takeTurns(connection);
  }
}

async function takeTurns(connection: pg.ClientConfig): Promise<boolean> {
  const one = new pg.Client(connection);
  const other = new pg.Client(connection);
  try {
    for (const client of [one, other]) {
      surviveErrors(client);
      await client.connect();
    }
    return await stayApart(one, other);
  } finally {
    await Promise.all([one, other].map((client) => client.end().catch(() => undefined)));
  }
}

async function stayApart(one: pg.Client, other: pg.Client): Promise<boolean> {
  const first = await who(one);
  for (let round = 0; round < ROUNDS; round++) {
    await other.query('BEGIN');
    const between = await who(other);
    // Before the one is asked again: a pooler with a single connection would let it wait.
    if (between.pid === first.pid) return false;
    const again = await who(one);
    await other.query('ROLLBACK');
    if (again.pid !== first.pid) return false;
    // PgBouncer hands out first what it got back last: the session of the other.
    if ((await who(one)).pid !== first.pid) return false;
    // Nobody forgets a setting who passes sessions through: this is the server itself.
    if (first.mark === 'on' && between.mark === 'on' && again.mark === 'on') return true;
    await delay(Math.random() * LONGEST_PAUSE_MS);
  }
  return true;
}

async function who(client: pg.Client): Promise<Answer> {
  const { rows } = await client.query<Answer>(WHO);
  return rows[0] ?? NOBODY;
}

function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && REFUSALS.has(error.code ?? '');
}
