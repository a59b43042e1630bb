import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { JobGroups } from './groups/job-groups.service.js';
import { JobsService } from './jobs.service.js';

/** What requests for jobs mean, for whoever accepts some: over HTTP, or in a worker. */
@Module({ imports: [QueueModule], providers: [JobsService, JobGroups], exports: [JobsService, JobGroups] })
export class JobSubmissionModule {}
