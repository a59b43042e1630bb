import { Injectable } from '@nestjs/common';
import { type HealthCheckAttempt, HealthIndicatorService } from '@nestjs/terminus';
import { Postgres } from '../database/index.js';
import { SELECT_STANDBY } from './health.sql.js';
import { ProbeFailure, probe } from './probe.js';

/** Whether the database answers and takes writes. */
@Injectable()
export class DatabaseIndicator {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly postgres: Postgres,
  ) {}

  check(): HealthCheckAttempt<'database'> {
    const look = async () => {
      const { rows } = await this.postgres.query<{ isStandby: boolean }>(SELECT_STANDBY);
      if (rows[0]?.isStandby) throw new ProbeFailure('The database is a standby and takes no writes');
      return {};
    };
    return probe(this.indicators, 'database', look, 'The database cannot be reached');
  }
}
