import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Claimant } from './claim/claimant.js';
import { Claimer } from './claim/claimer.js';
import { Enqueuer } from './enqueue/enqueuer.js';
import { JobControl } from './control/job-control.js';
import type { Enqueued } from './enqueue/job-intake.js';
import type { ClaimedJob } from './claim/claimed-job.js';
import type { Job } from './job.entity.js';
import type { Managed, Witness } from './control/managed.js';
import type { NewJob } from './enqueue/new-job.js';
import type { AttemptOutcome } from './settle/outcome.js';
import type { JobChanges } from './blocking/place.js';
import { Retrier } from './control/retrier.js';
import { type ExtendedLease, type Settled, Settler, type SettledWithin } from './settle/settler.js';
import type { NextDue } from './line/tickets.js';

/**
 * The queue: the one place where jobs are accepted, handed out, changed and ended. It wraps pg-boss, which keeps the
 * line of tickets, while the row in `jobs` is the job.
 */
@Injectable()
export class QueueService {
  constructor(
    private readonly enqueuer: Enqueuer,
    private readonly claimer: Claimer,
    private readonly settler: Settler,
    private readonly control: JobControl,
    private readonly retrier: Retrier,
  ) {}

  /**
   * Accepts jobs: all of them or none. With `manager` they join the caller's TypeORM transaction and exist
   * exactly when it commits; without, they are committed when this returns.
   * @throws DomainError unknown_job_type; validation_failed when a parent does not exist; idempotency_key_reused;
   * job_already_exists; queue_full; database_unavailable when it is unknown whether they were accepted
   */
  enqueue(jobs: readonly NewJob[], options: { manager?: EntityManager } = {}): Promise<Enqueued[]> {
    return this.enqueuer.enqueue(jobs, options.manager);
  }

  /**
   * Enqueues nothing, and says what would refuse the jobs whoever else is there: not keys that others hold.
   * @throws DomainError unknown_job_type, validation_failed; database_unavailable when nobody could tell
   */
  check(jobs: readonly NewJob[]): Promise<void> {
    return this.enqueuer.check(jobs);
  }

  /** Hands out up to `limit` jobs of a queue, in the order they are to start. */
  claim(queue: string, limit: number, claimant: Claimant): Promise<ClaimedJob[]> {
    return this.claimer.claim(queue, limit, claimant);
  }

  /** Whether a queue is known to have limits, so that its claims bring no more than can start at once (`free`). */
  isLimited(queue: string): boolean {
    return this.claimer.isLimited(queue);
  }

  /** Whether claims of a queue with limits have come to nothing for seconds, because some transaction holds these. */
  isHeldUp(queue: string): boolean {
    return this.claimer.isHeldUp(queue);
  }

  /**
   * When the first job of a queue that was not due at `since` comes due, if that is within a minute. Who asks again
   * with `lookedAt` misses none, however close together they are due.
   */
  nextDue(queue: string, since: Date): Promise<NextDue> {
    return this.claimer.nextDue(queue, since);
  }

  /** The names of all queues there are. */
  queueNames(): Promise<string[]> {
    return this.claimer.queueNames();
  }

  /** Ends attempts. Each outcome is written once, by the attempt that earned it, or refused. */
  settle(outcomes: readonly AttemptOutcome[]): Promise<Settled> {
    return this.settler.settle(outcomes);
  }

  /** The same inside the caller's TypeORM transaction: the outcomes are written exactly when it commits. */
  settleWithin(manager: EntityManager, outcomes: readonly AttemptOutcome[]): Promise<SettledWithin> {
    return this.settler.settleWithin(manager, outcomes);
  }

  /** Prolongs the leases of an external worker's attempts by `seconds`; those not in the answer are lost. */
  extend(claims: readonly Pick<Job, 'id' | 'attempts'>[], seconds: number): Promise<ExtendedLease[]> {
    return this.settler.extend(claims, seconds);
  }

  /** Cancels jobs: at once those that wait, through their worker (within 1 s) those that run. */
  cancel(ids: readonly string[], actor: string, witness?: Witness): Promise<Managed[]> {
    return this.control.cancel(ids, actor, witness);
  }

  /** Lets FAILED and CANCELLED jobs run once more, under the same id. */
  retry(ids: readonly string[], actor: string, witness?: Witness): Promise<Managed[]> {
    return this.retrier.retry(ids, actor, witness);
  }

  /** Lets PENDING jobs start now, whatever time they wait for. */
  runNow(ids: readonly string[], actor: string, witness?: Witness): Promise<Managed[]> {
    return this.control.runNow(ids, actor, witness);
  }

  /** Changes jobs that wait. @throws DomainError validation_failed when the queue's name cannot be one */
  edit(ids: readonly string[], changes: JobChanges, actor: string, witness?: Witness): Promise<Managed[]> {
    return this.control.edit(ids, changes, actor, witness);
  }

  /** Deletes jobs that have ended. */
  discard(ids: readonly string[], witness?: Witness): Promise<Managed[]> {
    return this.control.discard(ids, witness);
  }
}
