import { Module } from '@nestjs/common';
import { RecoveryModule } from '../worker/index.js';
import { HealthCheckHandler } from './health-check.handler.js';
import { LiveWorkersQuery } from './live-workers.query.js';
import { RetryStalledHandler } from './retry-stalled.handler.js';

/** The job types that keep the system well. */
@Module({
  imports: [RecoveryModule],
  providers: [RetryStalledHandler, HealthCheckHandler, LiveWorkersQuery],
})
export class PeriodicModule {}
