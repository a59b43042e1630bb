import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/index.js';
import { Postgres } from '../../database/index.js';
import type { JobStatus } from '../job-status.js';
import { ADD_CHANGES_UP, FORGET_MINUTES, FORGET_RATES, SELECT_COUNTS, SELECT_RATES } from './counts.sql.js';

/** Changes added up by one statement. */
const BATCH = 10_000;

/** How long (s) rates are kept: two days. */
const RATES_KEPT_SECONDS = 172_800;

/** How long (s) it is kept what was done in a minute: what the longest window of an objective needs, and an hour. */
const MINUTES_KEPT_SECONDS = 262_800;

/** Jobs of one kind in one state. */
export interface JobCount {
  readonly queue: string;
  readonly type: string;
  readonly status: JobStatus;
  readonly jobs: number;
  /** Executions that they had before they failed for good; 0 in any other state. */
  readonly failedAttempts: number;
}

/** How often something happened in a queue of late, to ten seconds. */
export interface JobRate {
  readonly queue: string;
  readonly event: 'submitted' | 'completed' | 'failed';
  readonly lastMinute: number;
  readonly lastFiveMinutes: number;
  readonly inAll: number;
}

/** How many jobs there are, and how many come and go, in a time that does not grow with their number. */
@Injectable()
export class JobCounts {
  constructor(
    private readonly postgres: Postgres,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Exact at this moment; kinds and states without jobs are left out. */
  async read(): Promise<JobCount[]> {
    return (await this.postgres.query<JobCount>(SELECT_COUNTS)).rows;
  }

  /** What happened within so many seconds, up to two days, also to jobs that are deleted by now. */
  async rates(seconds: number): Promise<JobRate[]> {
    return (await this.postgres.query<JobRate>(SELECT_RATES, [seconds])).rows;
  }

  /** Adds up what has changed; one process at a time does. */
  async addUp(): Promise<void> {
    const startWithin = this.config.jobs.objective?.startWithin ?? null;
    let taken: number;
    do {
      const { rows } = await this.postgres.query<{ taken: number }>(ADD_CHANGES_UP, [BATCH, startWithin]);
      taken = rows[0]?.taken ?? 0;
    } while (taken === BATCH);
  }

  async forgetOldRates(): Promise<void> {
    await this.postgres.query(FORGET_RATES, [RATES_KEPT_SECONDS]);
    await this.postgres.query(FORGET_MINUTES, [MINUTES_KEPT_SECONDS]);
  }
}
