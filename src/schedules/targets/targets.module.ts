import { Module } from '@nestjs/common';
import { JobSubmissionModule } from '../../jobs/index.js';
import { QueueModule } from '../../queue/index.js';
import { WorkflowSubmissionModule } from '../../workflows/index.js';
import { JobTarget } from './job-target.js';
import { ScheduleTargets } from './schedule-targets.js';
import { WorkflowTarget } from './workflow-target.js';

/** What schedules can start. */
@Module({
  imports: [QueueModule, JobSubmissionModule, WorkflowSubmissionModule],
  providers: [ScheduleTargets, JobTarget, WorkflowTarget],
  exports: [ScheduleTargets],
})
export class TargetsModule {}
