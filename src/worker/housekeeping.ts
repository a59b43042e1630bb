import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { Postgres } from '../database/index.js';
import { Keys, Retention } from '../queue/index.js';
import { DELETE_OLD_BULK_OPERATIONS, DELETE_OLD_ERROR_GROUPS } from './housekeeping.sql.js';
import { DELETE_OLD_WORKERS } from './workers.sql.js';

/** Throws away what nobody needs any more: old jobs and what told of them, workers long gone, keys that hold nobody back. */
@Injectable()
export class Housekeeping {
  constructor(
    private readonly postgres: Postgres,
    private readonly keys: Keys,
    private readonly retention: Retention,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async tidy(): Promise<void> {
    const { retentionDays } = this.config.jobs;
    await this.postgres.query(DELETE_OLD_WORKERS);
    await this.keys.sweep();
    await this.retention.sweep();
    await this.postgres.query(DELETE_OLD_BULK_OPERATIONS, [retentionDays]);
    await this.postgres.query(DELETE_OLD_ERROR_GROUPS, [retentionDays]);
  }
}
