import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { JobGroups } from './groups/job-groups.service.js';
import { QueueBounds } from './queue-bounds.js';
import { JobsService } from './jobs.service.js';

/** What requests for jobs mean, for whoever accepts some: over HTTP, or in a worker. */
@Module({
  imports: [QueueModule],
  providers: [JobsService, JobGroups, QueueBounds],
  exports: [JobsService, JobGroups, QueueBounds],
})
export class JobSubmissionModule {}
