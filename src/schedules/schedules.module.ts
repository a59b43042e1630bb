import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { PreviewsService } from './previews.service.js';
import { ScheduleActionsController } from './schedule-actions.controller.js';
import { SchedulesController } from './schedules.controller.js';
import { SchedulesQuery } from './schedules.query.js';
import { SchedulesService } from './schedules.service.js';
import { ShownSchedules } from './shown-schedules.js';
import { TargetsModule } from './targets/targets.module.js';

/** Schedules over HTTP. */
@Module({
  imports: [QueueModule, TargetsModule],
  controllers: [ScheduleActionsController, SchedulesController],
  providers: [SchedulesService, SchedulesQuery, PreviewsService, ShownSchedules],
})
export class SchedulesModule {}
