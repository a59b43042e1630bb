import { Injectable } from '@nestjs/common';
import { SharedLook } from '../../common/index.js';
import { Postgres } from '../../database/index.js';
import type { Job } from '../job.entity.js';
import { COUNT_TICKETS_AHEAD, SELECT_READY_QUEUES, SELECT_WAITING_LINES } from './ticket.sql.js';

/** A look that takes longer (ms) may take up a twentieth of the time at most: reading millions of tickets costs a second. */
const QUICK_MS = 100;
const REST_FACTOR = 20;

/** The jobs of a queue that may start now: how many, which has waited longest, and how long (s). */
export interface WaitingLine {
  readonly queue: string;
  readonly jobs: number;
  readonly oldestId: string;
  readonly oldestAge: number;
}

/** The line of a queue, to look at. */
@Injectable()
export class Line {
  private readonly looks = new SharedLook(
    () => this.lookAtWaiting(),
    (tookMs) => (tookMs > QUICK_MS ? REST_FACTOR * tookMs : 0),
  );

  constructor(private readonly postgres: Postgres) {}

  /** By queue; as of now, or when looking takes longer than 0.1 s, of at most twenty times as long ago as it takes. */
  waiting(): Promise<readonly WaitingLine[]> {
    return this.looks.read();
  }

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

  private lookAtWaiting(): Promise<WaitingLine[]> {
    return this.postgres.sweep(
      async (session) => (await session.query<WaitingLine>(SELECT_WAITING_LINES)).rows,
    );
  }
}
