import { Injectable } from '@nestjs/common';
import { Postgres } from '../../database/index.js';
import type { Job } from '../job.entity.js';
import { COUNT_TICKETS_AHEAD, SELECT_READY_QUEUES } from './ticket.sql.js';

/** The line of a queue, to look at. */
@Injectable()
export class Line {
  constructor(private readonly postgres: Postgres) {}

  /**
   * How many jobs start before this one: those of its queue that are due and come first by priority, then by age.
   * Counts up to `most`. Undefined when the job is not in line.
   */
  async ahead(job: Pick<Job, 'id' | 'queue'>, most: number): Promise<number | undefined> {
    const { rows } = await this.postgres.query<{ ahead: number }>(COUNT_TICKETS_AHEAD, [
      job.queue,
      job.id,
      most,
    ]);
    return rows[0]?.ahead;
  }

  /** The queues with a job that may start now. */
  async readyQueues(): Promise<string[]> {
    const { rows } = await this.postgres.query<{ name: string }>(SELECT_READY_QUEUES);
    return rows.map(({ name }) => name);
  }
}
