import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { CRON_OPTIONS } from './cron-options.js';
import { SlotEnqueuer } from './slot-enqueuer.js';
import type { PeriodicJob } from './slots.js';

const FETCH_JOKE: PeriodicJob = { type: 'scheduled_fetch_random_joke', everyMinutes: 2 };

/** Fetches a random joke every two minutes. */
@Injectable()
export class FetchJokeCron implements OnApplicationBootstrap {
  constructor(private readonly slots: SlotEnqueuer) {}

  onApplicationBootstrap(): Promise<void> {
    return this.slots.catchUp(FETCH_JOKE);
  }

  @Cron('*/2 * * * *', { ...CRON_OPTIONS, name: FETCH_JOKE.type })
  fire(): Promise<void> {
    return this.slots.fire(FETCH_JOKE);
  }
}
