import { Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../common/index.js';
import { ALL_JOBS, ALL_WORKERS, Line, type Wakeup } from '../queue/index.js';

/** How long (ms) a job may wait to be seen. Looking costs one cheap statement. */
const LOOK_EVERY_MS = 250;

/** What is asked for less often: the worker's own row, jobs whose ticket is still to be made, and schedules. */
const LOOKS_BETWEEN_ROUNDS = 4;

/**
 * Looks for what notices would tell, where none can be heard: behind a transaction-mode pooler without a direct
 * connection.
 */
@Injectable()
export class Lookout {
  private readonly logger = new Logger(Lookout.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private looks = 0;
  private stopped = false;

  constructor(private readonly line: Line) {}

  /** Tells what there is to do until `stop`. */
  start(tell: (wakeup: Wakeup) => void): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.looking = this.look(tell).then(() => this.start(tell));
    }, LOOK_EVERY_MS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  private async look(tell: (wakeup: Wakeup) => void): Promise<void> {
    try {
      const isRound = this.looks++ % LOOKS_BETWEEN_ROUNDS === 0;
      const ready = await this.line.readyQueues();
      tell({
        ready,
        due: {},
        cancel: [ALL_JOBS],
        ...(isRound ? { workers: [ALL_WORKERS], promoteAt: 0, scheduleAt: 0 } : {}),
      });
    } catch (error) {
      // The next look makes up for it, and others report that the database is away.
      this.logger.debug(`The queues cannot be looked at: ${messageOf(error)}`);
    }
  }
}
