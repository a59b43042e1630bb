import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { recordAction } from '../../audit-record/index.js';
import { CONFIG, type Config } from '../../config/index.js';
import { Postgres, type Session } from '../../database/index.js';
import { JobEvents } from '../job-events.js';
import type { JobStatus } from '../job-status.js';
import { DELETE_OLD_WORKFLOWS } from '../workflows/workflows.sql.js';
import { DELETE_FINISHED } from './retention.sql.js';

/** Jobs deleted in one transaction. */
const BATCH = 1_000;

/** How long (ms) a round may take; the next one goes on. */
const LONGEST_ROUND_MS = 10_000;

/** Between two batches the database has as much time for others as the last one took, up to this (ms). */
const LONGEST_PAUSE_MS = 1_000;

/** Which jobs `DELETE_JOBS` means. */
const DELETED: Readonly<Record<Config['jobs']['deletes'], readonly JobStatus[]>> = {
  never: [],
  successful: ['COMPLETED', 'CANCELLED'],
  always: ['COMPLETED', 'CANCELLED', 'FAILED'],
};

/** Which jobs do not stay in a queue that keeps nothing; one that has failed is a dead letter there, too. */
const LEAVING: readonly JobStatus[] = ['COMPLETED', 'CANCELLED'];

interface Deleted {
  readonly status: JobStatus;
  readonly count: number;
}

type Counts = Map<JobStatus, number>;

/** Deletes jobs that finished long ago, as far as the settings allow it. What waits or runs is never deleted. */
@Injectable()
export class Retention {
  private readonly logger = new Logger(Retention.name);

  constructor(
    private readonly postgres: Postgres,
    private readonly events: JobEvents,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** One round. Answers how many jobs it deleted; 0 also while another process is at it. */
  async sweep(): Promise<number> {
    const { deletes, retentionDays } = this.config.jobs;
    const deleted =
      (await this.purge(LEAVING, 0, 'none')) + (await this.purge(DELETED[deletes], retentionDays));
    await this.forgetWorkflows();
    return deleted;
  }

  /**
   * Deletes jobs in these states that finished more than `days` ago, until none is left or the round is over.
   * @param retention only of queues with this retention
   */
  async purge(states: readonly JobStatus[], days: number, retention: 'none' | null = null): Promise<number> {
    if (states.length === 0) return 0;
    const counts: Counts = new Map();
    const endsAt = performance.now() + LONGEST_ROUND_MS;
    try {
      for (;;) {
        const startedAt = performance.now();
        const deleted = await this.purgeBatch(counts, { states, days, retention });
        if (deleted < BATCH || performance.now() > endsAt) break;
        await pause(Math.min(LONGEST_PAUSE_MS, performance.now() - startedAt));
      }
    } finally {
      this.tell(counts, days, retention);
    }
    return total(counts);
  }

  /** They go after their last job, and go on answering for their key as long as one has to. */
  private async forgetWorkflows(): Promise<void> {
    const { retentionDays, idempotencySeconds } = this.config.jobs;
    await this.postgres.sweepAlone('retention', (session) =>
      session.query(DELETE_OLD_WORKFLOWS, [retentionDays, idempotencySeconds]),
    );
  }

  private async purgeBatch(
    counts: Counts,
    { states, days, retention }: { states: readonly JobStatus[]; days: number; retention: 'none' | null },
  ): Promise<number> {
    const values = [states, days, BATCH, retention];
    const deletion = async (session: Session) => {
      const answer = await session.query<Deleted>(DELETE_FINISHED, values);
      if (retention === null && answer.rows.length > 0) await this.record(session, answer.rows, days);
      return answer.rows;
    };
    const rows = (await this.postgres.sweepAlone('retention', deletion)) ?? [];
    for (const { status, count } of rows) counts.set(status, (counts.get(status) ?? 0) + count);
    return rows.reduce((sum, { count }) => sum + count, 0);
  }

  /** What leaves a queue that keeps nothing leaves because somebody has set that, which is on record. */
  private record(session: Session, deleted: readonly Deleted[], days: number): Promise<void> {
    const jobs = Object.fromEntries(deleted.map(({ status, count }) => [status, count]));
    return recordAction(session, { action: 'jobs.delete_old', subject: null, after: { jobs, days } });
  }

  private tell(counts: Counts, days: number, retention: 'none' | null): void {
    for (const [status, count] of counts) this.events.emit('deleted', status, count);
    if (counts.size === 0 || retention === 'none') return;
    const parts = [...counts].map(([status, count]) => `${count} ${status}`);
    this.logger.log(
      `Deleted ${total(counts)} jobs that finished more than ${days} days ago (${parts.join(', ')})`,
    );
  }
}

function total(counts: Counts): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
