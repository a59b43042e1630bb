import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Postgres } from '../database/index.js';
import { Claimer, type Claimant } from './claimer.js';
import { Engine } from './engine.js';
import { Enqueuer, type Enqueued } from './enqueuer.js';
import type { Job } from './job.entity.js';
import { EXTEND_LEASES } from './jobs.sql.js';
import type { NewJob } from './new-job.js';
import type { AttemptOutcome } from './outcome.js';
import { Settler, type Settled } from './settler.js';
import { type NextDue, Tickets } from './tickets.js';

/** A lease that was prolonged. */
export interface ExtendedLease {
  readonly id: string;
  readonly leaseExpiresAt: Date;
  readonly cancelRequested: boolean;
}

/**
 * The queue: the one place where jobs are accepted, handed out and ended. It wraps pg-boss, which keeps the
 * line of tickets, while the row in `jobs` is the job.
 */
@Injectable()
export class QueueService {
  constructor(
    private readonly enqueuer: Enqueuer,
    private readonly claimer: Claimer,
    private readonly settler: Settler,
    private readonly tickets: Tickets,
    private readonly engine: Engine,
    private readonly postgres: Postgres,
  ) {}

  /**
   * Accepts jobs: all of them or none. With `manager` they join the caller's TypeORM transaction and exist
   * exactly when it commits; without, they are committed when this returns.
   * @throws DomainError unknown_job_type; database_unavailable when it is unknown whether they were accepted
   */
  enqueue(jobs: readonly NewJob[], options: { manager?: EntityManager } = {}): Promise<Enqueued[]> {
    return this.enqueuer.enqueue(jobs, options.manager);
  }

  /** Hands out up to `limit` jobs of a queue, in the order they are to start. */
  claim(queue: string, limit: number, claimant: Claimant): Promise<Job[]> {
    return this.claimer.claim(queue, limit, claimant);
  }

  /**
   * When the first job of a queue that was not due at `since` comes due, if that is within a minute. Who asks again
   * with `lookedAt` misses none, however close together they are due.
   */
  nextDue(queue: string, since: Date): Promise<NextDue> {
    return this.tickets.nextDue(this.postgres, queue, since);
  }

  /** The names of all queues there are. */
  queueNames(): Promise<string[]> {
    return this.engine.queueNames();
  }

  /** Ends attempts. Each outcome is written once, by the attempt that earned it, or refused. */
  settle(outcomes: readonly AttemptOutcome[]): Promise<Settled> {
    return this.settler.settle(outcomes);
  }

  /** Prolongs the leases of an external worker's attempts by `seconds`; those not in the answer are lost. */
  async extend(claims: readonly Pick<Job, 'id' | 'attempts'>[], seconds: number): Promise<ExtendedLease[]> {
    const ids = claims.map((claim) => claim.id);
    const attempts = claims.map((claim) => claim.attempts);
    const { rows } = await this.postgres.query<ExtendedLease>(EXTEND_LEASES, [ids, attempts, seconds]);
    return rows;
  }
}
