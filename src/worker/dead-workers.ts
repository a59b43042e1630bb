import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { Postgres } from '../database/index.js';
import { SELECT_DEAD_WORKERS, SELECT_SERVER_START } from './workers.sql.js';

/** Who did not look for this long (ms) was itself asleep, as on a laptop, and so perhaps was everybody else. */
const LONGEST_GAP_MS = 15_000;

/**
 * Tells the dead from the living by when they were last seen. After the database was away or restarted, or this
 * machine asleep, nobody could be seen: silence then counts only from the moment this process could see again.
 */
@Injectable()
export class DeadWorkers {
  private server = '';
  /** By the wall clock, ms: the monotonic one stands still while a machine sleeps. */
  private lookedAt = Date.now();
  /** By the monotonic clock, ms. */
  private watchingSince = performance.now();

  constructor(
    private readonly postgres: Postgres,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Ids of workers that hold jobs and will not end them. */
  async find(): Promise<string[]> {
    try {
      const silentFor = this.config.worker.deadAfterSeconds;
      const watchedLongEnough = (await this.watchedMs()) >= silentFor * 1000;
      const { rows } = await this.postgres.query<{ id: string }>(SELECT_DEAD_WORKERS, [
        silentFor,
        watchedLongEnough,
      ]);
      return rows.map((row) => row.id);
    } catch (error) {
      this.startWatching();
      throw error;
    }
  }

  private async watchedMs(): Promise<number> {
    const { rows } = await this.postgres.query<{ started: string }>(SELECT_SERVER_START);
    const started = rows[0]?.started ?? '';
    const gap = Date.now() - this.lookedAt;
    if (started !== this.server || gap > LONGEST_GAP_MS) this.startWatching();
    this.server = started;
    this.lookedAt = Date.now();
    return performance.now() - this.watchingSince;
  }

  private startWatching(): void {
    this.watchingSince = performance.now();
  }
}
