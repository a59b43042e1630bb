import { Inject, Injectable } from '@nestjs/common';
import { ArtifactSweep } from '../artifacts/index.js';
import { AuditRetention } from '../audit-record/index.js';
import { firstIdAt } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { Postgres } from '../database/index.js';
import { JobCounts, QueueSweeps } from '../queue/index.js';
import {
  DELETE_IDLE_LIMIT_KEYS,
  DELETE_OLD_BULK_OPERATIONS,
  DELETE_OLD_DELIVERIES,
  DELETE_OLD_ERROR_GROUPS,
  DELETE_OLD_SCHEDULE_RUNS,
} from './housekeeping.sql.js';
import { DELETE_OLD_WORKERS } from './workers.sql.js';

const DELIVERIES_AT_ONCE = 1_000;

/** Throws away what nobody needs any more: old jobs and what told of them, their files, workers long gone, keys that hold nobody back. */
@Injectable()
export class Housekeeping {
  constructor(
    private readonly postgres: Postgres,
    private readonly sweeps: QueueSweeps,
    private readonly counts: JobCounts,
    private readonly artifacts: ArtifactSweep,
    private readonly audit: AuditRetention,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Adds up what has changed in the number of jobs. */
  async addUp(): Promise<void> {
    await this.counts.addUp();
  }

  async tidy(): Promise<void> {
    const { retentionDays } = this.config.jobs;
    await this.postgres.query(DELETE_OLD_WORKERS);
    await this.sweeps.sweep();
    await this.postgres.query(DELETE_IDLE_LIMIT_KEYS);
    await this.counts.forgetOldRates();
    await this.postgres.query(DELETE_OLD_SCHEDULE_RUNS);
    await this.postgres.query(DELETE_OLD_BULK_OPERATIONS, [retentionDays]);
    await this.postgres.query(DELETE_OLD_ERROR_GROUPS, [retentionDays]);
    await this.forgetDeliveries(retentionDays);
    await this.artifacts.pass();
    await this.audit.sweep();
  }

  /** The next round goes on. */
  private async forgetDeliveries(days: number): Promise<void> {
    const before = firstIdAt(new Date(Date.now() - days * 86_400_000));
    for (let round = 0; round < 10; round += 1) {
      const { rowCount } = await this.postgres.query(DELETE_OLD_DELIVERIES, [before, DELIVERIES_AT_ONCE]);
      if (rowCount !== DELIVERIES_AT_ONCE) return;
    }
  }
}
