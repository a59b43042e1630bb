import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Postgres, type Session, sessionOf } from '../../database/index.js';
import { Aftermath, type Cancelled, type SettledJob } from './aftermath.js';
import { writeApart } from './apart.js';
import { Backoff } from '../backoff/backoff.js';
import type { BackoffPolicy } from '../backoff/backoff-policy.js';
import { fingerprintOf } from './fingerprint.js';
import { type EndedAttempt, JobEvents } from '../job-events.js';
import { JobTypes } from '../job-types.js';
import type { Job } from '../job.entity.js';
import { EXTEND_LEASES, LOCK_FREE_JOBS } from '../jobs.sql.js';
import { type AttemptOutcome, OutcomesHeldError } from './outcome.js';
import { Completions } from './completions.js';
import { RECORD_REFUSALS, SELECT_RECORDED_OUTCOMES, SETTLE_JOBS } from './settle.sql.js';
import { storableResult, toStorableJson } from './storable.js';
import { TICKET_HORIZON_MS } from '../line/tickets.js';
import { type Settlement as Transition, settlementFor } from './transition.js';

/** For a job whose type this build no longer knows: it still has to end or wait somehow. */
const POLICY_OF_UNKNOWN_TYPES: BackoffPolicy = {
  strategy: 'exponential',
  baseDelay: 1,
  maxDelay: 300,
  jitter: 0.1,
};

/**
 * How long (ms) outcomes wait for a row that somebody holds. Most hold theirs for a few milliseconds, and whoever has
 * a long transaction must not keep those waiting that have nothing to do with it.
 */
const PATIENCE_MS = '200';

/** One row of the settle statement. */
type Settlement = Omit<Transition, 'result'> & {
  readonly queue: string;
  readonly fingerprint: string | null;
  /** JSON text. */
  readonly result: string | null;
};

/** What became of the outcomes. */
export interface Settled {
  readonly written: readonly EndedAttempt[];
  /** Ids of jobs whose attempt had lost its claim: their outcome was refused. */
  readonly refused: readonly string[];
}

/** What was written in somebody else's transaction. */
export interface SettledWithin {
  /** Who is missing had lost its claim. */
  readonly written: readonly EndedAttempt[];
  /** Tells listeners of this process; to be called when the transaction has committed. */
  readonly tell: () => void;
}

/** What a transaction has written. */
interface Written<Row extends EndedAttempt = SettledJob> {
  readonly rows: Row[];
  /** Jobs that were cancelled because of these. */
  readonly cancelled: readonly Cancelled[];
}

/** A lease that was prolonged. */
export interface ExtendedLease {
  readonly id: string;
  readonly leaseExpiresAt: Date;
  readonly cancelRequested: boolean;
}

/** Ends attempts. */
@Injectable()
export class Settler {
  constructor(
    private readonly postgres: Postgres,
    private readonly types: JobTypes,
    private readonly backoff: Backoff,
    private readonly events: JobEvents,
    private readonly aftermath: Aftermath,
    private readonly completions: Completions,
  ) {}

  /**
   * Writes outcomes, each only over the attempt that earned it. A job that somebody wanted cancelled meanwhile ends
   * CANCELLED, whatever its outcome.
   * @throws OutcomesHeldError when somebody holds a row or a lock that some of them need
   */
  async settle(outcomes: readonly AttemptOutcome[]): Promise<Settled> {
    if (outcomes.length === 0) return { written: [], refused: [] };
    const settlements = outcomes.map((outcome) => this.settlementFor(outcome)).sort(byId);
    const limited = new Set(outcomes.filter(({ claim }) => claim.limited).map(({ claim }) => claim.id));
    const plain = await this.complete(settlements, limited);
    if (plain.length === settlements.length) return { written: plain, refused: [] };
    const others = without(settlements, plain);
    const { written, held, cause } = await writeApart(others, {
      all: (all) => this.writeAll(all),
      free: (all) => this.writeFree(all),
    });
    const refused = await this.refusedOf(without(others, held), written);
    await this.recordRefusals(refused);
    for (const { id, attempt, event } of refused) this.events.emit('refused', id, attempt, event);
    if (held.length > 0) throw new OutcomesHeldError(ofIds(outcomes, held), cause);
    return { written: [...plain, ...written], refused: refused.map(({ id }) => id) };
  }

  /**
   * The same inside the caller's transaction. What must not be told before it has committed is left to `tell`.
   */
  async settleWithin(manager: EntityManager, outcomes: readonly AttemptOutcome[]): Promise<SettledWithin> {
    const session = await sessionOf(manager);
    const settlements = outcomes.map((outcome) => this.settlementFor(outcome)).sort(byId);
    const written = await this.write(session, settlements, null);
    return { written: written.rows, tell: () => this.tellWritten(settlements, written) };
  }

