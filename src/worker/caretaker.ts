import { Injectable, Logger } from '@nestjs/common';
import { DatabaseClock } from '../common/index.js';
import { Mender, Promoter } from '../queue/index.js';
import { Duty } from './duty.js';
import { Housekeeping } from './housekeeping.js';
import { Notices } from './notices.js';
import { Recovery } from './recovery.js';

/** It takes two looks to find that a worker has died, and their jobs run elsewhere within a second. */
const RECOVER_EVERY_MS = 250;
/** Where nobody is at work, nobody is missed; whoever begins and dies is found a little later. */
const RECOVER_AT_REST_EVERY_MS = 700;
/** What somebody does by hand is followed up within a minute, also when a round takes its time. */
const MEND_EVERY_MS = 30_000;
const COUNT_EVERY_MS = 5_000;
const TIDY_EVERY_MS = 60_000;
/** Well below the minute in which a job has a ticket, so that one stored a moment ago is never late. */
const PROMOTE_AT_LEAST_EVERY_MS = 15_000;

/** What every worker does beside its jobs: promote those whose time has come, recover stalled ones, mend, tidy up. */
@Injectable()
export class Caretaker {
  private readonly logger = new Logger(Caretaker.name);
  private readonly duties: readonly Duty[];

  constructor(
    housekeeping: Housekeeping,
    promoter: Promoter,
    mender: Mender,
    recovery: Recovery,
    private readonly clock: DatabaseClock,
    notices: Notices,
  ) {
    const promotion = this.duty('promote scheduled jobs', async () =>
      Math.min((await promoter.promote()) ?? Infinity, PROMOTE_AT_LEAST_EVERY_MS),
    );
    const recovering = this.duty('recover stalled jobs', async () => {
      const { isAnybodyAtWork } = await recovery.recover();
      return isAnybodyAtWork ? RECOVER_EVERY_MS : RECOVER_AT_REST_EVERY_MS;
    });
    const mending = this.duty('mend the queue', async () => {
      await mender.mend();
      return MEND_EVERY_MS;
    });
    const counting = this.duty('add up how many jobs there are', async () => {
      await housekeeping.addUp();
      return COUNT_EVERY_MS;
    });
    const tidying = this.duty('tidy up', async () => {
      await housekeeping.tidy();
      return TIDY_EVERY_MS;
    });
    this.duties = [promotion, recovering, mending, counting, tidying];
    notices.subscribe(({ promoteAt }) => {
      if (promoteAt !== undefined) promotion.runAt(promoteAt);
    });
  }

  start(): void {
    for (const duty of this.duties) duty.start();
  }

  /** Resolves when no round is under way any more. */
  async stop(): Promise<void> {
    await Promise.all(this.duties.map((duty) => duty.stop()));
  }

  private duty(name: string, round: () => Promise<number>): Duty {
    return new Duty(name, round, this.clock, this.logger);
  }
}
