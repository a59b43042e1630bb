import { Module } from '@nestjs/common';
import { LivenessModule } from '../worker/index.js';
import { HealthCheckHandler } from './health-check.handler.js';
import { RetryStalledHandler } from './retry-stalled.handler.js';

/** The job types that keep the system well. */
@Module({
  imports: [LivenessModule],
  providers: [RetryStalledHandler, HealthCheckHandler],
})
export class PeriodicModule {}
