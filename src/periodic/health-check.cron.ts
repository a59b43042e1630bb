import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { CRON_OPTIONS } from './cron-options.js';
import { SlotEnqueuer } from './slot-enqueuer.js';
import type { PeriodicJob } from './slots.js';

const HEALTH_CHECK: PeriodicJob = { type: 'health_check_task', everyMinutes: 5 };

/** Checks the system's health every five minutes. */
@Injectable()
export class HealthCheckCron implements OnApplicationBootstrap {
  constructor(private readonly slots: SlotEnqueuer) {}

  onApplicationBootstrap(): Promise<void> {
    return this.slots.catchUp(HEALTH_CHECK);
  }

  @Cron('*/5 * * * *', { ...CRON_OPTIONS, name: HEALTH_CHECK.type })
  fire(): Promise<void> {
    return this.slots.fire(HEALTH_CHECK);
  }
}
