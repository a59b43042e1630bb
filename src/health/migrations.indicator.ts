import { Injectable } from '@nestjs/common';
import { type HealthCheckAttempt, HealthIndicatorService } from '@nestjs/terminus';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { UnsuitableDatabaseError, refuseOldSchema } from '../database/index.js';
import { ProbeFailure, probe } from './probe.js';

/** Whether the database has every migration of this build. */
@Injectable()
export class MigrationsIndicator {
  constructor(
    private readonly indicators: HealthIndicatorService,
    @InjectDataSource() private readonly source: DataSource,
  ) {}

  check(): HealthCheckAttempt<'migrations'> {
    const look = async () => {
      await refuseOldSchema(this.source).catch(showUnsuitable);
      return {};
    };
    return probe(this.indicators, 'migrations', look, 'The migrations cannot be read');
  }
}

function showUnsuitable(error: unknown): never {
  throw error instanceof UnsuitableDatabaseError ? new ProbeFailure(error.message, { cause: error }) : error;
}
