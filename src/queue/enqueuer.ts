import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError, IdGenerator } from '../common/index.js';
import {
  CommitUnknownError,
  Postgres,
  type Session,
  isConnectionLoss,
  isPassing,
  sessionOf,
} from '../database/index.js';
import { Engine } from './engine.js';
import { GroupCommit } from './group-commit.js';
import { JobEvents } from './job-events.js';
import { JobTypes } from './job-types.js';
import type { Job } from './job.entity.js';
import { INSERT_JOBS, SELECT_JOBS } from './jobs.sql.js';
import { type NewJob, type ResolvedJob, resolveJob } from './new-job.js';
import { TICKET_HORIZON_MS, Tickets } from './tickets.js';
import { announce } from './wakeups.js';

/** A job that was asked for, and whether this call made it. */
export interface Enqueued {
  readonly job: Job;
  /** False when a job of the same id was there already. */
  readonly created: boolean;
}

/** Rows a commit takes along: past this size they cost more time than they save commits. */
const GROUP_SIZE = 500;

/** Accepts jobs. */
@Injectable()
export class Enqueuer {
  private readonly commits = new GroupCommit(
    (jobs: readonly ResolvedJob[]) => this.insertAndCommit(jobs),
    (error) => error instanceof DomainError && error.code === 'database_unavailable',
    GROUP_SIZE,
  );

  constructor(
    private readonly postgres: Postgres,
    private readonly engine: Engine,
    private readonly tickets: Tickets,
    private readonly types: JobTypes,
    private readonly ids: IdGenerator,
    private readonly events: JobEvents,
  ) {}

  async enqueue(jobs: readonly NewJob[], manager?: EntityManager): Promise<Enqueued[]> {
    const resolved = jobs.map((job) => resolveJob(job, this.types, () => this.ids.next()));
    if (resolved.length === 0) return [];
    const session = manager ? await sessionOf(manager) : undefined;
    await this.ensureQueues(resolved);
    const enqueued = session ? await this.insert(session, resolved) : await this.commits.add(resolved);
    this.events.emit(
      'enqueued',
      enqueued.filter(({ created }) => created).map(({ job }) => job),
    );
    return enqueued;
  }

  /** The engine creates queues on a connection of its own, so they must exist before the transaction. */
  private async ensureQueues(jobs: readonly ResolvedJob[]): Promise<void> {
    for (const queue of new Set(jobs.map((job) => job.queue))) {
      await this.engine.ensureQueue(queue).catch(rethrowUnavailable);
    }
  }

  private async insertAndCommit(jobs: readonly ResolvedJob[]): Promise<Enqueued[]> {
    try {
      return await this.postgres.transaction((session) => this.insert(session, jobs));
    } catch (error) {
      if (error instanceof CommitUnknownError) return this.lookUpAfterLostCommit(jobs, error);
      return rethrowUnavailable(error);
    }
  }

  private async insert(session: Session, jobs: readonly ResolvedJob[]): Promise<Enqueued[]> {
    const { rows } = await session.query<Job>(INSERT_JOBS, [JSON.stringify(jobs), TICKET_HORIZON_MS]);
    await this.tickets.insert(
      session,
      rows.filter((row) => row.ticketed),
    );
    await announce(session, rows);
    const created = new Map(rows.map((row) => [row.id, row]));
    const missing = jobs.filter((job) => !created.has(job.id));
    const existing = await this.existing(session, missing);
    return jobs.map(({ id }) => pick(id, created, existing));
  }

  private async existing(session: Session, jobs: readonly ResolvedJob[]): Promise<Map<string, Job>> {
    if (jobs.length === 0) return new Map();
    const { rows } = await session.query<Job>(SELECT_JOBS, [jobs.map((job) => job.id)]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** The connection broke while committing: what is there was accepted, all of it or nothing. */
  private async lookUpAfterLostCommit(jobs: readonly ResolvedJob[], cause: Error): Promise<Enqueued[]> {
    const found = await this.existing(this.postgres, jobs).catch(rethrowUnavailable);
    if (!jobs.every((job) => found.has(job.id))) return rethrowUnavailable(cause);
    return jobs.map(({ id }) => pick(id, found, found));
  }
}

/** An id that is asked for twice at a time is created once. */
function pick(id: string, created: Map<string, Job>, existing: Map<string, Job>): Enqueued {
  const job = created.get(id) ?? existing.get(id);
  if (!job) throw new Error(`Job ${id} was neither stored nor there before`);
  const isCreated = created.delete(id);
  existing.set(id, job);
  return { job, created: isCreated };
}

/** Asking again is the way out: of a refusal, and of the doubt in which a lost connection leaves the caller. */
function rethrowUnavailable(error: unknown): never {
  if (!isPassing(error)) throw error;
  throw new DomainError(
    'database_unavailable',
    isConnectionLoss(error)
      ? 'The database cannot be reached, so it is unknown whether the job was accepted: send it again'
      : 'The database could not take the job right now: send it again',
    { retryAfterSeconds: 2, cause: error },
  );
}
