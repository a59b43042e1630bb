import { Injectable } from '@nestjs/common';
import { DatabaseClock } from '../../common/index.js';
import { Postgres, isContention } from '../../database/index.js';
import type { ClaimedJob } from '../claim/claimed-job.js';
import type { Claimant } from '../claim/claimant.js';
import type { Claimed } from './entry.js';
import { KeyedClaim, NothingToKeepError } from './keyed-claim.js';
import { SELECT_NEXT_READY } from './limits.sql.js';
import { LineClaims } from './line-claims.js';

/** When (ms) a claim that found its queue taken for long is made again, so that not all come at once. */
const NEXT_TRY_MS = 50;

/** Claims of queues with limits: one at a time in each queue, across all processes. */
@Injectable()
export class LimitedClaims {
  /** Queues that had limits of keys when they were last claimed from: their claims are transactions of several steps. */
  private readonly keyed = new Set<string>();

  constructor(
    private readonly postgres: Postgres,
    private readonly line: LineClaims,
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
      return await this.claimEitherWay(queue, most, claimant);
    } catch (error) {
      if (!isContention(error)) throw error;
      return { jobs: [], lookAgainAt: this.clock.now() + NEXT_TRY_MS * (1 + Math.random()) };
    }
  }

  private async claimEitherWay(
    queue: string,
    most: number,
    claimant: Claimant,
  ): Promise<Claimed | undefined> {
    if (!this.keyed.has(queue)) {
      const claimed = await this.line.claim(queue, most, claimant);
      if (claimed) return claimed;
    }
    const claimed = await this.claimByKeys(queue, most, claimant);
    if (claimed) this.keyed.add(queue);
    else if (this.keyed.delete(queue)) return this.claimEitherWay(queue, most, claimant);
    return claimed;
  }

  private async claimByKeys(queue: string, most: number, claimant: Claimant): Promise<Claimed | undefined> {
    const claimed = await this.postgres
      .transaction((session) => new KeyedClaim(session, queue, claimant).run(most))
      .catch((error: unknown) => {
        if (error instanceof NothingToKeepError) return error.claimed;
        throw error;
      });
    if (!claimed?.awaitsKeys) return claimed;
    return { jobs: claimed.jobs, lookAgainAt: await this.nextReadyKey(queue) };
  }

  /** Nobody else has to wait for this; and what has started must be run, whatever becomes of it. */
  private async nextReadyKey(queue: string): Promise<number | undefined> {
    try {
      const { rows } = await this.postgres.run<{ at: number | null }>(SELECT_NEXT_READY, [queue]);
      return rows[0]?.at ?? undefined;
    } catch {
      return this.clock.now() + NEXT_TRY_MS;
    }
  }
}
