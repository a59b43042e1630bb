import { Injectable, Logger } from '@nestjs/common';
import { Postgres } from '../../database/index.js';
import { JobEvents } from '../job-events.js';
import type { Job } from '../job.entity.js';
import { SELECT_STALLED } from '../jobs.sql.js';
import type { Claim, Outcome } from './outcome.js';
import { isSuspect } from '../suspicion.js';
import { Settler } from './settler.js';

const BATCH = 500;

/** An attempt that its worker will not end. */
interface StalledJob
  extends Claim, Pick<Job, 'workerId' | 'leaseExpiresAt' | 'cancelRequestedAt' | 'interruptions'> {
  /** It was leased for all the time it had. */
  readonly isOverdue: boolean | null;
}

/** Takes jobs back from workers that are gone. */
@Injectable()
export class StalledJobs {
  private readonly logger = new Logger(StalledJobs.name);

  constructor(
    private readonly postgres: Postgres,
    private readonly settler: Settler,
    private readonly events: JobEvents,
  ) {}

  /**
   * Ends, as interrupted, every attempt held by one of these workers, or by an external worker whose lease has run
   * out, so that the jobs run again. One that was leased for all its time ends as timed out.
   * @returns how many jobs were taken back
   */
  async recover(deadWorkers: readonly string[]): Promise<number> {
    let recovered = 0;
    for (;;) {
      const { rows } = await this.postgres.query<StalledJob>(SELECT_STALLED, [deadWorkers, BATCH]);
      if (rows.length === 0) return recovered;
      const taken = await this.interrupt(rows);
      if (taken === 0) return recovered;
      recovered += taken;
    }
  }

  private async interrupt(jobs: readonly StalledJob[]): Promise<number> {
    this.logger.warn(`Found ${jobs.length} stalled jobs, retrying...`);
    const { written } = await this.settler.settle(
      jobs.map((job) => ({
        claim: job,
        outcome: outcomeOf(job),
      })),
    );
    for (const { id } of written) this.logger.log(`Successfully retried stalled job ${id}`);
    this.events.emit('recovered', written);
    return written.length;
  }
}

function outcomeOf(job: StalledJob): Outcome {
  if (job.cancelRequestedAt) return { kind: 'cancelled' };
  if (!job.leaseExpiresAt) return { kind: 'interrupted', error: interruption(job) };
  // Whoever takes all the time there is would do so for ever if it cost nothing.
  if (job.isOverdue) return { kind: 'timed_out', error: timeout(job) };
  // External workers are given suspects one at a time, and nothing beside them.
  const evidence = isSuspect(job) ? { evidence: 'alone' as const } : {};
  return { kind: 'interrupted', error: interruption(job), ...evidence };
}

function timeout({ workerId, attempts }: StalledJob) {
  const message = `External worker ${workerId} had not ended attempt ${attempts} when its time was up`;
  return { name: 'TimeoutError', message };
}

function interruption(job: StalledJob) {
  const holder = job.leaseExpiresAt ? 'The lease of external worker' : 'Worker';
  const fate = job.leaseExpiresAt ? 'ran out' : 'stopped responding';
  return { name: 'Interrupted', message: `${holder} ${job.workerId} ${fate} during attempt ${job.attempts}` };
}
