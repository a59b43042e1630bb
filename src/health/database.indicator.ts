import { Injectable } from '@nestjs/common';
import { type HealthCheckAttempt, HealthIndicatorService } from '@nestjs/terminus';
import { Postgres } from '../database/index.js';
import { PING } from './health.sql.js';
import { probe } from './probe.js';

/** Whether the database answers. */
@Injectable()
export class DatabaseIndicator {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly postgres: Postgres,
  ) {}

  check(): HealthCheckAttempt<'database'> {
    const look = async () => {
      await this.postgres.query(PING);
      return {};
    };
    return probe(this.indicators, 'database', look, 'The database cannot be reached');
  }
}
