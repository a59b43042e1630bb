import { Module } from '@nestjs/common';
import { JobSubmissionModule } from '../../jobs/index.js';
import { QueueModule } from '../../queue/index.js';
import { JobTarget } from './job-target.js';
import { ScheduleTarget } from './schedule-target.js';

/** What schedules can start. */
@Module({
  imports: [QueueModule, JobSubmissionModule],
  providers: [{ provide: ScheduleTarget, useClass: JobTarget }],
  exports: [ScheduleTarget],
})
export class TargetsModule {}
