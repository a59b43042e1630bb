import { Module } from '@nestjs/common';
import { ArtifactsModule } from '../artifacts/index.js';
import { HeldRequestsModule } from '../held-requests/index.js';
import { QueueModule } from '../queue/index.js';
import { CircuitsModule, LivenessModule } from '../worker/index.js';
import { ArtifactDownload } from './artifacts/artifact-download.js';
import { ArtifactsController } from './artifacts/artifacts.controller.js';
import { AttemptsController } from './attempts.controller.js';
import { AttemptsQuery } from './attempts.query.js';
import { BatchController } from './batch.controller.js';
import { ControlController } from './control.controller.js';
import { ControlService } from './control.service.js';
import { EventStreams, STREAM_SETTINGS, streamSettings } from './events/event-streams.js';
import { EventsController } from './events/events.controller.js';
import { EventsQuery } from './events/events.query.js';
import { NewsQuery } from './events/news.query.js';
import { ExplainController } from './explain/explain.controller.js';
import { ExplainQuery } from './explain/explain.query.js';
import { JobTypesController } from './types/job-types.controller.js';
import { JobsController } from './jobs.controller.js';
import { JobsQuery } from './jobs.query.js';
import { JobSubmissionModule } from './job-submission.module.js';
import { ListJobsQuery, SEARCH_MS, searchMs } from './list/list-jobs.query.js';
import { LogsController } from './logs.controller.js';
import { LogsQuery } from './logs.query.js';
import { ParentsController } from './parents.controller.js';
import { JobTypesService } from './types/job-types.service.js';
import { TasksController } from './tasks.controller.js';
import { ResultWait } from './wait/result-wait.js';
import { JobWatch } from './watch/job-watch.js';

/** Submitting and reading jobs over HTTP. */
@Module({
  imports: [
    JobSubmissionModule,
    QueueModule,
    ArtifactsModule,
    LivenessModule,
    CircuitsModule,
    HeldRequestsModule,
  ],
  controllers: [
    BatchController,
    JobsController,
    AttemptsController,
    ControlController,
    TasksController,
    JobTypesController,
    EventsController,
    LogsController,
    ArtifactsController,
    ExplainController,
    ParentsController,
  ],
  providers: [
    ControlService,
    JobTypesService,
    JobsQuery,
    ListJobsQuery,
    { provide: SEARCH_MS, useValue: searchMs },
    AttemptsQuery,
    LogsQuery,
    ArtifactDownload,
    EventsQuery,
    NewsQuery,
    EventStreams,
    { provide: STREAM_SETTINGS, useValue: streamSettings },
    ExplainQuery,
    ResultWait,
    JobWatch,
  ],
  exports: [JobsQuery],
})
export class JobsModule {}
