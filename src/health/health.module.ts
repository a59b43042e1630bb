import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { QueueModule } from '../queue/index.js';
import { LivenessModule } from '../worker/index.js';
import { Checkup } from './checkup.js';
import { DatabaseIndicator } from './database.indicator.js';
import { HealthController } from './health.controller.js';
import { MigrationsIndicator } from './migrations.indicator.js';
import { QueueIndicator } from './queue.indicator.js';
import { Readiness } from './readiness.js';
import { WorkerIndicator } from './worker.indicator.js';

/** `/health`, `/health/live` and `/health/ready`, on the API and on a worker's own port. */
@Module({
  // Whoever asks gets the answer; a line in the log for every failed probe would only bury the cause.
  imports: [QueueModule, LivenessModule, TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [Checkup, DatabaseIndicator, QueueIndicator, WorkerIndicator, MigrationsIndicator, Readiness],
})
export class HealthModule {}
