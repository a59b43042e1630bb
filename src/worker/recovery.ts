import { Injectable } from '@nestjs/common';
import { StalledJobs } from '../queue/index.js';
import { DeadWorkers } from './dead-workers.js';

/** Takes jobs back from workers that are gone. */
@Injectable()
export class Recovery {
  constructor(
    private readonly deadWorkers: DeadWorkers,
    private readonly stalledJobs: StalledJobs,
  ) {}

  /**
   * One pass over all workers; safe beside others, since an attempt can be ended only once. The dead are looked through
   * at every pass, not once: a claim that was under way when its worker died may commit after it.
   * @returns how many jobs it took back
   */
  async recover(): Promise<number> {
    const { workers, hasExpired } = await this.deadWorkers.find();
    return workers.length > 0 || hasExpired ? this.stalledJobs.recover(workers) : 0;
  }
}
