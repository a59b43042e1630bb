import { Injectable } from '@nestjs/common';
import { type HealthCheckAttempt, HealthIndicatorService } from '@nestjs/terminus';
import { LiveWorkersQuery } from '../worker/index.js';
import { probe } from './probe.js';

const NOBODY_WORKS = 'No worker is alive: jobs are accepted and wait until one starts';

/**
 * How many workers are alive. None at all is told and is no failure: an API without a worker still accepts
 * jobs and keeps them, and taking it out of service would turn a delay into an outage.
 */
@Injectable()
export class WorkerIndicator {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly liveWorkers: LiveWorkersQuery,
  ) {}

  check(): HealthCheckAttempt<'worker'> {
    const look = async () => {
      const alive = await this.liveWorkers.count();
      return alive > 0 ? { alive } : { alive, message: NOBODY_WORKS };
    };
    return probe(this.indicators, 'worker', look, 'The list of workers cannot be read');
  }
}
