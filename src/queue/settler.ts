import { Injectable } from '@nestjs/common';
import { Postgres } from '../database/index.js';
import { Backoff } from './backoff/backoff.js';
import type { BackoffPolicy } from './backoff/backoff-policy.js';
import { JobEvents, type SettledJob } from './job-events.js';
import { JobTypes } from './job-types.js';
import { SELECT_RECORDED_OUTCOMES, SETTLE_JOBS } from './jobs.sql.js';
import type { AttemptOutcome } from './outcome.js';
import { storableResult, toStorableJson } from './storable.js';
import { TICKET_HORIZON_MS, Tickets } from './tickets.js';
import { type Settlement, settlementFor } from './transition.js';
import { announce } from './wakeups.js';

/** For a job whose type this build no longer knows: it still has to end or wait somehow. */
const POLICY_OF_UNKNOWN_TYPES: BackoffPolicy = {
  strategy: 'exponential',
  baseDelay: 1,
  maxDelay: 300,
  jitter: 0.1,
};

/** What became of the outcomes. */
export interface Settled {
  readonly written: readonly SettledJob[];
  /** Ids of jobs whose attempt had lost its claim: their outcome was refused. */
  readonly refused: readonly string[];
}

/** Ends attempts. */
@Injectable()
export class Settler {
  constructor(
    private readonly postgres: Postgres,
    private readonly tickets: Tickets,
    private readonly types: JobTypes,
    private readonly backoff: Backoff,
    private readonly events: JobEvents,
  ) {}

  async settle(outcomes: readonly AttemptOutcome[]): Promise<Settled> {
    if (outcomes.length === 0) return { written: [], refused: [] };
    const settlements = outcomes.map((outcome) => this.settlementFor(outcome)).sort(byId);
    const written = await this.write(settlements);
    this.tellWritten(settlements, written);
    const refused = await this.refusedOf(settlements, written);
    this.tellRefused(settlements, new Set(refused));
    return { written, refused };
  }

  private settlementFor(attempt: AttemptOutcome): Settlement {
    const { claim } = attempt;
    const policy = claim.backoff ?? this.types.find(claim.type)?.backoff ?? POLICY_OF_UNKNOWN_TYPES;
    const settlement = settlementFor(attempt, policy, (...args) => this.backoff.decide(...args));
    return { ...settlement, result: storableResult(settlement.result) };
  }

  private write(settlements: readonly Settlement[]): Promise<SettledJob[]> {
    const json = toStorableJson(settlements);
    return this.postgres.transaction(async (session) => {
      const { rows } = await session.query<SettledJob>(SETTLE_JOBS, [json, TICKET_HORIZON_MS]);
      const waiting = rows.filter((row) => row.status === 'PENDING');
      await this.tickets.replace(
        session,
        waiting.filter((row) => row.ticketed),
      );
      await announce(session, waiting);
      return rows;
    });
  }

  /** What wasn't written lost its claim, unless the ledger holds this very outcome: an answer lost on the way. */
  private async refusedOf(
    settlements: readonly Settlement[],
    written: readonly SettledJob[],
  ): Promise<string[]> {
    const done = new Set(written.map((row) => row.id));
    const missing = settlements.filter((settlement) => !done.has(settlement.id));
    if (missing.length === 0) return [];
    const { rows } = await this.postgres.query<{ id: string }>(SELECT_RECORDED_OUTCOMES, [
      missing.map((settlement) => settlement.id),
      missing.map((settlement) => settlement.attempt),
      missing.map((settlement) => settlement.event),
    ]);
    const recorded = new Set(rows.map((row) => row.id));
    return missing.map((settlement) => settlement.id).filter((id) => !recorded.has(id));
  }

  private tellWritten(settlements: readonly Settlement[], written: readonly SettledJob[]): void {
    const rows = new Map(written.map((row) => [row.id, row]));
    for (const { id, event, error } of settlements) {
      const row = rows.get(id);
      if (row) this.events.emit('settled', row, event, error);
    }
  }

  private tellRefused(settlements: readonly Settlement[], refused: ReadonlySet<string>): void {
    for (const { id, attempt, event } of settlements) {
      if (refused.has(id)) this.events.emit('refused', id, attempt, event);
    }
  }
}

/** Two that settle the same jobs lock their rows in the same order, or they would wait for each other. */
function byId(a: Settlement, b: Settlement): number {
  return a.id < b.id ? -1 : 1;
}
