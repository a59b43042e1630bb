import { Injectable } from '@nestjs/common';
import { portions } from '../../common/index.js';
import { Postgres, type Session, hasSqlState } from '../../database/index.js';
import { Engine } from '../line/engine.js';
import type { Job } from '../job.entity.js';
import { SELECT_JOBS } from '../jobs.sql.js';
import { INSERT_JOBS, STORE_PLAIN_JOBS } from './enqueue.sql.js';
import type { ResolvedJob } from './new-job.js';
import { plainRows } from './plain-rows.js';
import type { Standing } from './standing.js';
import { UNEQUAL } from '../line/ticket.sql.js';
import { TICKET_HORIZON_MS } from '../line/tickets.js';

const PLAIN: Standing = { status: 'PENDING', open_dependencies: 0, has_dependents: false, may_line_up: true };

/** Jobs of one statement. */
const MOST_AT_ONCE = 1_000;

/** What the database decides of a new job. */
type StoredPlain = Pick<Job, 'id' | 'createdAt' | 'scheduledAt' | 'ticketed'>;

/** Writes the rows of new jobs. */
@Injectable()
export class JobStore {
  constructor(
    private readonly postgres: Postgres,
    private readonly engine: Engine,
  ) {}

  /**
   * Stores plain jobs in one statement, with their tickets and the notice to the workers.
   * @returns those whose id was free; undefined when something is out of the ordinary, which takes several steps
   * @throws CommitUnknownError when nobody knows whether they were stored
   */
  async storePlain(jobs: readonly ResolvedJob[]): Promise<Job[] | undefined> {
    if (jobs.length > MOST_AT_ONCE || !jobs.every(({ queue }) => this.engine.hasPlainLine(queue)))
      return undefined;
    try {
      const { rows } = await this.postgres.run<StoredPlain>(STORE_PLAIN_JOBS, [
        ...plainRows(jobs),
        TICKET_HORIZON_MS,
      ]);
      const stored = new Map(rows.map((row) => [row.id, row]));
      return jobs.flatMap((job) => {
        const row = stored.get(job.id);
        return row && stored.delete(job.id) ? [newJob(job, row)] : [];
      });
    } catch (error) {
      if (hasSqlState(error, UNEQUAL)) return undefined;
      throw error;
    }
  }

  /** Adds to the known jobs those that were there before. */
  async lookUp(
    jobs: readonly ResolvedJob[],
    known: Map<string, Job>,
    session: Session = this.postgres,
  ): Promise<void> {
    const missing = jobs.filter((job) => !known.has(job.id)).map((job) => job.id);
    if (missing.length === 0) return;
    const { rows } = await session.query<Job>(SELECT_JOBS, [missing]);
    for (const job of rows) known.set(job.id, job);
  }

  /** @returns the rows that were stored; a job whose id is taken is not among them */
  async insert(
    session: Session,
    jobs: readonly ResolvedJob[],
    standingOf: (job: ResolvedJob) => Standing = () => PLAIN,
  ): Promise<Job[]> {
    const stored: Job[] = [];
    for (const portion of portions(jobs)) {
      const given = portion.map((job) => ({ ...job, ...standingOf(job) }));
      const { rows } = await session.query<Job>(INSERT_JOBS, [JSON.stringify(given), TICKET_HORIZON_MS]);
      stored.push(...rows);
    }
    return stored;
  }
}

/** The row of a plain job that was stored a moment ago, as far as its readers can tell. */
export function newJob(job: ResolvedJob, { createdAt, scheduledAt, ticketed }: StoredPlain): Job {
  return {
    id: job.id,
    type: job.type,
    queue: job.queue,
    status: 'PENDING',
    priority: job.priority,
    payload: job.payload,
    result: null,
    errorMessage: null,
    attempts: 0,
    maxAttempts: job.max_attempts,
    baseMaxAttempts: job.max_attempts,
    interruptions: 0,
    interruptionsAlone: 0,
    timeout: job.timeout,
    backoff: job.backoff,
    idempotencyKey: null,
    lock: null,
    uniqueKey: null,
    uniqueWhile: null,
    limitKey: job.limit_key,
    limited: false,
    callbackUrl: job.callback_url,
    traceParent: job.trace_parent,
    tags: [...job.tags],
    workflowId: job.workflow_id,
    workflowRef: job.workflow_ref,
    dependsOn: [],
    openDependencies: 0,
    hasDependents: false,
    ticketed,
    workerId: null,
    leaseExpiresAt: null,
    cancelRequestedAt: null,
    createdBy: job.created_by,
    createdAt,
    updatedAt: createdAt,
    scheduledAt,
    startedAt: null,
    finishedAt: null,
    lastEvent: 'submitted',
    lastError: null,
    errorFingerprint: null,
    lastActor: null,
  };
}
