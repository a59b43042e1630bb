import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import type { Job } from '../job.entity.js';
import { MARK_TICKETED } from '../jobs.sql.js';
import { Locks, byCreation } from '../blocking/locks.js';
import type { PlacedJob } from '../blocking/place.js';
import { Placement } from '../blocking/placement.js';
import { type LinedUp, lineUp } from './line-up.js';
import { Tickets } from './tickets.js';

/** A PENDING job without a ticket whose row this transaction holds locked. */
export type Admissible = PlacedJob & LinedUp;

/** Lets waiting jobs into the line, as far as nothing is in their way. */
@Injectable()
export class Admission {
  constructor(
    private readonly tickets: Tickets,
    private readonly locks: Locks,
    private readonly placement: Placement,
  ) {}

  /** Gives a ticket to jobs that are due soon; those with a lock, which must be due, only when they get it. */
  async admit(session: Session, jobs: readonly Admissible[]): Promise<void> {
    const [waiting, free] = partition(jobs, (job) => job.openDependencies > 0);
    const locked = free.filter((job) => job.lock !== null).sort(byCreation);
    const holders = await this.locks.acquire(session, locked);
    const [mayGo, mustWait] = partition(free, (job) => job.lock === null || holders.has(job.id));
    await this.giveTickets(session, mayGo);
    await this.block(session, [...waiting, ...mustWait]);
  }

  private async giveTickets(session: Session, jobs: readonly Admissible[]): Promise<void> {
    if (jobs.length === 0) return;
    await session.query(MARK_TICKETED, [jobs.map((job) => job.id)]);
    await lineUp(session, this.tickets, { moved: jobs.map((job) => ({ ...job, ticketed: true })) });
  }

  private async block(session: Session, jobs: readonly Admissible[]): Promise<void> {
    await this.placement.place(
      session,
      jobs.map((job) => blocking(job)),
    );
  }
}

/** What a job has to wait for after all: its lock, or as many parents as it says. */
function blocking(job: Admissible) {
  const { openDependencies } = job;
  return { job, event: 'blocked', actor: null, openDependencies, isDue: true } as const;
}

function partition<T extends Pick<Job, 'id'>>(jobs: readonly T[], test: (job: T) => boolean): [T[], T[]] {
  return [jobs.filter(test), jobs.filter((job) => !test(job))];
}
