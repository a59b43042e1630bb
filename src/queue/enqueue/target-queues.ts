import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import { Engine, refuseUnusable } from '../line/engine.js';
import { Quotas } from '../quotas/quotas.js';
import { ForgetfulQueues } from '../retention/forgetful-queues.js';
import { CallbackRules } from './callback-rules.js';
import type { ResolvedJob } from './new-job.js';

/** The queues that new jobs go to, and whom their ends are told to. */
@Injectable()
export class TargetQueues {
  constructor(
    private readonly engine: Engine,
    private readonly forgetful: ForgetfulQueues,
    private readonly callbacks: CallbackRules,
    private readonly quotas: Quotas,
  ) {}

  /** @throws DomainError validation_failed when a job names what cannot be a queue, or one that cannot take it, or a URL that cannot be told */
  async check(jobs: readonly ResolvedJob[]): Promise<void> {
    for (const { queue } of jobs) refuseUnusable(queue);
    this.callbacks.check(jobs);
    await this.forgetful.refuseTies(jobs);
    await this.quotas.prepare(jobs);
  }

  /**
   * Lets jobs that heed quotas in, all or none. They count as on their way until `settle`; once admitted they are not asked
   * again.
   * @param session of the transaction that stores them, if there is one already
   * @throws DomainError queue_full
   */
  admit(jobs: readonly ResolvedJob[], session?: Session): Promise<void> {
    return this.quotas.admit(jobs, session);
  }

  /** These jobs are stored, or never will be. */
  settle(jobs: readonly ResolvedJob[]): void {
    this.quotas.settle(jobs);
  }

  /** Creates those that are not there. */
  create(jobs: readonly ResolvedJob[]): Promise<void> {
    return this.engine.ensureQueues(jobs.map(({ queue }) => queue));
  }
}
