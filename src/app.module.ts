import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { ConfigModule } from './config/index.js';
import { DatabaseModule } from './database/index.js';
import { JobsModule } from './jobs/index.js';
import { TasksModule } from './tasks/index.js';
import { HandlersModule, WorkerModule } from './worker/index.js';

/** What both roles share: the settings, the database and every job type with its handler. */
const shared = [ConfigModule, DatabaseModule, HandlersModule, TasksModule];

/** The HTTP API: accepts jobs and answers questions, runs none. */
@Module({ imports: [...shared, JobsModule] })
export class ApiModule {}

/** A worker: runs jobs, and enqueues the periodic ones. */
@Module({ imports: [...shared, ScheduleModule.forRoot(), WorkerModule] })
export class WorkerAppModule {}
