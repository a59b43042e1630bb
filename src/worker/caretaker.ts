import { Injectable, Logger } from '@nestjs/common';
import { DatabaseClock, messageOf } from '../common/index.js';
import { Mender, Promoter } from '../queue/index.js';
import { Housekeeping } from './housekeeping.js';
import { Notices } from './notices.js';
import { Recovery } from './recovery.js';

/** It takes two looks to find that a worker has died, and their jobs run elsewhere within a second. */
const RECOVER_EVERY_MS = 250;
/** Where nobody is at work, nobody is missed; whoever begins and dies is found a little later. */
const RECOVER_AT_REST_EVERY_MS = 700;
const TRY_AGAIN_AFTER_MS = 1_000;
/** What somebody does by hand is followed up within a minute, also when a round takes its time. */
const MEND_EVERY_MS = 30_000;
const COUNT_EVERY_MS = 5_000;
const TIDY_EVERY_MS = 60_000;
/** Well below the minute in which a job has a ticket, so that one stored a moment ago is never late. */
const PROMOTE_AT_LEAST_EVERY_MS = 15_000;

/** A duty that repeats, each time after the pause that the last round asked for. */
interface Duty {
  readonly name: string;
  /** Answers with the pause (ms) until the next round. */
  readonly round: () => Promise<number>;
  timer?: NodeJS.Timeout;
  /** When the next round is due (the database's clock, epoch ms). */
  dueAt?: number;
  isFailing?: boolean;
  current?: Promise<void>;
}

/** What every worker does beside its jobs: promote those whose time has come, recover stalled ones, mend, tidy up. */
@Injectable()
export class Caretaker {
  private readonly logger = new Logger(Caretaker.name);
  private started = false;
  private stopped = false;

  private readonly promotion: Duty = {
    name: 'promote scheduled jobs',
    round: async () => Math.min((await this.promoter.promote()) ?? Infinity, PROMOTE_AT_LEAST_EVERY_MS),
  };
  private readonly recovering: Duty = {
    name: 'recover stalled jobs',
    round: async () => {
      const { isAnybodyAtWork } = await this.recovery.recover();
      return isAnybodyAtWork ? RECOVER_EVERY_MS : RECOVER_AT_REST_EVERY_MS;
    },
  };
  private readonly mending: Duty = {
    name: 'mend the queue',
    round: async () => {
      await this.mender.mend();
      return MEND_EVERY_MS;
    },
  };
  private readonly counting: Duty = {
    name: 'add up how many jobs there are',
    round: async () => {
      await this.housekeeping.addUp();
      return COUNT_EVERY_MS;
    },
  };
  private readonly tidying: Duty = {
    name: 'tidy up',
    round: async () => {
      await this.housekeeping.tidy();
      return TIDY_EVERY_MS;
    },
  };

  constructor(
    private readonly housekeeping: Housekeeping,
    private readonly promoter: Promoter,
    private readonly mender: Mender,
    private readonly recovery: Recovery,
    private readonly clock: DatabaseClock,
    notices: Notices,
  ) {
    notices.subscribe(({ promoteAt }) => {
      if (promoteAt !== undefined) this.runAt(this.promotion, promoteAt);
    });
  }

  start(): void {
    this.started = true;
    for (const duty of this.duties()) this.run(duty);
  }

  /** Resolves when no round is under way any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const duty of this.duties()) clearTimeout(duty.timer);
    await Promise.all(this.duties().map(async (duty) => duty.current));
  }

  private duties(): Duty[] {
    return [this.promotion, this.recovering, this.mending, this.counting, this.tidying];
  }

  private run(duty: Duty): void {
    if (this.stopped) return;
    duty.dueAt = undefined;
    duty.current = this.roundOf(duty).then((pause) => {
      duty.current = undefined;
      this.runAt(duty, this.clock.now() + pause);
    });
  }

  /** The earliest time wins. What is asked for while a round is under way is done after it: it may have missed it. */
  private runAt(duty: Duty, at: number): void {
    if (this.stopped || !this.started) return;
    duty.dueAt = Math.min(duty.dueAt ?? at, at);
    if (duty.current) return;
    clearTimeout(duty.timer);
    const pause = Math.min(TIDY_EVERY_MS, Math.max(0, Math.ceil(duty.dueAt - this.clock.now())));
    duty.timer = setTimeout(() => this.run(duty), pause);
  }

  private async roundOf(duty: Duty): Promise<number> {
    try {
      const pause = await duty.round();
      if (duty.isFailing) this.logger.log(`Able again to ${duty.name}`);
      duty.isFailing = false;
      return pause;
    } catch (error) {
      if (!duty.isFailing) this.logger.warn(`Could not ${duty.name}: ${messageOf(error)}`);
      duty.isFailing = true;
      return TRY_AGAIN_AFTER_MS;
    }
  }
}
