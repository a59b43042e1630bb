import { Injectable } from '@nestjs/common';
import { SharedLook } from '../common/index.js';
import { Postgres } from '../database/index.js';
import { SELECT_SURROUNDINGS } from './metrics.sql.js';

/** How long (ms) an answer serves: several gauges are made from it. */
const FRESH_MS = 2_000;

/** What stands around the jobs: schedules, webhooks, workflows. */
export interface Surroundings {
  readonly schedulesSound: number;
  readonly schedulesFailing: number;
  readonly schedulesPaused: number;
  /** How late the latest of the schedules is that are due; 0 when none is. */
  readonly overdueSeconds: number;
  readonly webhooksSound: number;
  readonly webhooksFailing: number;
  readonly webhooksDisabled: number;
  readonly workflowsRunning: number;
}

/** Looks at what stands around the jobs, once in a while, however many ask. */
@Injectable()
export class SurroundingsQuery {
  private readonly looks = new SharedLook(
    () => this.look(),
    () => FRESH_MS,
  );

  constructor(private readonly postgres: Postgres) {}

  /** The latest look; a failed one is not tried again at once either. */
  read(): Promise<Surroundings> {
    return this.looks.read();
  }

  private async look(): Promise<Surroundings> {
    const { rows } = await this.postgres.query<Surroundings>(SELECT_SURROUNDINGS);
    const [seen] = rows;
    if (!seen) throw new Error('The statement has one row, always');
    return seen;
  }
}
