import { Injectable } from '@nestjs/common';
import { Engine, refuseUnusable } from '../line/engine.js';
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
  ) {}

  /** @throws DomainError validation_failed when a job names what cannot be a queue, or one that cannot take it, or a URL that cannot be told */
  async check(jobs: readonly ResolvedJob[]): Promise<void> {
    for (const { queue } of jobs) refuseUnusable(queue);
    this.callbacks.check(jobs);
    await this.forgetful.refuseTies(jobs);
  }

  /** Creates those that are not there. */
  create(jobs: readonly ResolvedJob[]): Promise<void> {
    return this.engine.ensureQueues(jobs.map(({ queue }) => queue));
  }
}
