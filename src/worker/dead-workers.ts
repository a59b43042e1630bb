import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { Postgres } from '../database/index.js';
import { SELECT_DEAD_WORKERS, SELECT_SERVER_START } from './workers.sql.js';

/**
 * Tells the dead from the living by when they were last seen. After the database was away or restarted, nobody
 * could be seen: silence then counts only from the moment this process could see again.
 */
@Injectable()
export class DeadWorkers {
  private server = '';
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
      this.watchingSince = performance.now();
      throw error;
    }
  }

  private async watchedMs(): Promise<number> {
    const { rows } = await this.postgres.query<{ started: string }>(SELECT_SERVER_START);
    const started = rows[0]?.started ?? '';
    if (started !== this.server) {
      this.server = started;
      this.watchingSince = performance.now();
    }
    return performance.now() - this.watchingSince;
  }
}
