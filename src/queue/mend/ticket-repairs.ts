import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import { type Admissible, Admission } from '../line/admission.js';
import { TICKET_HORIZON_MS, Tickets } from '../line/tickets.js';
import { isUsableQueue } from '../line/engine.js';
import {
  DELETE_FOREIGN_TICKETS,
  SELECT_LOST_TICKETS,
  SELECT_WRONG_TICKETS,
  TAKE_OUT_OF_LINE,
} from './mending.sql.js';
import { type Mended, type Repair, mendedAll } from './repair.js';

/** Makes the line agree with the jobs that wait. */
@Injectable()
export class TicketRepairs {
  readonly wrong: Repair = {
    kind: 'wrong_ticket',
    mend: (session, { size }) => this.removeWrong(session, size),
  };
  readonly lost: Repair = {
    kind: 'lost_ticket',
    mend: (session, { after, size }) => this.replaceLost(session, after, size),
  };

  constructor(
    private readonly tickets: Tickets,
    private readonly admission: Admission,
  ) {}

  private async removeWrong(session: Session, size: number): Promise<Mended> {
    const { rows } = await session.query<{ queue: string; id: string }>(SELECT_WRONG_TICKETS, [size]);
    const foreign = rows.filter(({ queue }) => !isUsableQueue(queue));
    await this.tickets.remove(
      session,
      rows.filter(({ queue }) => isUsableQueue(queue)),
    );
    if (foreign.length > 0)
      await session.query(DELETE_FOREIGN_TICKETS, [
        foreign.map(({ id }) => id),
        foreign.map(({ queue }) => queue),
      ]);
    return mendedAll(rows);
  }

  private async replaceLost(session: Session, after: string, size: number): Promise<Mended> {
    const { rows } = await session.query<Admissible & { isSoon: boolean }>(SELECT_LOST_TICKETS, [
      size,
      after,
      TICKET_HORIZON_MS,
    ]);
    if (rows.length > 0) await session.query(TAKE_OUT_OF_LINE, [rows.map((job) => job.id)]);
    // The promoter lets the others in when their time is near.
    await this.admission.admit(
      session,
      rows.filter((job) => job.isSoon),
    );
    return mendedAll(rows);
  }
}
