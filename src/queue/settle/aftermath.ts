import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import { Capacity } from '../limits/capacity.js';
import { DeadLetters } from './dead-letters.js';
import { JobEnds } from './job-ends.js';
import type { EndedJob } from '../blocking/dependencies.js';
import type { EndedAttempt } from '../job-events.js';
import type { Job } from '../job.entity.js';
import { isFinal } from '../job-status.js';
import { type LinedUp, lineUp } from '../line/line-up.js';
import { Tickets } from '../line/tickets.js';
import { Successors } from './successors.js';
import { WorkflowTally } from '../workflows/workflow-tally.js';

/** A job whose outcome was written, with what its successors need to know. */
export interface SettledJob extends EndedAttempt {
  readonly priority: number;
  readonly interruptions: number;
  readonly ticketed: boolean;
  readonly limited: boolean;
  readonly limitKey: string | null;
  readonly createdAt: Date;
  readonly scheduledAt: Date;
  readonly lock: string | null;
  readonly hasDependents: boolean;
  readonly workflowId: string | null;
  readonly workflowRef: string | null;
  /** Whether a callback or an endpoint may want to hear of its end. */
  readonly isHeard: boolean;
}

/** A job that was cancelled because of another. */
export type Cancelled = Pick<Job, 'id' | 'type'>;

/** A job that has ended, in whatever way; without `isHeard`, nobody knows yet. */
type AnyEnded = EndedJob & Pick<Job, 'queue' | 'type'> & Partial<Pick<SettledJob, 'isHeard'>>;

/**
 * What the end of jobs means for others, in the same transaction: for their successors, for whoever waits for room, for
 * whoever wants to hear of it, and for the workflows they are of.
 */
@Injectable()
export class Aftermath {
  constructor(
    private readonly successors: Successors,
    private readonly deadLetters: DeadLetters,
    private readonly tickets: Tickets,
    private readonly capacity: Capacity,
    private readonly ends: JobEnds,
    private readonly workflows: WorkflowTally,
  ) {}

  /**
   * Tells whom the outcomes concern that were written, and puts in line whoever may start because of them.
   * @returns the jobs that were cancelled because of them
   */
  async follow(session: Session, written: readonly SettledJob[]): Promise<readonly Cancelled[]> {
    const ended = written.filter((job) => isFinal(job.status) && concernsOthers(job));
    const retried = written.filter((job) => job.status === 'PENDING');
    const { all, cancelled } = await this.tell(session, ended, retried);
    await this.capacity.giveBack(session, written);
    // Last of all: the others who end a job of the same workflow wait from here on.
    await this.workflows.noteEnds(session, all);
    return cancelled;
  }

  /** The same for jobs that have ended in another way. */
  async conclude(session: Session, ended: readonly AnyEnded[]): Promise<readonly Cancelled[]> {
    const { all, cancelled } = await this.tell(session, ended, []);
    await this.workflows.noteEnds(session, all);
    return cancelled;
  }

  /** @returns all that have ended, and of them those that were cancelled because of the others */
  private async tell(session: Session, ended: readonly AnyEnded[], retried: readonly LinedUp[]) {
    const { freed, cancelled } = await this.successors.of(session, ended);
    const letters = await this.deadLetters.of(
      session,
      ended.filter((job) => job.status === 'FAILED'),
    );
    const all = [...ended, ...cancelled];
    const told = await this.ends.of(session, all);
    await lineUp(session, this.tickets, { moved: [...retried, ...freed, ...letters, ...told] });
    return { all, cancelled };
  }
}

/** Plain jobs that complete concern nobody. */
function concernsOthers({ status, lock, hasDependents, isHeard, workflowRef }: SettledJob): boolean {
  return status === 'FAILED' || lock !== null || hasDependents || isHeard || workflowRef !== null;
}