  /** Prolongs the leases of an external worker's attempts by `seconds`; those not in the answer are lost. */
  async extend(claims: readonly Pick<Job, 'id' | 'attempts'>[], seconds: number): Promise<ExtendedLease[]> {
    const ids = claims.map((claim) => claim.id);
    const attempts = claims.map((claim) => claim.attempts);
    const { rows } = await this.postgres.query<ExtendedLease>(EXTEND_LEASES, [ids, attempts, seconds]);
    return rows;
  }

  private settlementFor(attempt: AttemptOutcome): Settlement {
    const { claim } = attempt;
    const policy = claim.backoff ?? this.types.find(claim.type)?.backoff ?? POLICY_OF_UNKNOWN_TYPES;
    const settlement = settlementFor(attempt, policy, (...args) => this.backoff.decide(...args));
    const fingerprint =
      settlement.status === 'FAILED' && settlement.error ? fingerprintOf(settlement.error, claim.type) : null;
    return { ...settlement, queue: claim.queue, fingerprint, result: storableResult(settlement.result) };
  }

  private async complete(
    settlements: readonly Settlement[],
    limited: ReadonlySet<string>,
  ): Promise<EndedAttempt[]> {
    const completed = settlements.filter(({ status }) => status === 'COMPLETED');
    const written = await this.completions.write(completed, limited);
    this.tellWritten(settlements, { rows: written, cancelled: [] });
    return written;
  }

  private async writeAll(settlements: readonly Settlement[]): Promise<SettledJob[]> {
    const written = await this.postgres.transaction((session) =>
      this.write(session, settlements, PATIENCE_MS),
    );
    this.tellWritten(settlements, written);
    return written.rows;
  }

  private async writeFree(settlements: readonly Settlement[]) {
    const done = await this.postgres.transaction(async (session) => {
      const { rows } = await session.query<{ id: string }>(LOCK_FREE_JOBS, [settlements.map(({ id }) => id)]);
      const ids = new Set(rows.map((row) => row.id));
      const free = settlements.filter(({ id }) => ids.has(id));
      return { free, written: free.length > 0 ? await this.write(session, free, PATIENCE_MS) : nothing() };
    });
    this.tellWritten(done.free, done.written);
    return { free: done.free, written: done.written.rows };
  }

  private async write(
    session: Session,
    settlements: readonly Settlement[],
    patienceMs: string | null,
  ): Promise<Written> {
    const json = toStorableJson(settlements);
    const { rows } = await session.query<SettledJob>(SETTLE_JOBS, [json, TICKET_HORIZON_MS, patienceMs]);
    return { rows, cancelled: await this.aftermath.follow(session, rows) };
  }

  /** What wasn't written lost its claim, unless the ledger holds this very outcome: an answer lost on the way. */
  private async refusedOf(
    settlements: readonly Settlement[],
    written: readonly EndedAttempt[],
  ): Promise<Settlement[]> {
    const done = new Set(written.map((row) => row.id));
    const missing = settlements.filter((settlement) => !done.has(settlement.id));
    if (missing.length === 0) return [];
    const { rows } = await this.postgres.query<{ id: string }>(SELECT_RECORDED_OUTCOMES, [
      missing.map((settlement) => settlement.id),
      missing.map((settlement) => settlement.attempt),
      missing.map((settlement) => settlement.event),
    ]);
    const recorded = new Set(rows.map((row) => row.id));
    return missing.filter(({ id }) => !recorded.has(id));
  }

  /** What a handler did counts as evidence; that others gave its attempt up, too late, does not. */
  private async recordRefusals(refused: readonly Settlement[]): Promise<void> {
    const results = refused.filter(({ event }) => event !== 'interrupted' && event !== 'released');
    if (results.length === 0) return;
    await this.postgres.query(RECORD_REFUSALS, [
      results.map(({ id }) => id),
      results.map(({ attempt }) => attempt),
      results.map(({ event }) => event),
    ]);
  }

  private tellWritten(settlements: readonly Settlement[], written: Written<EndedAttempt>): void {
    const rows = new Map(written.rows.map((row) => [row.id, row]));
    for (const { id, error } of settlements) {
      const row = rows.get(id);
      if (row) this.events.emit('settled', row, row.outcome, error);
    }
    if (written.cancelled.length > 0) this.events.emit('cancelled', written.cancelled);
  }
}

function nothing(): Written {
  return { rows: [], cancelled: [] };
}

function without(settlements: readonly Settlement[], left: readonly { id: string }[]): readonly Settlement[] {
  if (left.length === 0) return settlements;
  const ids = new Set(left.map(({ id }) => id));
  return settlements.filter(({ id }) => !ids.has(id));
}

function ofIds(outcomes: readonly AttemptOutcome[], wanted: readonly Settlement[]): AttemptOutcome[] {
  const ids = new Set(wanted.map(({ id }) => id));
  return outcomes.filter(({ claim }) => ids.has(claim.id));
}

/** Two that settle the same jobs lock their rows in the same order, or they would wait for each other. */
function byId(a: Settlement, b: Settlement): number {
  return a.id < b.id ? -1 : 1;
}
