import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { JobFaultsListener } from './job-faults.listener.js';
import { JobLogListener } from './job-log.listener.js';
import { JobSpansListener } from './job-spans.listener.js';

/** What happens to jobs, as log lines, spans and reports of faults. */
@Module({
  imports: [QueueModule],
  providers: [JobLogListener, JobSpansListener, JobFaultsListener],
})
export class TelemetryModule {}
