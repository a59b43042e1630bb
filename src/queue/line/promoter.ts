import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, Postgres, type Session, isContention } from '../../database/index.js';
import type { Job } from '../job.entity.js';
import { NEXT_PROMOTION, SELECT_PROMOTABLE, SELECT_PROMOTABLE_LOCKED } from '../jobs.sql.js';
import { MendingReport } from '../mend/mending-report.js';
import { Admission } from './admission.js';
import { TICKET_HORIZON_MS } from './tickets.js';

/** Jobs given a ticket in one transaction. */
const BATCH = 500;

/** A job whose row or lock somebody else holds is due for promotion and stays so: it must not make us spin. */
const SHORTEST_PAUSE_MS = 250;

/** How long (ms) jobs wait for a lock that somebody else's transaction holds; most hold theirs for a moment. */
const PATIENCE_MS = '200';

/** Jobs of a lock come in the order of their creation, which two that promote at once would not know of each other. */
const TRY_TURN = `
  SELECT pg_try_advisory_xact_lock(${ADVISORY_LOCKS.promotion}) AS "isOurs", set_config('lock_timeout', $1::text, true)`;

/**
 * Gives scheduled jobs their ticket when their time is near, or lets them join the line of their lock when it has
 * come. Any number of processes may promote; jobs with a lock are promoted by one at a time.
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
    while ((await this.promoteFree()) === BATCH);
    await this.promoteLocked();
    const { rows } = await this.postgres.query<{ ms: string | null }>(NEXT_PROMOTION, [TICKET_HORIZON_MS]);
    const ms = rows[0]?.ms;
    return ms === null || ms === undefined ? null : Math.max(SHORTEST_PAUSE_MS, Number(ms));
  }

  private promoteFree(): Promise<number> {
    return this.promoteBatch(async (session) => {
      const { rows } = await session.query<Job>(SELECT_PROMOTABLE, [BATCH, TICKET_HORIZON_MS]);
      return rows;
    });
  }

  /** A transaction may hold a lock for hours: its jobs are left out, once smaller batches have found which it is. */
  private async promoteLocked(): Promise<void> {
    const held: string[] = [];
    for (let limit = BATCH; ;) {
      const asked: string[] = [];
      try {
        const promoted = await this.promoteBatch((session) => this.takeTurn(session, limit, held, asked));
        if (promoted < limit) return;
        limit = Math.min(BATCH, limit * 2);
      } catch (error) {
        if (!isContention(error) || asked.length === 0) throw error;
        const locks = new Set(asked);
        if (locks.size > 1) limit = Math.ceil(asked.length / 2);
        else held.push(...locks);
      }
    }
  }

  /**
   * @param held locks whose jobs are left out
   * @param asked takes the lock of each job
   * @returns jobs with a lock; none when it is somebody else's turn
   */
  private async takeTurn(
    session: Session,
    limit: number,
    held: readonly string[],
    asked: string[],
  ): Promise<Job[]> {
    const { rows: turn } = await session.query<{ isOurs: boolean }>(TRY_TURN, [PATIENCE_MS]);
    if (!turn[0]?.isOurs) return [];
    const { rows } = await session.query<Job & { lock: string }>(SELECT_PROMOTABLE_LOCKED, [limit, held]);
    asked.push(...rows.map(({ lock }) => lock));
    return rows;
  }

  private async promoteBatch(select: (session: Session) => Promise<Job[]>): Promise<number> {
    const promoted = await this.postgres.transaction(async (session) => {
      const jobs = await select(session);
      await this.admission.admit(session, jobs);
      return jobs;
    });
    // Only a hand makes a job that has ended wait again without taking its end back.
    const revived = promoted.filter((job) => job.finishedAt !== null).map((job) => job.id);
    this.report.tell('revived_by_hand', revived);
    return promoted.length;
  }
}
