import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { AttemptsQuery } from './attempts.query.js';
import { EventStreams, STREAM_SETTINGS, streamSettings } from './events/event-streams.js';
import { EventsController } from './events/events.controller.js';
import { EventsQuery } from './events/events.query.js';
import { NewsQuery } from './events/news.query.js';
import { JobTypesController } from './job-types.controller.js';
import { JobsController } from './jobs.controller.js';
import { JobsQuery } from './jobs.query.js';
import { JobsService } from './jobs.service.js';
import { LogsController } from './logs.controller.js';
import { LogsQuery } from './logs.query.js';
import { TasksController } from './tasks.controller.js';
import { ResultWait } from './wait/result-wait.js';
import { JobWatch } from './watch/job-watch.js';

/** Submitting and reading jobs over HTTP. */
@Module({
  imports: [QueueModule],
  controllers: [JobsController, TasksController, JobTypesController, EventsController, LogsController],
  providers: [
    JobsService,
    JobsQuery,
    AttemptsQuery,
    LogsQuery,
    EventsQuery,
    NewsQuery,
    EventStreams,
    { provide: STREAM_SETTINGS, useValue: streamSettings },
    ResultWait,
    JobWatch,
  ],
})
export class JobsModule {}
