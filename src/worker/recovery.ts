import { Injectable } from '@nestjs/common';
import { Postgres } from '../database/index.js';
import { StalledJobs } from '../queue/index.js';
import { DeadWorkers } from './dead-workers.js';
import { MARK_LOST } from './workers.sql.js';

/** Takes jobs back from workers that are gone. */
@Injectable()
export class Recovery {
  constructor(
    private readonly deadWorkers: DeadWorkers,
    private readonly postgres: Postgres,
    private readonly stalledJobs: StalledJobs,
  ) {}

  /**
   * One pass over all workers; safe beside others, since an attempt can be ended only once. The dead are looked through
   * at every pass, not once: a claim that was under way when its worker died may commit after it.
   * @returns how many jobs it took back, and whether there is anybody whose jobs may have to be taken back soon
   */
  async recover(): Promise<{ recovered: number; isAnybodyAtWork: boolean }> {
    const { workers, hasExpired, isAnybodyAtWork } = await this.deadWorkers.find();
    // First, since whoever holds nothing is not looked for any more.
    if (workers.length > 0) await this.postgres.query(MARK_LOST, [workers]);
    const recovered = workers.length > 0 || hasExpired ? await this.stalledJobs.recover(workers) : 0;
    return { recovered, isAnybodyAtWork };
  }
}
