import { Injectable } from '@nestjs/common';
import { Postgres } from '../database/index.js';
import { type UnticketedJob, giveTickets } from './promoter.js';
import { SELECT_LOST_TICKETS, SELECT_STRAY_TICKETS } from './ticket.sql.js';
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

  /** Answers how many jobs and tickets it had to mend. */
  async mend(): Promise<number> {
    return (await this.removeStrayTickets()) + (await this.replaceLostTickets());
  }

  private replaceLostTickets(): Promise<number> {
    return this.postgres.transaction(async (session) => {
      const { rows } = await session.query<UnticketedJob>(SELECT_LOST_TICKETS, [BATCH]);
      await giveTickets(session, this.tickets, rows);
      return rows.length;
    });
  }

  private async removeStrayTickets(): Promise<number> {
    const { rows } = await this.postgres.query<{ queue: string; id: string }>(SELECT_STRAY_TICKETS, [BATCH]);
    if (rows.length > 0) await this.tickets.remove(this.postgres, rows);
    return rows.length;
  }
}
