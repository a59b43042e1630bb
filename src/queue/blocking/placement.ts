import { Injectable } from '@nestjs/common';
import { DatabaseClock, portions } from '../../common/index.js';
import type { Session } from '../../database/index.js';
import type { Job } from '../job.entity.js';
import { Locks } from './locks.js';
import { type Placing, inLine, jobOf, joinsLock, leavesLock, placeOf, placedRow } from './place.js';
import { PLACE_JOBS } from './waiting.sql.js';

/** Puts waiting jobs where they belong: into the line, behind a lock, behind other jobs, or aside until their time. */
@Injectable()
export class Placement {
  constructor(
    private readonly locks: Locks,
    private readonly clock: DatabaseClock,
  ) {}

  /**
   * @returns the jobs as they are now, and with them those that got a lock which one of these gave up; whoever is
   * `ticketed` is owed a ticket
   */
  async place(session: Session, placings: readonly Placing[]): Promise<{ placed: Job[]; unblocked: Job[] }> {
    if (placings.length === 0) return { placed: [], unblocked: [] };
    const places = placings.map((placing) => placeOf(placing, this.clock.now())).sort(inLine);
    const holders = await this.locks.acquire(session, places.filter(joinsLock).map(jobOf));
    const rows = places.map((place) => placedRow(place, holders, this.clock.now()));
    const placed: Job[] = [];
    // No statement takes longer than it may, however many waited for one job.
    for (const portion of portions(rows)) {
      placed.push(...(await session.query<Job>(PLACE_JOBS, [JSON.stringify(portion)])).rows);
    }
    const leavers = places.filter(leavesLock).map(({ placing }) => placing.job.id);
    return { placed, unblocked: await this.locks.handOn(session, leavers) };
  }
}
