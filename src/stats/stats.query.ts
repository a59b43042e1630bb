import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Breakdown, type Count, toBreakdown } from './breakdown.js';
import { JobCounts } from '../queue/index.js';
import { COUNT_JOKES_BY_CATEGORY } from './stats.sql.js';

const ONE_HOUR = 3_600;

/** Reads what the sample feature has done. */
@Injectable()
export class StatsQuery {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly counts: JobCounts,
  ) {}

  /** How many jokes there are, in all and by category; those without one are `uncategorized`. */
  async jokes(): Promise<{ total: number; byCategory: Breakdown }> {
    const counts = await this.source.query<Count[]>(COUNT_JOKES_BY_CATEGORY);
    return { total: counts.reduce((sum, { total }) => sum + total, 0), byCategory: toBreakdown(counts) };
  }

  /** Jobs accepted in the last hour, to ten seconds. */
  async recentJobs(): Promise<number> {
    const rates = await this.counts.rates(ONE_HOUR);
    return rates.filter(({ event }) => event === 'submitted').reduce((sum, { inAll }) => sum + inAll, 0);
  }
}
