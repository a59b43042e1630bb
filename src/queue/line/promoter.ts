import { Injectable } from '@nestjs/common';
import { Postgres } from '../../database/index.js';
import type { Job } from '../job.entity.js';
import { NEXT_PROMOTION, SELECT_PROMOTABLE } from '../jobs.sql.js';
import { MendingReport } from '../mend/mending-report.js';
import { Admission } from './admission.js';
import { TICKET_HORIZON_MS } from './tickets.js';

/** Jobs given a ticket in one transaction. */
const BATCH = 500;

/** A job whose row somebody else holds locked is due for promotion and stays so: it must not make us spin. */
const SHORTEST_PAUSE_MS = 250;

/**
 * Gives scheduled jobs their ticket when their time is near, or lets them join the line of their lock when it has
 * come. Any number of processes may promote at once.
 */
@Injectable()
export class Promoter {
  constructor(
    private readonly postgres: Postgres,
    private readonly admission: Admission,
    private readonly report: MendingReport,
  ) {}

  /** Promotes all that are due soon and answers how long (ms) until the next one is; null = none waits. */
  async promote(): Promise<number | null> {
    while ((await this.promoteBatch()) === BATCH);
    const { rows } = await this.postgres.query<{ ms: string | null }>(NEXT_PROMOTION, [TICKET_HORIZON_MS]);
    const ms = rows[0]?.ms;
    return ms === null || ms === undefined ? null : Math.max(SHORTEST_PAUSE_MS, Number(ms));
  }

  private async promoteBatch(): Promise<number> {
    const promoted = await this.postgres.transaction(async (session) => {
      const { rows } = await session.query<Job>(SELECT_PROMOTABLE, [TICKET_HORIZON_MS, BATCH]);
      await this.admission.admit(session, rows);
      return rows;
    });
    // Only a hand makes a job that has ended wait again without taking its end back.
    const revived = promoted.filter((job) => job.finishedAt !== null).map((job) => job.id);
    this.report.tell('revived_by_hand', revived);
    return promoted.length;
  }
}
