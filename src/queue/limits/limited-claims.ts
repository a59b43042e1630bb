import { Injectable, Logger } from '@nestjs/common';
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

/** A claim holds its queue for milliseconds, and gives up after 3 s: what holds it for longer (ms) does not go on. */
const HELD_UP_MS = 3_000;

/** Claims are made more often than this (ms), as long as there is room for what they bring. */
const LONGEST_BREAK_MS = 15_000;

/** Claims of queues with limits: one at a time in each queue, across all processes. */
@Injectable()
export class LimitedClaims {
  private readonly logger = new Logger(LimitedClaims.name);
  /** Queues that had limits of keys when they were last claimed from: their claims are transactions of several steps. */
  private readonly keyed = new Set<string>();
  /** Queues whose last claims all found them taken: since when and up to when (monotonic, ms). */
  private readonly taken = new Map<string, { readonly since: number; readonly until: number }>();

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

  /** Whether claims of a queue have come to nothing for seconds, because something holds it. */
  isHeldUp(queue: string): boolean {
    const taken = this.taken.get(queue);
    if (!taken || taken.until - taken.since < HELD_UP_MS) return false;
    return performance.now() - taken.until < LONGEST_BREAK_MS;
  }

  private async claimMost(queue: string, most: number, claimant: Claimant): Promise<Claimed | undefined> {
    try {
      const claimed = await this.claimEitherWay(queue, most, claimant);
      this.taken.delete(queue);
      return claimed;
    } catch (error) {
      if (!isContention(error)) throw error;
      this.noteTaken(queue);
      return { jobs: [], lookAgainAt: this.clock.now() + NEXT_TRY_MS * (1 + Math.random()) };
    }
  }

  private noteTaken(queue: string): void {
    const now = performance.now();
    const wasHeldUp = this.isHeldUp(queue);
    const before = this.taken.get(queue);
    const isNew = !before || now - before.until > LONGEST_BREAK_MS;
    this.taken.set(queue, { since: isNew ? now : before.since, until: now });
    if (!wasHeldUp && this.isHeldUp(queue))
      this.logger.warn(
        `Nothing can be claimed from queue "${queue}": somebody's transaction has held its limits for ${HELD_UP_MS / 1000} s`,
      );
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
