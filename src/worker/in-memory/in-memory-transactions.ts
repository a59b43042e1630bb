import { Inject, Injectable, Optional } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type ClaimedJob, InMemoryQueue, JobMemory } from '../../queue/index.js';
import { AttemptAborted } from '../job-control.errors.js';
import type { JobTransactions } from '../job-transactions.js';

/** The injection token of what stands in for a transaction's entity manager; without one there are no transactions. */
export const STAND_IN_MANAGER = Symbol('STAND_IN_MANAGER');

/** Completes jobs together with the writes of their handlers, as far as that can be done without a database. */
@Injectable()
export class InMemoryTransactions implements Pick<JobTransactions, 'run'> {
  constructor(
    private readonly queue: InMemoryQueue,
    private readonly memory: JobMemory,
    @Optional() @Inject(STAND_IN_MANAGER) private readonly manager?: EntityManager,
  ) {}

  /** What the work enqueues exists only when it succeeds; what it writes is the stand-in's business. */
  async run<T>(
    job: ClaimedJob,
    signal: AbortSignal,
    work: (manager: EntityManager) => Promise<T>,
  ): Promise<T> {
    if (!this.manager) {
      throw new Error(
        `job.transaction() needs a database, and here is none (job ${job.id}): hand in what stands in for the entity manager, TestKit.start({ manager }), or test this handler on a database`,
      );
    }
    const rollBack = this.memory.savepoint();
    try {
      const result = await work(this.manager);
      signal.throwIfAborted();
      const { written } = this.queue.settle([{ claim: job, outcome: { kind: 'completed', result } }]);
      if (written[0]?.status !== 'COMPLETED')
        throw new AttemptAborted('cancel', 'The job was cancelled while its transaction ran');
      return result;
    } catch (error) {
      rollBack();
      throw error;
    }
  }
}
