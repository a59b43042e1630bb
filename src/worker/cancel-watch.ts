import { Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../common/index.js';
import { Postgres } from '../database/index.js';
import { ALL_JOBS, type Job } from '../queue/index.js';
import { Notices } from './notices.js';
import { WorkerIdentity } from './worker-identity.js';
import { SELECT_CANCELLED_HERE } from './workers.sql.js';

/** A claim's answer takes less (ms) than this: a notice may come before the job it is about has begun here. */
const EARLY_NOTICE_MS = 10_000;

/** Of more early notices than this, the oldest are left to the next beat. */
const MOST_EARLY_NOTICES = 10_000;

type Attempt = Pick<Job, 'id' | 'attempts'>;

/** Tells running attempts that somebody cancels their job, within milliseconds of the request. */
@Injectable()
export class CancelWatch {
  private readonly logger = new Logger(CancelWatch.name);
  private readonly watched = new Map<string, { attempts: number; cancel: () => void }>();
  /** Ids nobody watches (yet), and when (monotonic, ms) they were named. */
  private readonly early = new Map<string, number>();

  constructor(
    private readonly postgres: Postgres,
    private readonly identity: WorkerIdentity,
    notices: Notices,
  ) {
    notices.subscribe(({ cancel = [] }) => this.onNotice(cancel));
  }

  /** Calls `cancel` when the job is cancelled; returns the function that ends the watch. */
  watch({ id, attempts }: Attempt, cancel: () => void): () => void {
    const entry = { attempts, cancel };
    this.watched.set(id, entry);
    if (this.early.delete(id)) void this.look();
    return () => {
      if (this.watched.get(id) === entry) this.watched.delete(id);
    };
  }

  /** These attempts are to be cancelled, says the database. */
  cancel(attempts: readonly Attempt[]): void {
    for (const { id, attempts: attempt } of attempts) {
      const entry = this.watched.get(id);
      if (entry?.attempts === attempt) entry.cancel();
    }
  }

  /** A notice names jobs only, and may be about an attempt that has long ended: the database knows. */
  private onNotice(ids: readonly string[]): void {
    if (ids.some((id) => id === ALL_JOBS || this.watched.has(id))) void this.look();
    for (const id of ids) if (id !== ALL_JOBS && !this.watched.has(id)) this.early.set(id, performance.now());
    for (const [id, at] of this.early) {
      if (this.early.size <= MOST_EARLY_NOTICES && performance.now() - at < EARLY_NOTICE_MS) break;
      this.early.delete(id);
    }
  }

  private async look(): Promise<void> {
    if (this.watched.size === 0) return;
    try {
      const { rows } = await this.postgres.query<Attempt>(SELECT_CANCELLED_HERE, [this.identity.id]);
      this.cancel(rows);
    } catch (error) {
      // The next beat looks again.
      this.logger.debug(`Cancelled jobs could not be looked up: ${messageOf(error)}`);
    }
  }
}
