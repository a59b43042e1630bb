import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { messageOf } from '../common/index.js';
import { isPassing } from '../database/index.js';
import { JobJournalStore, type LogLine, type Progress } from './job-journal.store.js';

/** What gathers in this time (ms) is written together … */
const WRITE_AFTER_MS = 500;

/** … or sooner, when there are so many lines. */
const FULL_BATCH = 100;

const LARGEST_BATCH = 1_000;
const LONGEST_RETRY_MS = 5_000;

/** What may wait while the database is away; further lines are lost, and that is said. */
const LARGEST_BACKLOG_BYTES = 16 * 1024 * 1024;

/** What a line costs beside its text. */
const LINE_BYTES = 200;

/** Gathers what handlers say of their jobs and writes it in batches. Never fails a job, never holds it up for long. */
@Injectable()
export class JobJournal implements OnApplicationShutdown {
  private readonly logger = new Logger(JobJournal.name);
  private lines: LogLine[] = [];
  private bytes = 0;
  private lost = 0;
  /** The latest of each job. */
  private progress = new Map<string, Progress>();
  private writing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;

  constructor(private readonly store: JobJournalStore) {}

  addLine(line: LogLine): void {
    const bytes = sizeOf(line);
    if (this.bytes + bytes > LARGEST_BACKLOG_BYTES) {
      this.lost += 1;
      return;
    }
    this.lines.push(line);
    this.bytes += bytes;
    if (this.lines.length >= FULL_BATCH && this.failures === 0) void this.write();
    else this.schedule();
  }

  setProgress(progress: Progress): void {
    this.progress.set(progress.job_id, progress);
    this.schedule();
  }

  /** Writes what there is of a job, if the database is there; what could not be written is tried again later. */
  async flush(jobId: string): Promise<void> {
    await this.writing;
    while (this.failures === 0 && this.holds(jobId)) await this.write();
  }

  /** Every attempt has written its words before it was settled; what the database did not take by now is lost. */
  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  private holds(jobId: string): boolean {
    return this.progress.has(jobId) || this.lines.some((line) => line.job_id === jobId);
  }

  private schedule(): void {
    const pause = Math.min(LONGEST_RETRY_MS, WRITE_AFTER_MS * 2 ** this.failures);
    this.timer ??= setTimeout(() => void this.write(), pause);
  }

  private write(): Promise<void> {
    if (this.writing) return this.writing;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writeBatch().finally(() => {
      this.writing = undefined;
      if (this.lines.length + this.progress.size > 0) this.schedule();
    });
    return this.writing;
  }

  private async writeBatch(): Promise<void> {
    const lines = this.lines.splice(0, LARGEST_BATCH);
    const progress = this.progress;
    this.progress = new Map();
    try {
      await this.store.write(lines, [...progress.values()]);
      this.noteSuccess(lines);
    } catch (error) {
      this.noteFailure(error);
      if (!isPassing(error)) this.bytes -= sum(lines);
      else this.keep(lines, progress);
    }
  }

  private noteSuccess(lines: readonly LogLine[]): void {
    this.bytes -= sum(lines);
    if (this.failures > 0)
      this.logger.log(`Log lines and progress of jobs are being stored again; ${this.lost} lines were lost`);
    this.failures = 0;
    this.lost = 0;
  }

  private noteFailure(error: unknown): void {
    if (this.failures === 0)
      this.logger.warn(`Log lines and progress of jobs wait for the database: ${messageOf(error)}`);
    this.failures += 1;
  }

  private keep(lines: readonly LogLine[], progress: ReadonlyMap<string, Progress>): void {
    this.lines = [...lines, ...this.lines];
    this.progress = new Map([...progress, ...this.progress]);
  }
}

function sizeOf({ message }: LogLine): number {
  return LINE_BYTES + 2 * message.length;
}

function sum(lines: readonly LogLine[]): number {
  return lines.reduce((bytes, line) => bytes + sizeOf(line), 0);
}
