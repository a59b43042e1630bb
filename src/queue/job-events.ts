import { Injectable } from '@nestjs/common';
import { EventEmitter } from 'node:events';
import type { JobError } from './job-error.js';
import type { Job } from './job.entity.js';
import type { JobStatus } from './job-status.js';
import type { Outcome } from './outcome.js';

/** An outcome that was written. */
export interface SettledJob {
  readonly id: string;
  readonly queue: string;
  readonly type: string;
  readonly status: JobStatus;
  readonly priority: number;
  readonly attempts: number;
  readonly ticketed: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly scheduledAt: Date;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}

/** What happened in this process, for log lines and metrics; nothing that must happen hangs on these. */
export interface JobEventMap {
  enqueued: [jobs: readonly Job[]];
  claimed: [jobs: readonly Job[]];
  settled: [job: SettledJob, outcome: Outcome['kind'], error: JobError | null];
  /** An outcome came too late: its attempt had lost the claim. */
  refused: [jobId: string, attempt: number, outcome: Outcome['kind']];
  recovered: [jobs: readonly SettledJob[]];
}

/** Tells listeners of this process what happened to jobs. */
@Injectable()
export class JobEvents extends EventEmitter<JobEventMap> {}
