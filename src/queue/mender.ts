import { Injectable } from '@nestjs/common';
import { Postgres, type Session } from '../database/index.js';
import { type UnticketedJob, giveTickets } from './promoter.js';
import { SELECT_LOST_TICKETS, SELECT_STRAY_TICKETS, TRY_MENDING_LOCK } from './ticket.sql.js';
import { Tickets } from './tickets.js';

/** Rows looked after in one pass; the next pass goes on. */
const BATCH = 1_000;

/**
 * Makes record and line agree again after a human hand or a fault: a due job without a ticket gets one, a
 * ticket without a waiting job goes. In a sound system it finds nothing.
 */
@Injectable()
export class Mender {
  constructor(
    private readonly postgres: Postgres,
    private readonly tickets: Tickets,
  ) {}

  /** Answers how many jobs and tickets it had to mend; 0 also while another process is at it. */
  mend(): Promise<number> {
    return this.postgres.sweep(async (session) => {
      const { rows } = await session.query<{ isOurs: boolean }>(TRY_MENDING_LOCK);
      if (!rows[0]?.isOurs) return 0;
      return (await this.removeStrayTickets(session)) + (await this.replaceLostTickets(session));
    });
  }

  private async removeStrayTickets(session: Session): Promise<number> {
    const { rows } = await session.query<{ queue: string; id: string }>(SELECT_STRAY_TICKETS, [BATCH]);
    if (rows.length > 0) await this.tickets.remove(session, rows);
    return rows.length;
  }

  private async replaceLostTickets(session: Session): Promise<number> {
    const { rows } = await session.query<UnticketedJob>(SELECT_LOST_TICKETS, [BATCH]);
    await giveTickets(session, this.tickets, rows);
    return rows.length;
  }
}
