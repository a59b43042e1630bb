import { Injectable } from '@nestjs/common';
import { Postgres, hasSqlState } from '../../database/index.js';
import type { ClaimedJob } from '../claim/claimed-job.js';
import type { Claimant } from '../claim/claimant.js';
import { UNEQUAL } from '../line/ticket.sql.js';
import { isSuspect } from '../suspicion.js';
import { type Claimed, type Entry, MOST_ALONE, PATIENCE_MS, kindsFor, nextLook, roomOf } from './entry.js';
import { type Limits, rateOf } from './limits.js';
import { CLAIM_WITHIN_LIMITS } from './limits.sql.js';
import { cell } from './rate.js';

/** The limits of a queue, with the text that tells them from others. */
interface Known {
  readonly text: string;
  readonly limits: Limits;
}

/** A started job with how the queue stood before; when nothing has started, one row without a job. */
type Row = { readonly entry: Entry & { readonly limits: string | null } } & (
  ClaimedJob | { readonly id: null }
);

/** Claims of queues whose limits are none of keys: each is one statement. */
@Injectable()
export class LineClaims {
  /** As the last claim found them. One that finds others starts nothing. */
  private readonly known = new Map<string, Known>();

  constructor(private readonly postgres: Postgres) {}

  /** @returns undefined when the queue has no limits, or such of keys */
  async claim(queue: string, most: number, claimant: Claimant): Promise<Claimed | undefined> {
    const known = this.known.get(queue);
    const rows = await this.run(queue, most, claimant, known).catch((error: unknown) => {
      if (!hasSqlState(error, UNEQUAL) || !known) throw error;
    });
    if (!rows) return this.claimAfresh(queue, most, claimant);
    const entry = rows[0]?.entry;
    if (known && entry?.limits === known.text) {
      const started = rows.flatMap(({ entry: _, ...job }) => (job.id === null ? [] : [job]));
      const room = Math.min(most, roomOf(entry, known.limits));
      const others = started.length < room ? await this.pastSuspects(queue, room, claimant, started) : [];
      const jobs = [...started, ...others];
      return { jobs, lookAgainAt: jobs.length < room ? undefined : nextLook(entry, known.limits, jobs) };
    }
    const limits = entry?.limits ? (JSON.parse(entry.limits) as Limits) : undefined;
    if (!entry?.limits || !limits || limits.per_key) {
      this.known.delete(queue);
      return undefined;
    }
    this.known.set(queue, { text: entry.limits, limits });
    return this.claim(queue, most, claimant);
  }

  /** The row of the rate is gone: a claim that knows nothing brings it back. */
  private claimAfresh(queue: string, most: number, claimant: Claimant): Promise<Claimed | undefined> {
    this.known.delete(queue);
    return this.claim(queue, most, claimant);
  }

  /** Suspects that found no place must not keep those behind them from theirs. */
  private async pastSuspects(
    queue: string,
    room: number,
    claimant: Claimant,
    started: readonly ClaimedJob[],
  ) {
    const suspects = started.filter(isSuspect).length;
    if (suspects === 0) return [];
    const alone = (claimant.alone ?? MOST_ALONE) - suspects;
    const rest = this.claim(queue, room - started.length, { ...claimant, alone });
    // What has started must be run, whatever becomes of the others.
    return (await rest.catch(() => undefined))?.jobs ?? [];
  }

  private async run(queue: string, most: number, claimant: Claimant, known: Known | undefined) {
    const { workerId, leaseExpiresAt = null, alone = MOST_ALONE } = claimant;
    const rate = known && rateOf(known.limits);
    const { interval, tolerance } = rate ? cell(rate) : { interval: null, tolerance: null };
    const limits = [known?.text ?? null, known?.limits.concurrency ?? null, interval, tolerance];
    const line = [queue, most, kindsFor(claimant), alone];
    const values = [...line, workerId, leaseExpiresAt, PATIENCE_MS, ...limits];
    return (await this.postgres.run<Row>(CLAIM_WITHIN_LIMITS, values)).rows;
  }
}
