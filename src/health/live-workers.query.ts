import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { Postgres } from '../database/index.js';
import { COUNT_LIVE_WORKERS } from './health.sql.js';

/** Counts the workers that jobs can count on. */
@Injectable()
export class LiveWorkersQuery {
  constructor(
    private readonly postgres: Postgres,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Workers seen within `STALLED_WORKER_TIMEOUT`, in all processes on all machines. */
  async count(): Promise<number> {
    const { rows } = await this.postgres.query<{ alive: number }>(COUNT_LIVE_WORKERS, [
      this.config.worker.deadAfterSeconds,
    ]);
    return rows[0]?.alive ?? 0;
  }
}
