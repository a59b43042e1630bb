import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { Postgres } from '../database/index.js';
import { FORGET_RECORDS } from './audit-record.sql.js';

const AT_ONCE = 1_000;
const MOST_ROUNDS = 10;

/** Forgets what was recorded longer ago than it is to be kept. */
@Injectable()
export class AuditRetention {
  constructor(
    private readonly postgres: Postgres,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** What is left over, the next sweep forgets. */
  async sweep(): Promise<void> {
    const { auditRetentionDays: days } = this.config.jobs;
    if (days === null) return;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const { rows } = await this.postgres.query<{ gone: number }>(FORGET_RECORDS, [days, AT_ONCE]);
      if (rows[0]?.gone !== AT_ONCE) return;
    }
  }
}
