import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import { Dependencies, type Dependent, type EndedJob } from '../blocking/dependencies.js';
import { Locks } from '../blocking/locks.js';
import { Placement } from '../blocking/placement.js';
import type { Job } from '../job.entity.js';

/** Whom the end of jobs lets go on, or ends with them: their dependents, and the next of their locks. */
@Injectable()
export class Successors {
  constructor(
    private readonly dependencies: Dependencies,
    private readonly placement: Placement,
    private readonly locks: Locks,
  ) {}

  /** @returns the jobs that wait anew, of which whoever is `ticketed` is owed a ticket, and those that were cancelled */
  async of(session: Session, ended: readonly EndedJob[]): Promise<{ freed: Job[]; cancelled: Dependent[] }> {
    const { free, cancelled } = await this.dependencies.release(session, ended);
    const { placed, unblocked } = await this.placement.place(session, free);
    const formerHolders = [...ended, ...cancelled].filter((job) => job.lock !== null).map((job) => job.id);
    const next = await this.locks.handOn(session, formerHolders);
    return { freed: [...placed, ...unblocked, ...next], cancelled };
  }
}
