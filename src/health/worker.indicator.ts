import { Injectable } from '@nestjs/common';
import { type HealthCheckAttempt, HealthIndicatorService } from '@nestjs/terminus';
import { LiveWorkersQuery } from '../worker/index.js';
import { probe } from './probe.js';

const SOME_TAKE_NOTHING =
  'Workers live, have free slots and take no jobs: GET /workers names them (takes_nothing), and their logs say why';
const NOBODY_WORKS = 'No worker is alive: jobs are accepted and wait until one starts';

/**
 * How many workers are alive, and how many of them take nothing all the same. None at all is told and is no failure: an
 * API without a worker still accepts jobs and keeps them, and taking it out of service would turn a delay into an outage.
 */
@Injectable()
export class WorkerIndicator {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly liveWorkers: LiveWorkersQuery,
  ) {}

  check(): HealthCheckAttempt<'worker'> {
    const look = async () => {
      const [alive, { takingNothing }] = await Promise.all([
        this.liveWorkers.count(),
        this.liveWorkers.abilities(),
      ]);
      if (alive === 0) return { alive, message: NOBODY_WORKS };
      return takingNothing === 0
        ? { alive }
        : { alive, taking_nothing: takingNothing, message: SOME_TAKE_NOTHING };
    };
    return probe(this.indicators, 'worker', look, 'The list of workers cannot be read');
  }
}
