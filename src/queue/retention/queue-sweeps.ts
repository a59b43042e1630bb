import { Injectable } from '@nestjs/common';
import { Keys } from '../keys/keys.js';
import { LimitSettings } from '../limits/limit-settings.js';
import { Retention } from './retention.js';

/** Clears up what time has made useless: keys, what limits had put aside, and old jobs. */
@Injectable()
export class QueueSweeps {
  constructor(
    private readonly keys: Keys,
    private readonly limits: LimitSettings,
    private readonly retention: Retention,
  ) {}

  async sweep(): Promise<void> {
    await this.keys.sweep();
    await this.limits.sweep();
    await this.retention.sweep();
  }
}
