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

  /** One pass over all workers; safe beside others, since an attempt can be ended only once. Answers how many jobs it took back. */
  async recover(): Promise<number> {
    return this.stalledJobs.recover(await this.deadWorkers.find());
  }
}
