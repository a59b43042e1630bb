import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { JobsService } from './jobs.service.js';

/** What a submission means, for everything that takes one: over HTTP now, or kept for later. */
@Module({ imports: [QueueModule], providers: [JobsService], exports: [JobsService] })
export class SubmissionModule {}
