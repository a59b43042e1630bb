import { Module } from '@nestjs/common';
import { JobSubmissionModule } from '../jobs/index.js';
import { QueueModule } from '../queue/index.js';
import { WorkflowsService } from './workflows.service.js';

/** What requests for workflows mean, for whoever starts some: over HTTP, or in a worker. */
@Module({
  imports: [QueueModule, JobSubmissionModule],
  providers: [WorkflowsService],
  exports: [WorkflowsService],
})
export class WorkflowSubmissionModule {}
