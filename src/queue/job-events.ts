import { Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../common/index.js';
import type { JobError } from './job-error.js';
import type { ClaimedJob } from './claim/claimed-job.js';
import type { Job } from './job.entity.js';
import type { JobStatus } from './job-status.js';
import type { MendedKind } from './mend/kinds.js';
import type { Outcome } from './settle/outcome.js';

/** An outcome that was written, as far as it is told to others. */
export interface EndedAttempt {
  readonly id: string;
  readonly queue: string;
  readonly type: string;
  readonly status: JobStatus;
  readonly attempts: number;
  readonly startedAt: Date;
  readonly updatedAt: Date;
  /** What the ledger says: that of the attempt, or `cancelled` when somebody wanted it so meanwhile. */
  readonly outcome: Outcome['kind'];
}

/** What happened in this process, for log lines and metrics; nothing that must happen hangs on these. */
export interface JobEventMap {
  enqueued: [jobs: readonly Job[]];
  claimed: [jobs: readonly ClaimedJob[]];
  settled: [job: EndedAttempt, outcome: Outcome['kind'], error: JobError | null];
  /** Jobs that waited were cancelled: somebody wanted it, or others failed that they depend on. */
  cancelled: [jobs: readonly Pick<Job, 'id' | 'type'>[]];
  /** An outcome came too late: its attempt had lost the claim. */
  refused: [jobId: string, attempt: number, outcome: Outcome['kind']];
  recovered: [jobs: readonly EndedAttempt[]];
  /** Something did not fit together, and was mended. */
  mended: [kind: MendedKind, ids: readonly string[]];
  /** Jobs that finished long ago were deleted. */
  deleted: [status: JobStatus, count: number];
}

type Listener<Event extends keyof JobEventMap> = (...args: JobEventMap[Event]) => void;

/**
 * Tells listeners of this process what happened to jobs. A listener that throws is logged and no more: what it is
 * told about is committed already.
 */
@Injectable()
export class JobEvents {
  private readonly logger = new Logger(JobEvents.name);
  private readonly listeners: { [Event in keyof JobEventMap]: Listener<Event>[] } = {
    enqueued: [],
    claimed: [],
    settled: [],
    cancelled: [],
    refused: [],
    recovered: [],
    mended: [],
    deleted: [],
  };

  on<Event extends keyof JobEventMap>(event: Event, listener: Listener<Event>): void {
    this.listeners[event].push(listener);
  }

  emit<Event extends keyof JobEventMap>(event: Event, ...args: JobEventMap[Event]): void {
    for (const listener of this.listeners[event]) {
      try {
        listener(...args);
      } catch (error) {
        this.logger.error(`A listener to "${event}" failed: ${messageOf(error)}`);
      }
    }
  }
}
