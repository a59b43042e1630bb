import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { AttemptsQuery } from './attempts.query.js';
import { JobTypesController } from './job-types.controller.js';
import { JobsController } from './jobs.controller.js';
import { JobsQuery } from './jobs.query.js';
import { JobsService } from './jobs.service.js';
import { TasksController } from './tasks.controller.js';

/** Submitting and reading jobs over HTTP. */
@Module({
  imports: [QueueModule],
  controllers: [JobsController, TasksController, JobTypesController],
  providers: [JobsService, JobsQuery, AttemptsQuery],
})
export class JobsModule {}
