import { Injectable } from '@nestjs/common';
import { Postgres, type Session } from '../../database/index.js';
import type { Job } from '../job.entity.js';
import { MARK_TICKETED, NEXT_PROMOTION, SELECT_PROMOTABLE } from '../jobs.sql.js';
import { type LinedUp, lineUp } from './line-up.js';
import { Locks, byCreation } from '../blocking/locks.js';
import { Placement } from '../blocking/placement.js';
import { TICKET_HORIZON_MS, Tickets } from './tickets.js';

/** Jobs given a ticket in one transaction. */
const BATCH = 500;

/** A job whose row somebody else holds locked is due for promotion and stays so: it must not make us spin. */
const SHORTEST_PAUSE_MS = 250;

/**
 * Gives scheduled jobs their ticket when their time is near, or lets them join the line of their lock when it has
 * come. Any number of processes may promote at once.
 */
@Injectable()
export class Promoter {
  constructor(
    private readonly postgres: Postgres,
    private readonly tickets: Tickets,
    private readonly locks: Locks,
    private readonly placement: Placement,
  ) {}

  /** Promotes all that are due soon and answers how long (ms) until the next one is; null = none waits. */
  async promote(): Promise<number | null> {
    while ((await this.promoteBatch()) === BATCH);
    const { rows } = await this.postgres.query<{ ms: string | null }>(NEXT_PROMOTION, [TICKET_HORIZON_MS]);
    const ms = rows[0]?.ms;
    return ms === null || ms === undefined ? null : Math.max(SHORTEST_PAUSE_MS, Number(ms));
  }

  private promoteBatch(): Promise<number> {
    return this.postgres.transaction(async (session) => {
      const { rows } = await session.query<Job>(SELECT_PROMOTABLE, [TICKET_HORIZON_MS, BATCH]);
      const locked = rows.filter((job) => job.lock !== null).sort(byCreation);
      const holders = await this.locks.acquire(session, locked);
      const mayGo = rows.filter((job) => job.lock === null || holders.has(job.id));
      await giveTickets(session, this.tickets, mayGo);
      await this.block(
        session,
        locked.filter((job) => !holders.has(job.id)),
      );
      return rows.length;
    });
  }

  private async block(session: Session, jobs: readonly Job[]): Promise<void> {
    await this.placement.place(
      session,
      jobs.map((job) => ({ job, event: 'blocked', actor: null, openDependencies: 0, isDue: true })),
    );
  }
}

/** Writes the tickets of jobs whose rows this transaction holds locked. */
export async function giveTickets(
  session: Session,
  tickets: Tickets,
  jobs: readonly Omit<LinedUp, 'ticketed'>[],
): Promise<void> {
  if (jobs.length === 0) return;
  await session.query(MARK_TICKETED, [jobs.map((job) => job.id)]);
  await lineUp(session, tickets, { moved: jobs.map((job) => ({ ...job, ticketed: true })) });
}
