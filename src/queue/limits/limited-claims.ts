import { Injectable } from '@nestjs/common';
import { DatabaseClock } from '../../common/index.js';
import { Postgres, isContention } from '../../database/index.js';
import type { ClaimedJob } from '../claim/claimed-job.js';
import type { Claimant } from '../claim/claimant.js';
import { type Claimed, LimitedClaim, NothingToKeepError } from './limited-claim.js';

/** When (ms) a claim that found its queue taken for long is made again, so that not all come at once. */
const NEXT_TRY_MS = 50;

/** Claims of queues with limits: one at a time in each queue, across all processes. */
@Injectable()
export class LimitedClaims {
  constructor(
    private readonly postgres: Postgres,
    private readonly clock: DatabaseClock,
  ) {}

  /** @returns undefined when the queue has no limits any more */
  async claim(queue: string, limit: number, claimant: Claimant): Promise<ClaimedJob[] | undefined> {
    const most = Math.min(limit, claimant.free ?? limit);
    const claimed =
      most > 0 ? await this.claimMost(queue, most, claimant) : { jobs: [], lookAgainAt: this.clock.now() };
    if (claimed && claimed.jobs.length < limit && claimed.lookAgainAt !== undefined)
      claimant.lookAgain?.(claimed.lookAgainAt);
    return claimed?.jobs;
  }

  private async claimMost(queue: string, most: number, claimant: Claimant): Promise<Claimed | undefined> {
    try {
      return await this.postgres.transaction((session) =>
        new LimitedClaim(session, queue, claimant).run(most),
      );
    } catch (error) {
      if (error instanceof NothingToKeepError) return { jobs: [], lookAgainAt: error.lookAgainAt };
      if (!isContention(error)) throw error;
      return { jobs: [], lookAgainAt: this.clock.now() + NEXT_TRY_MS * (1 + Math.random()) };
    }
  }
}
