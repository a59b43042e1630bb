import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import { DeadLetters } from './dead-letters.js';
import { Dependencies, type EndedJob } from '../blocking/dependencies.js';
import type { Job } from '../job.entity.js';
import { Locks } from '../blocking/locks.js';
import { Placement } from '../blocking/placement.js';

/** What the end of jobs means for others, in the same transaction: for their dependents, for the next of a lock. */
@Injectable()
export class Aftermath {
  constructor(
    private readonly dependencies: Dependencies,
    private readonly placement: Placement,
    private readonly locks: Locks,
    private readonly deadLetters: DeadLetters,
  ) {}

  /** @returns the jobs that wait anew because of it; whoever is `ticketed` is owed a ticket */
  async of(session: Session, ended: readonly (EndedJob & Pick<Job, 'queue' | 'type'>)[]): Promise<Job[]> {
    const { free, cancelled } = await this.dependencies.release(session, ended);
    const { placed, unblocked } = await this.placement.place(session, free);
    const formerHolders = [...ended, ...cancelled].filter((job) => job.lock !== null).map((job) => job.id);
    const successors = await this.locks.handOn(session, formerHolders);
    const letters = await this.deadLetters.of(
      session,
      ended.filter((job) => job.status === 'FAILED'),
    );
    return [...placed, ...unblocked, ...successors, ...letters];
  }
}
