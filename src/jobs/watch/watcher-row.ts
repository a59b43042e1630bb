import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { messageOf } from '../../common/index.js';
import type { Postgres } from '../../database/index.js';
import { KEEP_WATCHING, STOP_WATCHING } from './watch.sql.js';

/** Who dies without a word is believed to watch for this long (s). */
const WATCHES_SECONDS = 30;
const RENEW_MS = 10_000;
const RETRY_MS = 1_000;

/** This process' row in `job_watchers`: while it stands, every change of a job is announced. */
export class WatcherRow {
  private readonly logger = new Logger(WatcherRow.name);
  private readonly id = randomUUID();
  private timer: NodeJS.Timeout | undefined;
  private renewing: Promise<void> = Promise.resolve();
  private isWanted = false;
  /** By the monotonic clock, ms. */
  private standsUntil = 0;

  /** @param onStanding the row stands, for the first time or again: changes may have gone unannounced before */
  constructor(
    private readonly postgres: Postgres,
    private readonly onStanding: () => void,
  ) {}

  /** Writes the row and keeps it until `drop`; a database that is away is tried again. */
  keep(): void {
    this.isWanted = true;
    this.renewing = this.renew();
  }

  async drop(): Promise<void> {
    this.isWanted = false;
    clearTimeout(this.timer);
    await this.renewing;
    try {
      await this.postgres.query(STOP_WATCHING, [this.id]);
    } catch (error) {
      this.logger.warn(`Changes of jobs are announced in vain a little longer: ${messageOf(error)}`);
    }
  }

  private async renew(): Promise<void> {
    const now = performance.now();
    try {
      await this.postgres.query(KEEP_WATCHING, [this.id, WATCHES_SECONDS]);
      const stoodTillNow = now < this.standsUntil;
      this.standsUntil = now + WATCHES_SECONDS * 1000;
      this.renewIn(RENEW_MS);
      if (!stoodTillNow) this.onStanding();
    } catch {
      this.renewIn(RETRY_MS);
    }
  }

  private renewIn(ms: number): void {
    if (!this.isWanted) return;
    this.timer = setTimeout(() => {
      this.renewing = this.renew();
    }, ms);
  }
}
