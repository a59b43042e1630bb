import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { Postgres } from '../database/index.js';

/** Workers that have not signed off and were seen in the last $1 seconds. */
const COUNT_LIVE_WORKERS = `
  SELECT count(*)::integer AS total
  FROM workers
  WHERE stopped_at IS NULL AND last_seen_at > clock_timestamp() - $1 * interval '1 second'`;

/** Counts the workers that are alive. */
@Injectable()
export class LiveWorkersQuery {
  constructor(
    private readonly postgres: Postgres,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws Error when the database is away */
  async count(): Promise<number> {
    const { deadAfterSeconds } = this.config.worker;
    const { rows } = await this.postgres.query<{ total: number }>(COUNT_LIVE_WORKERS, [deadAfterSeconds]);
    return rows[0]?.total ?? 0;
  }
}
