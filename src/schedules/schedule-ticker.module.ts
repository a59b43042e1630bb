import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { WorkerModule } from '../worker/index.js';
import { TargetsModule } from './targets/targets.module.js';
import { DueSchedules } from './ticker/due-schedules.js';
import { ScheduleTicker } from './ticker/schedule-ticker.js';

/** What fires schedules; for workers. */
@Module({
  imports: [QueueModule, WorkerModule, TargetsModule],
  providers: [ScheduleTicker, DueSchedules],
})
export class ScheduleTickerModule {}
