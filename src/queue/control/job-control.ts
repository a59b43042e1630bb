import { Injectable } from '@nestjs/common';
import { Postgres, type Session, inPortions, retryConflicts } from '../../database/index.js';
import { Aftermath, type Cancelled } from '../settle/aftermath.js';
import { CANCEL_WAITING, DELETE_ENDED, REQUEST_CANCEL, SELECT_TICKETED } from './control.sql.js';
import { Engine } from '../line/engine.js';
import { JobEvents } from '../job-events.js';
import type { Job } from '../job.entity.js';
import { LOCK_JOBS } from '../jobs.sql.js';
import { lineUp } from '../line/line-up.js';
import { type Managed, type Witness, inOrder, isWaiting, objections, refused } from './managed.js';
import { type JobChanges, NOW, type Placing } from '../blocking/place.js';
import { Placement } from '../blocking/placement.js';
import { Tickets } from '../line/tickets.js';
import { announceCancels } from '../line/wakeups.js';

/**
 * Intervenes in the life of jobs. Every wish is done or refused for each job on its own; all that are done are done in
 * one transaction. Ticket before job, as a claim takes them; the other way round the two would wait for each other.
 */
@Injectable()
export class JobControl {
  constructor(
    private readonly postgres: Postgres,
    private readonly engine: Engine,
    private readonly tickets: Tickets,
    private readonly placement: Placement,
    private readonly aftermath: Aftermath,
    private readonly events: JobEvents,
  ) {}

  /** Cancels jobs: at once those that wait, through their worker those that run. They never run again by themselves. */
  async cancel(ids: readonly string[], actor: string, witness?: Witness): Promise<Managed[]> {
    let ended: readonly Cancelled[] = [];
    const act: Act = async (session, jobs) => {
      const waiting = jobs.filter(isWaiting);
      const running = jobs.filter((job) => job.status === 'PROCESSING' && !job.cancelRequestedAt);
      const cancelled = await change(session, CANCEL_WAITING, waiting, actor);
      const told = await change(session, REQUEST_CANCEL, running, actor);
      ended = [...cancelled, ...(await this.aftermath.conclude(session, cancelled))];
      await announceCancels(
        session,
        told.map((job) => job.id),
      );
      const after = new Map([...cancelled, ...told].map((job) => [job.id, job]));
      return jobs.map((job) => {
        const objection = objections.cancel(job);
        if (objection) return refused(job, objection);
        const result = job.status === 'PROCESSING' ? 'requested' : 'done';
        return { id: job.id, result, job: after.get(job.id) ?? job };
      });
    };
    const managed = await this.intervene(ids, act, witness);
    this.events.emit('cancelled', ended);
    return managed;
  }

  /** Lets scheduled jobs, and jobs whose retry waits, start now. */
  runNow(ids: readonly string[], actor: string, witness?: Witness): Promise<Managed[]> {
    const record = { event: 'run_now', actor } as const;
    return this.move(ids, { scheduledAt: NOW }, { record, objectionTo: objections.runNow, witness });
  }

  /** Changes jobs that wait. @throws DomainError validation_failed when the queue's name cannot be one */
  async edit(
    ids: readonly string[],
    changes: JobChanges,
    actor: string,
    witness?: Witness,
  ): Promise<Managed[]> {
    const record = { event: 'updated', actor } as const;
    return this.move(ids, changes, { record, objectionTo: objections.edit, witness });
  }

  /** Deletes jobs that have ended, with their history. Their idempotency keys go on answering. */
  discard(ids: readonly string[], witness?: Witness): Promise<Managed[]> {
    const act: Act = async (session, jobs) => {
      const { rows } = await session.query<Job>(DELETE_ENDED, [jobs.map((job) => job.id)]);
      const gone = new Set(rows.map((job) => job.id));
      return jobs.map((job) =>
        gone.has(job.id)
          ? { id: job.id, result: 'done', job }
          : refused(job, objections.discard(job) ?? 'it is gone already'),
      );
    };
    return this.onLocked(ids, act, witness);
  }

  private move(
    ids: readonly string[],
    changes: JobChanges,
    { record, objectionTo, witness }: Move,
  ): Promise<Managed[]> {
    const act: Act = async (session, jobs) => {
      const placings = jobs
        .filter((job) => objectionTo(job) === undefined)
        .map((job) => ({ job, changes, openDependencies: job.openDependencies, ...record }));
      // Who changes nothing leaves no new queue behind either.
      if (changes.queue !== undefined && placings.length > 0) await this.engine.ensureQueue(changes.queue);
      const { placed, unblocked } = await this.placement.place(session, placings);
      await lineUp(session, this.tickets, { moved: [...placed, ...unblocked] });
      const after = new Map(placed.map((job) => [job.id, job]));
      return jobs.map((job) => {
        const objection = objectionTo(job);
        return objection
          ? refused(job, objection)
          : { id: job.id, result: 'done', job: after.get(job.id) ?? job };
      });
    };
    return this.intervene(ids, act, witness);
  }

  /** Runs one transaction over the rows of these jobs, locked, the tickets of those that wait out of the line. */
  private intervene(ids: readonly string[], act: Act, witness?: Witness): Promise<Managed[]> {
    const takeTickets = async (session: Session) => {
      const { rows } = await session.query<Pick<Job, 'id' | 'queue'>>(SELECT_TICKETED, [ids]);
      await this.tickets.remove(session, rows);
    };
    return this.onLocked(
      ids,
      async (session, jobs) => {
        await this.tickets.removeNewer(session, jobs);
        return act(session, jobs);
      },
      witness,
      takeTickets,
    );
  }

  private async onLocked(
    ids: readonly string[],
    act: Act,
    witness: Witness = () => Promise.resolve(),
    prepare: (session: Session) => Promise<void> = () => Promise.resolve(),
  ): Promise<Managed[]> {
    const transaction = () =>
      this.postgres.transaction(async (session) => {
        await prepare(session);
        const jobs = await inPortions<Job>(session, LOCK_JOBS, ids);
        const managed = await act(session, jobs);
        await witness(session, managed, jobs);
        return managed;
      });
    return inOrder(ids, await retryConflicts(transaction));
  }
}

/** What is done with jobs whose rows are locked. */
type Act = (session: Session, jobs: readonly Job[]) => Promise<Managed[]>;

/** How jobs that wait are changed. */
interface Move {
  readonly record: Pick<Placing, 'event' | 'actor'>;
  readonly objectionTo: (job: Job) => string | undefined;
  readonly witness?: Witness | undefined;
}

async function change(
  session: Session,
  statement: string,
  jobs: readonly Job[],
  actor: string,
): Promise<Job[]> {
  const ids = jobs.map((job) => job.id);
  return inPortions(session, statement, ids, [actor]);
}
