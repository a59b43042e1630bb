import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { BulkJobsModule, BulkOperationsModule } from './bulk-operations/index.js';
import { ConfigModule } from './config/index.js';
import { DatabaseModule } from './database/index.js';
import { DeadLettersModule } from './dead-letters/index.js';
import { HealthModule } from './health/index.js';
import { JobsModule } from './jobs/index.js';
import { JokesModule } from './jokes/index.js';
import { MetricsModule, QueueMetricsModule, WorkerMetricsModule } from './metrics/index.js';
import { CronModule, PeriodicModule } from './periodic/index.js';
import { QueuesModule } from './queues/index.js';
import { StatsModule } from './stats/index.js';
import { TasksModule } from './tasks/index.js';
import { HandlersModule, WorkerModule } from './worker/index.js';
import { WorkersModule } from './workers/index.js';

/** What both roles share: the settings, the database, every job type with its handler, health and metrics. */
const shared = [
  ConfigModule,
  DatabaseModule,
  HandlersModule,
  TasksModule,
  JokesModule,
  PeriodicModule,
  BulkJobsModule,
  HealthModule,
  MetricsModule,
];

/** The HTTP API: accepts jobs and answers questions, runs none. */
@Module({
  imports: [
    ...shared,
    JobsModule,
    QueuesModule,
    WorkersModule,
    BulkOperationsModule,
    DeadLettersModule,
    StatsModule,
    QueueMetricsModule,
  ],
})
export class ApiModule {}

/** A worker: runs jobs, and enqueues the periodic ones. */
@Module({ imports: [...shared, ScheduleModule.forRoot(), CronModule, WorkerModule, WorkerMetricsModule] })
export class WorkerAppModule {}
