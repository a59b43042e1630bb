import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { JOB_STATUSES, type JobCount, JobCounts, type JobRate } from '../queue/index.js';
import { type Breakdown, toBreakdown } from './breakdown.js';
import { SELECT_RECENT_FAILURES } from './stats.sql.js';

const ONE_HOUR = 3_600;

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

/** How many jobs there are. */
export interface Totals {
  /** Every status there is. */
  readonly byStatus: Breakdown;
  readonly byType: Breakdown;
  /** Executions that jobs had before they failed for good, to two decimals; 0 when none did. */
  readonly averageAttemptsOfFailed: number;
}

/** Reads how the queue is doing. */
@Injectable()
export class AdminStatsQuery {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly counts: JobCounts,
  ) {}

  /** How many jobs there are at this moment. */
  async totals(): Promise<Totals> {
    const counts = await this.counts.read();
    const failed = counts.filter(({ status }) => status === 'FAILED');
    const attempts = sumOf(failed, ({ failedAttempts }) => failedAttempts);
    const average = attempts / sumOf(failed, ({ jobs }) => jobs);
    return {
      byStatus: { ...NONE, ...totalsBy(counts, ({ status }) => status) },
      byType: totalsBy(counts, ({ type }) => type),
      averageAttemptsOfFailed: failed.length > 0 ? Math.round(average * 100) / 100 : 0,
    };
  }

  /** The latest jobs that failed for good, the newest first. */
  recentFailures(limit: number): Promise<FailedJob[]> {
    return this.source.query<FailedJob[]>(SELECT_RECENT_FAILURES, [limit]);
  }

  /** Jobs accepted and ended of late. */
  async throughput(): Promise<Throughputs> {
    const rates = await this.counts.rates(ONE_HOUR);
    const within = (span: 'lastMinute' | 'lastFiveMinutes' | 'inAll'): Throughput => {
      const total = (event: JobRate['event']) =>
        sumOf(
          rates.filter((rate) => rate.event === event),
          (rate) => rate[span],
        );
      return { submitted: total('submitted'), completed: total('completed'), failed: total('failed') };
    };
    return {
      last_minute: within('lastMinute'),
      last_5_minutes: within('lastFiveMinutes'),
      last_hour: within('inAll'),
    };
  }
}

const NONE = toBreakdown(JOB_STATUSES.map((name) => ({ name, total: 0 })));

/** The sums of a breakdown, in the order of their names. */
function totalsBy(counts: readonly JobCount[], nameOf: (count: JobCount) => string): Breakdown {
  const groups = [...Map.groupBy(counts, nameOf)].map(([name, of]) => ({
    name,
    total: sumOf(of, ({ jobs }) => jobs),
  }));
  return toBreakdown(groups.sort((a, b) => (a.name < b.name ? -1 : 1)));
}

function sumOf<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + valueOf(item), 0);
}
