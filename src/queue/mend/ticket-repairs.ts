import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import { type Admissible, Admission } from '../line/admission.js';
import { isUsableQueue } from '../line/engine.js';
import { TICKET_HORIZON_MS, Tickets } from '../line/tickets.js';
import {
  DELETE_FOREIGN_TICKETS,
  FIND_LOST_TICKETS,
  FIND_WRONG_TICKETS,
  LOCK_LOST_TICKETS,
  LOCK_WRONG_TICKETS,
  TAKE_OUT_OF_LINE,
} from './mending.sql.js';
import { type Mended, type SearchingRepair, type Suspect, mendedAll } from './repair.js';

/** Makes the line agree with the jobs that wait. */
@Injectable()
export class TicketRepairs {
  readonly wrong: SearchingRepair = {
    kind: 'wrong_ticket',
    find: async (session, most) => (await session.query<Suspect>(FIND_WRONG_TICKETS, [most])).rows,
    mendThese: (session, tickets) => this.remove(session, tickets),
  };
  readonly lost: SearchingRepair = {
    kind: 'lost_ticket',
    find: async (session, most) => (await session.query<Suspect>(FIND_LOST_TICKETS, [most])).rows,
    mendThese: (session, jobs) => this.replace(session, jobs),
  };

  constructor(
    private readonly tickets: Tickets,
    private readonly admission: Admission,
  ) {}

  private async remove(session: Session, tickets: readonly Suspect[]): Promise<Mended> {
    const { rows } = await session.query<Suspect>(LOCK_WRONG_TICKETS, columns(tickets));
    const foreign = rows.filter(({ queue }) => !isUsableQueue(queue));
    await this.tickets.remove(
      session,
      rows.filter(({ queue }) => isUsableQueue(queue)),
    );
    if (foreign.length > 0) await session.query(DELETE_FOREIGN_TICKETS, columns(foreign));
    return mendedAll(rows);
  }

  private async replace(session: Session, jobs: readonly Suspect[]): Promise<Mended> {
    const { rows } = await session.query<Admissible & { isSoon: boolean }>(LOCK_LOST_TICKETS, [
      jobs.map(({ id }) => id),
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

function columns(suspects: readonly Suspect[]): [string[], string[]] {
  return [suspects.map(({ id }) => id), suspects.map(({ queue }) => queue)];
}
