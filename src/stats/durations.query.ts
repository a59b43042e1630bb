import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { SELECT_DURATIONS } from './stats.sql.js';

/** Enough for the 99th percentile to rest on ten jobs, and few enough to read them each time. */
const SAMPLE = 1_000;

/** The 50th, 95th and 99th percentile, in seconds. */
export type Percentiles = readonly [p50: number, p95: number, p99: number];

/** How long the jobs of a queue take. */
export interface QueueDurations {
  readonly queueName: string;
  /** Jobs the percentiles are made from. */
  readonly jobs: number;
  /** From the later of creation and schedule to the start. */
  readonly wait: Percentiles;
  /** From the start to the end. */
  readonly run: Percentiles;
}

/** Reads how long jobs take. */
@Injectable()
export class DurationsQuery {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  /** Of the queues in which jobs ended in the last hour, by name. */
  byQueue(): Promise<QueueDurations[]> {
    return this.source.query<QueueDurations[]>(SELECT_DURATIONS, [SAMPLE]);
  }
}
