import { Injectable } from '@nestjs/common';
import { Engine, refuseUnusable } from '../line/engine.js';
import { ForgetfulQueues } from '../retention/forgetful-queues.js';
import type { ResolvedJob } from './new-job.js';

/** The queues that new jobs go to. */
@Injectable()
export class TargetQueues {
  constructor(
    private readonly engine: Engine,
    private readonly forgetful: ForgetfulQueues,
  ) {}

  /** @throws DomainError validation_failed when a job names what cannot be a queue, or one that cannot take it */
  async check(jobs: readonly ResolvedJob[]): Promise<void> {
    for (const { queue } of jobs) refuseUnusable(queue);
    await this.forgetful.refuseTies(jobs);
  }

  /** Creates those that are not there. */
  create(jobs: readonly ResolvedJob[]): Promise<void> {
    return this.engine.ensureQueues(jobs.map(({ queue }) => queue));
  }
}
