import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';
import { CONFIG, type Config } from '../config/index.js';
import { CRON_OPTIONS } from './cron-options.js';
import { SlotEnqueuer } from './slot-enqueuer.js';
import { type PeriodicJob, cronExpression } from './slots.js';

/** Recovers stalled jobs every `STALLED_JOB_CHECK_INTERVAL` minutes; registered at start, since a decorator cannot read a setting. */
@Injectable()
export class RecoverStalledCron implements OnApplicationBootstrap {
  private readonly job: PeriodicJob;

  constructor(
    private readonly slots: SlotEnqueuer,
    private readonly registry: SchedulerRegistry,
    @Inject(CONFIG) { periodic }: Config,
  ) {
    this.job = { type: 'retry_stalled_jobs', everyMinutes: periodic.stalledCheckMinutes };
  }

  onApplicationBootstrap(): Promise<void> {
    const cronTime = cronExpression(this.job);
    const timer = CronJob.from({ ...CRON_OPTIONS, name: this.job.type, cronTime, onTick: () => this.fire() });
    this.registry.addCronJob(this.job.type, timer);
    timer.start();
    return this.slots.catchUp(this.job);
  }

  fire(): Promise<void> {
    return this.slots.fire(this.job);
  }
}
