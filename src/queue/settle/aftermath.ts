import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import { DeadLetters } from './dead-letters.js';
import { Dependencies, type EndedJob } from '../blocking/dependencies.js';
import type { EndedAttempt } from '../job-events.js';
import type { Job } from '../job.entity.js';
import { isFinal } from '../job-status.js';
import { type LinedUp, lineUp } from '../line/line-up.js';
import { Tickets } from '../line/tickets.js';
import { Locks } from '../blocking/locks.js';
import { Placement } from '../blocking/placement.js';
import { WorkflowTally } from '../workflows/workflow-tally.js';

/** A job whose outcome was written, with what its successors need to know. */
export interface SettledJob extends EndedAttempt {
  readonly priority: number;
  readonly interruptions: number;
  readonly ticketed: boolean;
  readonly createdAt: Date;
  readonly scheduledAt: Date;
  readonly lock: string | null;
  readonly hasDependents: boolean;
  readonly workflowId: string | null;
  readonly workflowRef: string | null;
}

/** What the end of jobs means for others, in the same transaction: for their dependents, for the next of a lock, and
 *  for the workflows they are of. */
@Injectable()
export class Aftermath {
  constructor(
    private readonly dependencies: Dependencies,
    private readonly placement: Placement,
    private readonly locks: Locks,
    private readonly deadLetters: DeadLetters,
    private readonly tickets: Tickets,
    private readonly workflows: WorkflowTally,
  ) {}

  /** Tells whom the outcomes concern that were written, and puts in line whoever may start because of them. */
  async follow(session: Session, written: readonly SettledJob[]): Promise<void> {
    const ended = written.filter((job) => isFinal(job.status) && concernsOthers(job));
    const retried = written.filter((job) => job.status === 'PENDING');
    await this.conclude(session, ended, retried);
  }

  /**
   * The same for jobs that have ended in whatever way.
   * @param retried jobs that are put in line together with those that may start now
   */
  async conclude(
    session: Session,
    ended: readonly (EndedJob & Pick<Job, 'queue' | 'type'>)[],
    retried: readonly LinedUp[] = [],
  ): Promise<void> {
    const { free, cancelled } = await this.dependencies.release(session, ended);
    const { placed, unblocked } = await this.placement.place(session, free);
    const formerHolders = [...ended, ...cancelled].filter((job) => job.lock !== null).map((job) => job.id);
    const successors = await this.locks.handOn(session, formerHolders);
    const letters = await this.deadLetters.of(
      session,
      ended.filter((job) => job.status === 'FAILED'),
    );
    const freed = [...placed, ...unblocked, ...successors, ...letters];
    await lineUp(session, this.tickets, { moved: [...retried, ...freed] });
    // Last of all: the others who end a job of the same workflow wait from here on.
    await this.workflows.noteEnds(session, [...ended, ...cancelled]);
  }
}

/** Plain jobs that complete concern nobody. */
function concernsOthers({ status, lock, hasDependents, workflowRef }: SettledJob): boolean {
  return status === 'FAILED' || lock !== null || hasDependents || workflowRef !== null;
}
