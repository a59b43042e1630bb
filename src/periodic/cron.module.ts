import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { FetchJokeCron } from './fetch-joke.cron.js';
import { HealthCheckCron } from './health-check.cron.js';
import { KnownJobsQuery } from './known-jobs.query.js';
import { RecoverStalledCron } from './recover-stalled.cron.js';
import { SlotEnqueuer } from './slot-enqueuer.js';

/** The timers of the periodic jobs. They fire in every worker process, and one job a slot comes of it. */
@Module({
  imports: [QueueModule],
  providers: [SlotEnqueuer, KnownJobsQuery, FetchJokeCron, RecoverStalledCron, HealthCheckCron],
})
export class CronModule {}
