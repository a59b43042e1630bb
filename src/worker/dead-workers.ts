import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { Postgres } from '../database/index.js';
import { silenceMs } from './silence.js';
import { LEASE_CLASS, SELECT_HOLDERS } from './workers.sql.js';

/** Who did not look for this long (ms) was itself asleep, as on a laptop, and so perhaps was everybody else. */
const LONGEST_GAP_MS = 15_000;

/** For how long (ms) a lock must be gone, and every connection with it: a worker whose connection was cut is back sooner. */
const LEASE_GONE_MS = 450;

/** Somebody who holds jobs, and their signs of life. */
interface Holder {
  readonly id: string;
  /** Signed off, or never in the list of workers. */
  readonly hasLeft: boolean;
  readonly silentMs: number;
  /** They have shown their lock since the server started. */
  readonly isLeased: boolean;
  readonly hasLease: boolean;
  readonly isConnected: boolean;
}

interface Look {
  /** Which start of the server this is. */
  readonly server: string;
  /** There are jobs that run under an expired lease. */
  readonly hasExpired: boolean;
  readonly holders: readonly Holder[];
}

const NOBODY: Look = { server: '', hasExpired: false, holders: [] };

/** Who holds jobs and will not end them. */
export interface Dead {
  readonly workers: readonly string[];
  readonly hasExpired: boolean;
  /** Somebody holds jobs. */
  readonly isAnybodyAtWork: boolean;
}

/**
 * Tells the dead from the living. A worker that died has lost its lock and its connections with it, at once. One that
 * is frozen or cut off is silent for too long. After the database was away or restarted, or this machine asleep,
 * nobody could be seen: silence then counts only from the moment this process could see again, and a lock is missed
 * only of those that came back.
 */
@Injectable()
export class DeadWorkers {
  private readonly longestSilenceMs: number;
  private server: string | undefined;
  /** By the wall clock, ms: the monotonic one stands still while a machine sleeps. */
  private lookedAt = Date.now();
  /** By the monotonic clock, ms. */
  private watchingSince = performance.now();
  /** Until there was a moment without sight, whoever has no lock is missed; after it, only who has shown one since. */
  private hasLostSight = false;
  private readonly shown = new Set<string>();
  /** Without lock and connections, and since when (monotonic, ms). */
  private readonly missing = new Map<string, number>();

  constructor(
    private readonly postgres: Postgres,
    @Inject(CONFIG) { worker }: Config,
  ) {
    this.longestSilenceMs = silenceMs(worker.deadAfterSeconds);
  }

  /** To be called several times a second: it takes two looks to miss a lock. */
  async find(): Promise<Dead> {
    const { holders, hasExpired } = await this.look();
    this.forgetAllBut(holders);
    const workers = holders.filter((holder) => this.isDead(holder)).map(({ id }) => id);
    return { workers, hasExpired, isAnybodyAtWork: holders.length > 0 };
  }

  private async look(): Promise<Look> {
    try {
      const { rows } = await this.postgres.query<Look>(SELECT_HOLDERS, [LEASE_CLASS]);
      const [look = NOBODY] = rows;
      const slept = Date.now() - this.lookedAt > LONGEST_GAP_MS;
      const restarted = this.server !== undefined && look.server !== this.server;
      if (slept || restarted) this.loseSight();
      this.server = look.server;
      this.lookedAt = Date.now();
      return look;
    } catch (error) {
      this.loseSight();
      throw error;
    }
  }

  private loseSight(): void {
    this.watchingSince = performance.now();
    this.hasLostSight = true;
    this.shown.clear();
    this.missing.clear();
  }

  private forgetAllBut(holders: readonly Holder[]): void {
    const present = new Set(holders.map(({ id }) => id));
    for (const id of this.shown) if (!present.has(id)) this.shown.delete(id);
    for (const id of this.missing.keys()) if (!present.has(id)) this.missing.delete(id);
  }

  private isDead(holder: Holder): boolean {
    return holder.hasLeft || this.isSilent(holder) || this.isGone(holder);
  }

  private isSilent({ silentMs }: Holder): boolean {
    return (
      silentMs >= this.longestSilenceMs && performance.now() - this.watchingSince >= this.longestSilenceMs
    );
  }

  private isGone({ id, isLeased, hasLease, isConnected, silentMs }: Holder): boolean {
    if (hasLease) this.shown.add(id);
    const isMissed = isLeased && !isConnected && (this.shown.has(id) || !this.hasLostSight);
    if (!isMissed) {
      this.missing.delete(id);
      return false;
    }
    const now = performance.now();
    const since = this.missing.get(id) ?? now;
    // It has shown itself in the meantime, by a connection that is gone again.
    this.missing.set(id, silentMs < now - since ? now : since);
    return now - (this.missing.get(id) ?? now) >= LEASE_GONE_MS;
  }
}
