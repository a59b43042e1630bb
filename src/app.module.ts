import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { AuthModule } from './auth/index.js';
import { BulkJobsModule, BulkOperationsModule } from './bulk-operations/index.js';
import { ConfigModule } from './config/index.js';
import { DatabaseModule, StartWarningsModule } from './database/index.js';
import { DeadLettersModule } from './dead-letters/index.js';
import { DatabaseGuard, HealthModule } from './health/index.js';
import { JobsModule } from './jobs/index.js';
import { JokesModule } from './jokes/index.js';
import { LeasesModule } from './leases/index.js';
import { ApiMetricsModule, MetricsModule, WorkerMetricsModule } from './metrics/index.js';
import { CronModule, PeriodicModule } from './periodic/index.js';
import { QueueModule } from './queue/index.js';
import { QueuesModule } from './queues/index.js';
import { ScheduleTickerModule, SchedulesModule } from './schedules/index.js';
import { AuditLogModule } from './audit-log/index.js';
import { ScalingModule } from './scaling/index.js';
import { StatsModule } from './stats/index.js';
import { TelemetryModule } from './telemetry/index.js';
import { TasksModule } from './tasks/index.js';
import { AttemptHostModule, HandlersModule, WorkerModule } from './worker/index.js';
import { WebhookJobsModule, WebhooksModule } from './webhooks/index.js';
import { WorkersModule } from './workers/index.js';
import { WorkflowsModule } from './workflows/index.js';

/** The settings, the database, every job type with its handler. */
const jobTypes = [
  ConfigModule,
  DatabaseModule,
  HandlersModule,
  TasksModule,
  JokesModule,
  PeriodicModule,
  BulkJobsModule,
  WebhookJobsModule,
];

/** What both roles share. */
const shared = [...jobTypes, StartWarningsModule, HealthModule, MetricsModule, TelemetryModule];

/** The HTTP API: accepts jobs and answers questions, runs none. */
@Module({
  imports: [
    ...shared,
    AuthModule,
    JobsModule,
    QueuesModule,
    SchedulesModule,
    WorkersModule,
    WorkflowsModule,
    BulkOperationsModule,
    DeadLettersModule,
    WebhooksModule,
    LeasesModule,
    StatsModule,
    AuditLogModule,
    ApiMetricsModule,
    ScalingModule,
    QueueModule,
  ],
  providers: [{ provide: APP_GUARD, useClass: DatabaseGuard }],
})
export class ApiModule {}

/** A worker: runs jobs, and enqueues the periodic ones and those of schedules. */
@Module({
  imports: [
    ...shared,
    ScheduleModule.forRoot(),
    CronModule,
    ScheduleTickerModule,
    WorkerModule,
    WorkerMetricsModule,
  ],
})
export class WorkerAppModule {}

/** A process that a worker has started to run single attempts in it. */
@Module({ imports: [...jobTypes, AttemptHostModule] })
export class IsolatedAppModule {}
