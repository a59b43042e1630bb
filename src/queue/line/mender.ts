import { Injectable } from '@nestjs/common';
import { Postgres, type Session } from '../../database/index.js';
import { Dependencies, type EndedJob } from '../blocking/dependencies.js';
import type { Job } from '../job.entity.js';
import { type LinedUp, lineUp } from './line-up.js';
import { Locks } from '../blocking/locks.js';
import { SELECT_ENDED_HOLDERS } from '../blocking/locks.sql.js';
import { Placement, unblocking } from '../blocking/placement.js';
import { giveTickets } from './promoter.js';
import { SELECT_LOST_TICKETS, SELECT_STRAY_TICKETS, TRY_MENDING_LOCK } from './ticket.sql.js';
import { Tickets } from './tickets.js';
import { SELECT_FORGOTTEN, SELECT_FORGOTTEN_DEPENDENTS } from '../blocking/waiting.sql.js';

/** Rows looked after in one pass; the next pass goes on. */
const BATCH = 1_000;

/**
 * Makes record and line agree again after a human hand or a fault: a due job without a ticket gets one, a ticket
 * without a waiting job goes, a lock whose holder has ended goes on, a blocked job with nothing in its way is let go.
 * In a sound system it finds nothing.
 */
@Injectable()
export class Mender {
  constructor(
    private readonly postgres: Postgres,
    private readonly tickets: Tickets,
    private readonly locks: Locks,
    private readonly dependencies: Dependencies,
    private readonly placement: Placement,
  ) {}

  /** Answers how many jobs and tickets it had to mend; 0 also while another process is at it. */
  mend(): Promise<number> {
    return this.postgres.sweep(async (session) => {
      const { rows } = await session.query<{ isOurs: boolean }>(TRY_MENDING_LOCK);
      if (!rows[0]?.isOurs) return 0;
      const mended = [
        await this.removeStrayTickets(session),
        await this.replaceLostTickets(session),
        await this.tellDependents(session),
        await this.handOnLocks(session),
        await this.letGoForgotten(session),
      ];
      return mended.reduce((sum, count) => sum + count, 0);
    });
  }

  private async removeStrayTickets(session: Session): Promise<number> {
    const { rows } = await session.query<{ queue: string; id: string }>(SELECT_STRAY_TICKETS, [BATCH]);
    if (rows.length > 0) await this.tickets.remove(session, rows);
    return rows.length;
  }

  private async replaceLostTickets(session: Session): Promise<number> {
    const { rows } = await session.query<Omit<LinedUp, 'ticketed'>>(SELECT_LOST_TICKETS, [BATCH]);
    await giveTickets(session, this.tickets, rows);
    return rows.length;
  }

  private async tellDependents(session: Session): Promise<number> {
    const { rows } = await session.query<Job & { failedParent: string | null }>(SELECT_FORGOTTEN_DEPENDENTS, [
      BATCH,
    ]);
    const failed = rows.flatMap(({ failedParent: id }) => (id === null ? [] : [endedBadly(id)]));
    await this.dependencies.release(session, failed);
    await this.letGo(
      session,
      rows.filter((job) => job.failedParent === null),
    );
    return rows.length;
  }

  private async handOnLocks(session: Session): Promise<number> {
    const { rows } = await session.query<{ id: string }>(SELECT_ENDED_HOLDERS, [BATCH]);
    const unblocked = await this.locks.handOn(
      session,
      rows.map((row) => row.id),
    );
    await lineUp(session, this.tickets, { moved: unblocked });
    return rows.length;
  }

  private async letGoForgotten(session: Session): Promise<number> {
    const { rows } = await session.query<Job>(SELECT_FORGOTTEN, [BATCH]);
    await this.letGo(session, rows);
    return rows.length;
  }

  private async letGo(session: Session, jobs: readonly Job[]): Promise<void> {
    const { placed, unblocked } = await this.placement.place(session, jobs.map(unblocking));
    await lineUp(session, this.tickets, { moved: [...placed, ...unblocked] });
  }
}

function endedBadly(id: string): EndedJob {
  return { id, status: 'FAILED', lock: null, hasDependents: true };
}
