import { Injectable } from '@nestjs/common';
import { DatabaseClock } from '../../common/index.js';
import type { Session } from '../../database/index.js';
import { Dependencies } from '../blocking/dependencies.js';
import { doomedBy } from '../blocking/fates.js';
import { JobStore } from './job-store.js';
import type { Job } from '../job.entity.js';
import { SELECT_JOBS } from '../jobs.sql.js';
import { Locks } from '../blocking/locks.js';
import type { ResolvedJob } from './new-job.js';
import { type Prospects, byIdOf, joinsLock, prospectsOf, standings } from './standing.js';
import { JobEnds } from '../settle/job-ends.js';
import { TargetQueues } from './target-queues.js';

/**
 * Stores new jobs after asking their parents and their locks, in this order: whoever ends a job holds its row and
 * then takes its lock, and nobody may wait the other way round.
 */
@Injectable()
export class JobInserter {
  constructor(
    private readonly store: JobStore,
    private readonly dependencies: Dependencies,
    private readonly locks: Locks,
    private readonly clock: DatabaseClock,
    private readonly queues: TargetQueues,
    private readonly ends: JobEnds,
  ) {}

  /** Stores jobs that wait for nothing but their time. @returns those whose id was free */
  async insertPlain(session: Session, jobs: readonly ResolvedJob[]): Promise<Map<string, Job>> {
    await this.queues.admit(jobs, session);
    await this.queues.create(jobs);
    return byId(await this.store.insert(session, jobs));
  }

  /**
   * @returns those whose id was free
   * @throws DomainError validation_failed when a parent does not exist, queue_full
   */
  async insert(session: Session, asked: readonly ResolvedJob[]): Promise<Map<string, Job>> {
    const parents = await this.dependencies.hold(session, asked);
    // They are created in one moment, so that the order of their ids is the one in which a lock lets them start.
    const jobs = asked.toSorted(byIdOf);
    const { open, doomed } = prospectsOf(asked, parents);
    const joining = jobs.filter((job) => joinsLock(job, open, this.clock.now()));
    const holders = await this.locks.acquire(session, joining);
    await this.queues.admit(jobs, session);
    // Only now: whoever stores nothing leaves no new queue behind either.
    await this.queues.create(jobs);
    const created = byId(await this.store.insert(session, jobs, standings(jobs, open, joining, holders)));
    await this.dependencies.link(
      session,
      jobs.filter(({ id }) => created.has(id)),
    );
    for (const job of await this.cancelDoomed(session, doomed, created)) created.set(job.id, job);
    await this.freeUnused(
      session,
      joining.filter(({ id }) => holders.has(id) && !created.has(id)),
    );
    return created;
  }

  /**
   * What these mean for their own dependents, who are of the same call, is known already.
   * @returns those, and the jobs that tell of their ends
   */
  private async cancelDoomed(
    session: Session,
    doomed: Prospects['doomed'],
    created: ReadonlyMap<string, Job>,
  ): Promise<Job[]> {
    const stored = [...doomed].filter(([id]) => created.has(id));
    if (stored.length === 0) return [];
    const cancelled = await this.dependencies.cancel(
      session,
      stored.map(([id, parent]) => doomedBy(id, parent)),
    );
    const { rows } = await session.query<Job>(SELECT_JOBS, [cancelled.map(({ id }) => id)]);
    return [...rows, ...(await this.ends.of(session, cancelled))];
  }

  /** A job whose id was taken is another one, and perhaps none that may hold this lock: nobody would give it up. */
  private async freeUnused(session: Session, jobs: readonly ResolvedJob[]): Promise<void> {
    if (jobs.length === 0) return;
    const { rows } = await session.query<Job>(SELECT_JOBS, [jobs.map((job) => job.id)]);
    const rightful = new Set(rows.filter(mayHoldLock).map((job) => `${job.id} ${job.lock}`));
    await this.locks.giveBack(
      session,
      jobs.filter((job) => !rightful.has(`${job.id} ${job.lock}`)),
    );
  }
}

/** A job that never started holds its lock while it has a ticket, one that has started until it has ended. */
function mayHoldLock({ status, attempts, ticketed }: Job): boolean {
  return status === 'PROCESSING' || (status === 'PENDING' && (attempts > 0 || ticketed));
}

function byId(jobs: readonly Job[]): Map<string, Job> {
  return new Map(jobs.map((job) => [job.id, job]));
}
