import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { Postgres } from '../database/index.js';
import { COUNT_LIVE_WORKERS } from './workers.sql.js';

/** Counts the workers that are alive. */
@Injectable()
export class LiveWorkersQuery {
  constructor(
    private readonly postgres: Postgres,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Workers seen within `STALLED_WORKER_TIMEOUT`, in all processes on all machines. */
  async count(): Promise<number> {
    const { deadAfterSeconds } = this.config.worker;
    const { rows } = await this.postgres.query<{ total: number }>(COUNT_LIVE_WORKERS, [deadAfterSeconds]);
    return rows[0]?.total ?? 0;
  }
}
