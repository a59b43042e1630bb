import { Injectable } from '@nestjs/common';
import { DatabaseClock } from '../../common/index.js';
import type { JobError } from '../job-error.js';
import type { Job } from '../job.entity.js';
import type { TakenKey } from '../keys/key-book.js';
import { copyOf } from './copy.js';

/** One line of a job's history, as `job_events` has them. */
export interface LedgerEntry {
  readonly jobId: string;
  readonly attempt: number;
  readonly event: string;
  readonly at: Date;
  readonly error: JobError | null;
}

/** A key as its row in `job_keys` has it. */
export type MemoryKey = Omit<TakenKey, 'isFresh'> & {
  /** Epoch ms; null = it is kept by no time. */
  readonly expiresAt: number | null;
  /** The job that an idempotency key still answers for after it was discarded. */
  readonly purgedJob: Job | null;
};

/** A place in line: who came earlier goes first. */
export interface Place {
  readonly linedUpAt: number;
  readonly number: number;
}

interface Tables {
  readonly jobs: Map<string, Job>;
  readonly keys: Map<string, MemoryKey>;
  /** The holder of each lock. */
  readonly locks: Map<string, string>;
  readonly line: Map<string, Place>;
  /** PENDING jobs without a place in line. */
  readonly aside: Set<string>;
  readonly ledger: LedgerEntry[];
  /** Who goes on when whom fails, as `edgeBetween` names it. */
  readonly tolerated: Set<string>;
}

/** What a queue keeps, in this process's memory instead of a database. */
@Injectable()
export class JobMemory {
  private tables = empty();
  private places = 0;

  constructor(private readonly clock: DatabaseClock) {}

  /** Whole milliseconds, as the database stores times. */
  get now(): Date {
    return new Date(Math.floor(this.clock.now()));
  }

  get jobs(): Map<string, Job> {
    return this.tables.jobs;
  }

  get keys(): Map<string, MemoryKey> {
    return this.tables.keys;
  }

  get locks(): Map<string, string> {
    return this.tables.locks;
  }

  /** The jobs that may start at their `scheduledAt`. */
  get line(): ReadonlyMap<string, Place> {
    return this.tables.line;
  }

  /** The PENDING jobs that wait for their time, or for their lock when it has come. */
  get aside(): ReadonlySet<string> {
    return this.tables.aside;
  }

  get tolerated(): Set<string> {
    return this.tables.tolerated;
  }

  find(ids: readonly string[]): Job[] {
    return ids.flatMap((id) => this.jobs.get(id) ?? []);
  }

  get(id: string): Job {
    const job = this.jobs.get(id);
    if (!job) throw new Error(`There is no job ${id}`);
    return job;
  }

  all(): Job[] {
    return [...this.jobs.values()];
  }

  add(job: Job): void {
    this.jobs.set(job.id, job);
    this.lineUp(job);
  }

  /** Changes a job, and its place in line with it, and writes down why. */
  change(
    job: Job,
    event: string,
    changes: Partial<Job>,
    { error = null, actor = null }: { error?: JobError | null; actor?: string | null } = {},
  ): void {
    const at = this.now;
    Object.assign(job, changes, { updatedAt: at, lastEvent: event, lastError: error, lastActor: actor });
    this.lineUp(job);
    this.tables.ledger.push({ jobId: job.id, attempt: job.attempts, event, at, error });
  }

  /** Gives a job its place in line, which is nothing that its history tells. */
  admit(job: Job): void {
    job.ticketed = true;
    this.lineUp(job);
  }

  delete({ id }: Job): void {
    this.jobs.delete(id);
    this.tables.line.delete(id);
    this.tables.aside.delete(id);
  }

  historyOf(jobId: string): LedgerEntry[] {
    return this.tables.ledger.filter((entry) => entry.jobId === jobId);
  }

  /** Remembers all as it is now. @returns what puts it back */
  savepoint(): () => void {
    const copy = copyOf(this.tables);
    return () => {
      this.tables = copy;
    };
  }

  clear(): void {
    this.tables = empty();
  }

  private lineUp({ id, status, ticketed }: Job): void {
    this.tables.line.delete(id);
    this.tables.aside.delete(id);
    if (status !== 'PENDING') return;
    if (!ticketed) {
      this.tables.aside.add(id);
      return;
    }
    this.places += 1;
    this.tables.line.set(id, { linedUpAt: this.now.getTime(), number: this.places });
  }
}

function empty(): Tables {
  return {
    jobs: new Map(),
    keys: new Map(),
    locks: new Map(),
    line: new Map(),
    aside: new Set(),
    ledger: [],
    tolerated: new Set(),
  };
}
