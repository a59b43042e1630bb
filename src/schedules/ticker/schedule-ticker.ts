import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DatabaseClock } from '../../common/index.js';
import { QueueReadiness } from '../../queue/index.js';
import { Duty, Notices } from '../../worker/index.js';
import { DueSchedules } from './due-schedules.js';

/** Only a backstop: notices tell of schedules that were written, and a timer waits for the next one that is due. */
const LOOK_AT_LEAST_EVERY_MS = 5_000;

/** What another worker is firing just now is still due for whoever looks. */
const SHORTEST_PAUSE_MS = 50;

/** Fires schedules at their time. Every worker does; each occurrence is taken by one of them. */
@Injectable()
export class ScheduleTicker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly duty: Duty;
  private stopped = false;

  constructor(
    private readonly due: DueSchedules,
    private readonly readiness: QueueReadiness,
    clock: DatabaseClock,
    notices: Notices,
  ) {
    this.duty = new Duty('fire schedules', () => this.round(), clock, new Logger('Schedules'));
    notices.subscribe(({ scheduleAt }) => {
      if (scheduleAt !== undefined) this.duty.runAt(scheduleAt);
    });
  }

  onApplicationBootstrap(): void {
    const giveUp = () => undefined;
    void this.readiness.ready.then(() => {
      if (!this.stopped) this.duty.start();
    }, giveUp);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.duty.stop();
  }

  private async round(): Promise<number> {
    while (!this.stopped && (await this.due.fire()) > 0);
    const ms = (await this.due.nextDue()) ?? Infinity;
    return Math.min(Math.max(ms, SHORTEST_PAUSE_MS), LOOK_AT_LEAST_EVERY_MS);
  }
}
