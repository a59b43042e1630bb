import { Injectable } from '@nestjs/common';
import { isBoundToQueues, refuseQueue } from '../auth/index.js';
import { DatabaseClock, DomainError } from '../common/index.js';
import { Postgres, asUnavailable } from '../database/index.js';
import {
  type BackoffPolicy,
  type EndedAttempt,
  type Job,
  type JobError,
  type JobStatus,
  type Outcome,
  OutcomesHeldError,
  QueueService,
  storableError,
} from '../queue/index.js';
import { JobJournalStore, type LogLine, type Progress } from '../worker/index.js';
import type { LeaseOf } from './lease-token.js';
import { LeaseTokens } from './lease-tokens.js';
import { NOTE_HOLDER_SEEN, SELECT_LEASED } from './leases.sql.js';

/** How often an outcome is offered while somebody holds the row of its job; each time waits for 200 ms. */
const MOST_TRIES = 8;

/** The row of a leased job, and how the attempt in question has ended by now. */
type LeasedRow = Pick<Job, 'id' | 'type' | 'queue' | 'status' | 'attempts' | 'maxAttempts' | 'backoff'> & {
  readonly outcome: string | null;
};

/** How an attempt has ended. */
export interface EndedLease {
  readonly jobId: string;
  readonly attempt: number;
  readonly outcome: string;
  readonly status: JobStatus;
}

/** What a heartbeat says. */
export interface Sign {
  /** Until when it holds the job from now on (s); absent = as at the beginning. */
  readonly seconds?: number;
  readonly progress?: Pick<Progress, 'percent' | 'message'>;
  readonly logs: readonly Pick<LogLine, 'level' | 'message'>[];
}

/** What a heartbeat is told. */
export interface Prolonged {
  readonly expiresAt: Date;
  readonly isToBeCancelled: boolean;
}

/** A failed attempt may say itself when the next one is to come. */
export interface Failure {
  readonly error: { readonly name?: string; readonly message: string; readonly stack?: string };
  readonly permanent: boolean;
  readonly retryInSeconds?: number;
}

/** Attempts that external workers run: kept alive, and ended, by whoever has their token. */
@Injectable()
export class LeasedAttempts {
  constructor(
    private readonly tokens: LeaseTokens,
    private readonly queue: QueueService,
    private readonly postgres: Postgres,
    private readonly journal: JobJournalStore,
    private readonly clock: DatabaseClock,
  ) {}

  /** @throws DomainError lease_not_found, lease_lost, forbidden */
  async prolong(token: string, { seconds, progress, logs }: Sign): Promise<Prolonged> {
    const lease = await this.tokens.read(token);
    if (isBoundToQueues()) refuseQueue((await this.look(lease))?.queue);
    const claim = { id: lease.jobId, attempts: lease.attempt };
    const [extended] = await this.queue.extend([claim], seconds ?? lease.seconds);
    if (!extended) throw lost(lease, await this.look(lease));
    const stamp = {
      job_id: lease.jobId,
      attempt: lease.attempt,
      at: new Date(this.clock.now()).toISOString(),
    };
    if (progress || logs.length > 0)
      await this.journal.write(
        logs.map((line) => ({ ...stamp, ...line })),
        progress ? [{ ...stamp, ...progress }] : [],
      );
    await this.postgres.query(NOTE_HOLDER_SEEN, [lease.jobId]);
    return { expiresAt: extended.leaseExpiresAt, isToBeCancelled: extended.cancelRequested };
  }

  /** @throws DomainError lease_not_found, lease_lost, forbidden */
  complete(token: string, result: unknown): Promise<EndedLease> {
    return this.end(token, { kind: 'completed', result });
  }

  /** @throws DomainError lease_not_found, lease_lost, forbidden */
  fail(token: string, { error, permanent, retryInSeconds }: Failure): Promise<EndedLease> {
    const backoff: BackoffPolicy | undefined =
      retryInSeconds === undefined ? undefined : { strategy: 'constant', delay: retryInSeconds, jitter: 0 };
    return this.end(token, { kind: 'failed', error: asJobError(error), permanent }, backoff);
  }

  /** @throws DomainError lease_not_found, lease_lost, forbidden */
  snooze(token: string, seconds: number): Promise<EndedLease> {
    return this.end(token, { kind: 'snoozed', delayMs: Math.round(seconds * 1000) });
  }

  /** @throws DomainError lease_not_found, lease_lost, forbidden */
  release(token: string): Promise<EndedLease> {
    return this.end(token, { kind: 'released' });
  }

  /** Writes the outcome, or finds that it was written before: who lost the answer asks again. */
  private async end(token: string, outcome: Outcome, backoff?: BackoffPolicy): Promise<EndedLease> {
    const lease = await this.tokens.read(token);
    const row = await this.look(lease);
    if (!row) throw lost(lease, row);
    refuseQueue(row.queue);
    const claim = { ...row, attempts: lease.attempt, ...(backoff ? { backoff } : {}) };
    const { written, refused } = await this.settle({ claim, outcome });
    const [ended] = written;
    if (ended)
      return { jobId: lease.jobId, attempt: lease.attempt, outcome: ended.outcome, status: ended.status };
    const present = await this.look(lease);
    if (refused.length > 0 || !present?.outcome) throw lost(lease, present);
    return { jobId: lease.jobId, attempt: lease.attempt, outcome: present.outcome, status: present.status };
  }

  private async settle(
    attempt: Parameters<QueueService['settle']>[0][number],
  ): Promise<{ written: readonly EndedAttempt[]; refused: readonly string[] }> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.queue.settle([attempt]);
      } catch (error) {
        if (!(error instanceof OutcomesHeldError)) throw error;
        if (tries < MOST_TRIES) continue;
        const words = 'Another transaction holds the job: send this again shortly, before the lease runs out';
        throw asUnavailable(error.cause, words) ?? error;
      }
    }
  }

  private async look({ jobId, attempt }: LeaseOf): Promise<LeasedRow | undefined> {
    const { rows } = await this.postgres.query<LeasedRow>(SELECT_LEASED, [jobId, attempt]);
    return rows[0];
  }
}

/** Cut as the errors of handlers are; the stack of our own making would mislead. */
function asJobError({ name = 'Error', message, stack }: Failure['error']): JobError {
  return storableError(Object.assign(new Error(message), { name, stack }));
}

function lost({ jobId, attempt }: LeaseOf, row: LeasedRow | undefined): DomainError {
  const detail =
    row === undefined
      ? 'The job is not there any more: stop working on it'
      : `Attempt ${attempt} of job ${jobId} ${row.outcome === null ? 'has no time left' : `has ended as ${row.outcome}`}, and the job is ${row.status}: stop working on it, the outcome was not taken`;
  return new DomainError('lease_lost', detail, {
    members: { job_id: jobId, job_status: row?.status ?? null, attempt, outcome: row?.outcome ?? null },
  });
}
