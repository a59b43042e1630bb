import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Breakdown, type Count, toBreakdown } from './breakdown.js';
import { COUNT_JOKES_BY_CATEGORY, COUNT_RECENT_JOBS } from './stats.sql.js';

/** Reads what the sample feature has done. */
@Injectable()
export class StatsQuery {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  /** How many jokes there are, in all and by category; those without one are `uncategorized`. */
  async jokes(): Promise<{ total: number; byCategory: Breakdown }> {
    const counts = await this.source.query<Count[]>(COUNT_JOKES_BY_CATEGORY);
    return { total: counts.reduce((sum, { total }) => sum + total, 0), byCategory: toBreakdown(counts) };
  }

  /** Jobs accepted in the last hour. */
  async recentJobs(): Promise<number> {
    const [row] = await this.source.query<{ total: number }[]>(COUNT_RECENT_JOBS);
    return row?.total ?? 0;
  }
}
