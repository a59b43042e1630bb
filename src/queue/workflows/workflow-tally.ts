import { Injectable } from '@nestjs/common';
import { IdGenerator } from '../../common/index.js';
import type { Session } from '../../database/index.js';
import { JobStore } from '../enqueue/job-store.js';
import type { ResolvedJob } from '../enqueue/new-job.js';
import { isFinal } from '../job-status.js';
import type { Job } from '../job.entity.js';
import { lineUp } from '../line/line-up.js';
import { Tickets } from '../line/tickets.js';
import { WorkflowEnds } from './workflow-ends.js';
import { COUNT_JOBS, LOCK_WORKFLOWS, NOTE_FINISHERS } from './workflows.sql.js';

/** A job that may be of a workflow. */
export type Member = Pick<Job, 'id' | 'status' | 'workflowId' | 'workflowRef'>;

/** The job that follows the end of a workflow, decided when the workflow was submitted. */
export type Finisher = Omit<ResolvedJob, 'id'>;

/** What a workflow's counters change by. */
interface Tally {
  readonly workflow: string;
  ended: number;
  failed: number;
  cancelled: number;
}

/** A workflow that has ended. */
export interface EndedWorkflow {
  readonly id: string;
  readonly finisher: Finisher | null;
  /** False = it is known that nobody wants to hear of its end. */
  readonly isHeard: boolean;
}

/** How many of its jobs have not ended. */
type CountedWorkflow = EndedWorkflow & { readonly open: number };

/**
 * Counts the jobs of workflows that have not ended. The transaction that ends a job counts it down, as the last thing it
 * does, and that of the last job starts what follows and tells of the end: the counter's row is what two of them agree by.
 */
@Injectable()
export class WorkflowTally {
  constructor(
    private readonly store: JobStore,
    private readonly tickets: Tickets,
    private readonly ends: WorkflowEnds,
    private readonly ids: IdGenerator,
  ) {}

  /** Jobs have ended; those that are of no workflow do not matter. */
  async noteEnds(session: Session, ended: readonly Member[]): Promise<void> {
    await this.count(
      session,
      talliesOf(
        ended.filter(({ status }) => isFinal(status)),
        1,
      ),
    );
  }

  /** Jobs that had ended, as they were then, wait again. */
  async noteRevivals(session: Session, revived: readonly Member[]): Promise<void> {
    await this.count(session, talliesOf(revived, -1));
  }

  /** Starts what follows the end of workflows that have ended in this transaction, and tells whoever listens. */
  async conclude(session: Session, over: readonly EndedWorkflow[]): Promise<void> {
    if (over.length === 0) return;
    const finishers = await this.startFinishers(session, over);
    const told = await this.ends.of(session, over);
    const created = [...finishers, ...told];
    if (created.length > 0) await lineUp(session, this.tickets, { created });
  }

  private async startFinishers(session: Session, over: readonly EndedWorkflow[]): Promise<Job[]> {
    const jobs = over.flatMap(({ id, finisher }) =>
      finisher ? [{ ...finisher, id: this.ids.next(), workflow_id: id }] : [],
    );
    if (jobs.length === 0) return [];
    const created = await this.store.insert(session, jobs);
    await session.query(NOTE_FINISHERS, [jobs.map((job) => job.workflow_id), jobs.map((job) => job.id)]);
    return created;
  }

  /** In the order of their ids, as all do who count more than one. */
  private async count(session: Session, tallies: readonly Tally[]): Promise<void> {
    if (tallies.length === 0) return;
    const workflows = tallies.map(({ workflow }) => workflow);
    if (tallies.length > 1) await session.query(LOCK_WORKFLOWS, [workflows]);
    const { rows } = await session.query<CountedWorkflow>(COUNT_JOBS, [
      workflows,
      tallies.map(({ ended }) => ended),
      tallies.map(({ failed }) => failed),
      tallies.map(({ cancelled }) => cancelled),
    ]);
    await this.conclude(
      session,
      rows.filter(({ open }) => open === 0),
    );
  }
}

function talliesOf(members: readonly Member[], direction: 1 | -1): Tally[] {
  const tallies = new Map<string, Tally>();
  for (const { status, workflowId, workflowRef } of members) {
    if (workflowId === null || workflowRef === null) continue;
    const tally = tallies.get(workflowId) ?? { workflow: workflowId, ended: 0, failed: 0, cancelled: 0 };
    tallies.set(workflowId, tally);
    tally.ended += direction;
    if (status === 'FAILED') tally.failed += direction;
    if (status === 'CANCELLED') tally.cancelled += direction;
  }
  return [...tallies.values()];
}
