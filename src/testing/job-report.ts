import { Injectable } from '@nestjs/common';
import { type Artifact, InMemoryArtifacts } from '../artifacts/index.js';
import {
  type Job,
  type JobError,
  JobMemory,
  type JobStatus,
  type JsonObject,
  type LedgerEntry,
  copyOf,
} from '../queue/index.js';
import { InMemoryJournal, type LogLevel } from '../worker/index.js';

/** A job and what became of it, at the moment it was asked for. */
export interface JobReport {
  readonly id: string;
  readonly type: string;
  readonly queue: string;
  readonly status: JobStatus;
  /** 1 (first) to 10 (last). */
  readonly priority: number;
  readonly payload: JsonObject;
  /** What the handler returned, as JSON keeps it; null until completed. */
  readonly result: unknown;
  /** The last failure; null once completed. */
  readonly error: JobError | null;
  /** Executions started. */
  readonly attempts: number;
  /** The present limit of executions; null = none. */
  readonly maxAttempts: number | null;
  readonly lock: string | null;
  readonly uniqueKey: string | null;
  readonly tags: readonly string[];
  readonly dependsOn: readonly string[];
  readonly createdAt: Date;
  /** The earliest time of the next start. */
  readonly scheduledAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly progress: { readonly percent: number; readonly message: string | null } | null;
  readonly logs: readonly { readonly attempt: number; readonly level: LogLevel; readonly message: string }[];
  /** The files it has produced, by name; `kit.artifact` has their content. */
  readonly artifacts: readonly Artifact[];
  /** All that happened to it since it was enqueued: started, failed, retried, cancelled, … */
  readonly history: readonly Omit<LedgerEntry, 'jobId'>[];
}

/** Tells of jobs in memory. */
@Injectable()
export class JobReports {
  constructor(
    private readonly memory: JobMemory,
    private readonly journal: InMemoryJournal,
    private readonly artifacts: InMemoryArtifacts,
  ) {}

  /** All that is known of a job, as a copy. @throws Error when there is none of this id */
  of(id: string): JobReport {
    const job = this.memory.get(id);
    const ledger = this.memory.historyOf(id);
    const progress = this.journal.progressOf(id);
    return copyOf({
      id,
      type: job.type,
      queue: job.queue,
      status: job.status,
      priority: job.priority,
      payload: job.payload,
      result: job.result,
      error: errorOf(job, ledger),
      attempts: job.attempts,
      maxAttempts: job.maxAttempts,
      lock: job.lock,
      uniqueKey: job.uniqueKey,
      tags: job.tags,
      dependsOn: job.dependsOn,
      createdAt: job.createdAt,
      scheduledAt: job.scheduledAt,
      startedAt: job.startedAt,
      finishedAt: job.finishedAt,
      progress: progress ? { percent: progress.percent, message: progress.message } : null,
      logs: this.journal.linesOf(job.id).map(({ attempt, level, message }) => ({ attempt, level, message })),
      artifacts: this.artifacts.artifactsOf(id),
      history: ledger.map(({ attempt, event, at, error }) => ({ attempt, event, at, error })),
    });
  }
}

/** It outlives the start of the next attempt, as `error_message` does. */
function errorOf({ errorMessage }: Job, ledger: readonly LedgerEntry[]): JobError | null {
  if (errorMessage === null) return null;
  return ledger.findLast(({ error }) => error !== null)?.error ?? null;
}
