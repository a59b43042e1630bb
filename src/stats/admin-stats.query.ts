import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { JOB_STATUSES } from '../queue/index.js';
import { type Breakdown, type Count, toBreakdown } from './breakdown.js';
import {
  AVERAGE_ATTEMPTS_OF_FAILED,
  COUNT_JOBS_BY_STATUS,
  COUNT_JOBS_BY_TYPE,
  COUNT_THROUGHPUT,
  SELECT_RECENT_FAILURES,
} from './stats.sql.js';

/** A job that failed for good. */
export interface FailedJob {
  readonly id: string;
  readonly type: string;
  readonly error: string | null;
  readonly attempts: number;
  readonly failedAt: Date;
}

/** Jobs accepted and ended within a span of time. */
export interface Throughput {
  readonly submitted: number;
  readonly completed: number;
  readonly failed: number;
}

/** The same for each of the spans. */
export type Throughputs = Readonly<Record<'last_minute' | 'last_5_minutes' | 'last_hour', Throughput>>;

type ThroughputRow = Readonly<Record<`${keyof Throughput}${1 | 5 | 60}`, number>>;

/** Reads how the queue is doing. */
@Injectable()
export class AdminStatsQuery {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  /** Jobs by status, every status there is. */
  async jobsByStatus(): Promise<Breakdown> {
    const none = toBreakdown(JOB_STATUSES.map((name) => ({ name, total: 0 })));
    return { ...none, ...toBreakdown(await this.source.query<Count[]>(COUNT_JOBS_BY_STATUS)) };
  }

  /** Jobs by type, of those that were ever submitted. */
  async jobsByType(): Promise<Breakdown> {
    return toBreakdown(await this.source.query<Count[]>(COUNT_JOBS_BY_TYPE));
  }

  /** Executions that jobs had before they failed for good, to two decimals; 0 when none did. */
  async averageAttemptsOfFailed(): Promise<number> {
    const [row] = await this.source.query<{ average: number }[]>(AVERAGE_ATTEMPTS_OF_FAILED);
    return row?.average ?? 0;
  }

  /** The latest jobs that failed for good, the newest first. */
  recentFailures(limit: number): Promise<FailedJob[]> {
    return this.source.query<FailedJob[]>(SELECT_RECENT_FAILURES, [limit]);
  }

  /** Jobs accepted and ended of late. */
  async throughput(): Promise<Throughputs> {
    const [row] = await this.source.query<[ThroughputRow]>(COUNT_THROUGHPUT);
    const within = (minutes: 1 | 5 | 60): Throughput => ({
      submitted: row[`submitted${minutes}`],
      completed: row[`completed${minutes}`],
      failed: row[`failed${minutes}`],
    });
    return { last_minute: within(1), last_5_minutes: within(5), last_hour: within(60) };
  }
}
