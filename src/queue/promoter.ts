import { Injectable } from '@nestjs/common';
import { Postgres, type Session } from '../database/index.js';
import type { Job } from './job.entity.js';
import { MARK_TICKETED, NEXT_UNTICKETED, SELECT_PROMOTABLE } from './jobs.sql.js';
import { TICKET_HORIZON_MS, Tickets, type Waiting } from './tickets.js';
import { announce } from './wakeups.js';

/** Jobs given a ticket in one transaction. */
const BATCH = 500;

/** A job whose row somebody else holds locked is due for promotion and stays so: it must not make us spin. */
const SHORTEST_PAUSE_MS = 250;

/** A waiting job that is to get a ticket. */
export type UnticketedJob = Waiting & Pick<Job, 'updatedAt'>;

/** Gives scheduled jobs their ticket when their time is near. Any number of processes may promote at once. */
@Injectable()
export class Promoter {
  constructor(
    private readonly postgres: Postgres,
    private readonly tickets: Tickets,
  ) {}

  /** Promotes all that are due soon and answers how long (ms) until the next one is; null = none waits. */
  async promote(): Promise<number | null> {
    while ((await this.promoteBatch()) === BATCH);
    const { rows } = await this.postgres.query<{ ms: string | null }>(NEXT_UNTICKETED);
    const ms = rows[0]?.ms;
    return ms === null || ms === undefined
      ? null
      : Math.max(SHORTEST_PAUSE_MS, Number(ms) - TICKET_HORIZON_MS);
  }

  private promoteBatch(): Promise<number> {
    return this.postgres.transaction(async (session) => {
      const { rows } = await session.query<UnticketedJob>(SELECT_PROMOTABLE, [TICKET_HORIZON_MS, BATCH]);
      await giveTickets(session, this.tickets, rows);
      return rows.length;
    });
  }
}

/** Writes the tickets of jobs whose rows this transaction holds locked. */
export async function giveTickets(
  session: Session,
  tickets: Tickets,
  jobs: readonly UnticketedJob[],
): Promise<void> {
  if (jobs.length === 0) return;
  await tickets.replace(session, jobs);
  await session.query(MARK_TICKETED, [jobs.map((job) => job.id)]);
  await announce(
    session,
    jobs.map((job) => ({ ...job, ticketed: true })),
  );
}
