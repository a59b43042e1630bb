import type { Logger } from '@nestjs/common';
import { type DatabaseClock, messageOf } from '../common/index.js';

const TRY_AGAIN_AFTER_MS = 1_000;

/** Longer waits are cut into pieces: a timer of more than 24 days would fire at once. */
const LONGEST_PAUSE_MS = 60_000;

/** Work that repeats, each time after the pause that the last round asked for. A round that fails is tried again. */
export class Duty {
  private timer: NodeJS.Timeout | undefined;
  /** When the next round is due (the database's clock, epoch ms). */
  private dueAt: number | undefined;
  private isFailing = false;
  private current: Promise<void> | undefined;
  private started = false;
  private stopped = false;

  /**
   * @param name what it does, as in "could not …"
   * @param round answers with the pause (ms) until the next one
   */
  constructor(
    private readonly name: string,
    private readonly round: () => Promise<number>,
    private readonly clock: DatabaseClock,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.started = true;
    this.run();
  }

  /** Resolves when no round is under way any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.current;
  }

  /**
   * Asks for a round at that time (epoch ms). The earliest time wins. What is asked for while a round is under way is
   * done after it: it may have missed it.
   */
  runAt(at: number): void {
    if (this.stopped || !this.started) return;
    this.dueAt = Math.min(this.dueAt ?? at, at);
    if (this.current) return;
    clearTimeout(this.timer);
    const pause = Math.min(LONGEST_PAUSE_MS, Math.max(0, Math.ceil(this.dueAt - this.clock.now())));
    this.timer = setTimeout(() => this.run(), pause);
  }

  private run(): void {
    if (this.stopped) return;
    this.dueAt = undefined;
    this.current = this.oneRound().then((pause) => {
      this.current = undefined;
      this.runAt(this.clock.now() + pause);
    });
  }

  private async oneRound(): Promise<number> {
    try {
      const pause = await this.round();
      if (this.isFailing) this.logger.log(`Able again to ${this.name}`);
      this.isFailing = false;
      return pause;
    } catch (error) {
      if (!this.isFailing) this.logger.warn(`Could not ${this.name}: ${messageOf(error)}`);
      this.isFailing = true;
      return TRY_AGAIN_AFTER_MS;
    }
  }
}
