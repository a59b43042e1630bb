import { Injectable } from '@nestjs/common';
import type { JobJournal } from '../job-journal.js';
import { LEFT_OUT, type LogLine, MOST_LINES, type Progress } from '../job-journal.store.js';

/** Keeps what handlers say of their jobs, at once. */
@Injectable()
export class InMemoryJournal implements Pick<JobJournal, 'addLine' | 'setProgress' | 'flush'> {
  private readonly lines = new Map<string, LogLine[]>();
  private readonly progress = new Map<string, Progress>();

  addLine(line: LogLine): void {
    const lines = this.lines.get(line.job_id) ?? [];
    this.lines.set(line.job_id, lines);
    if (lines.length > MOST_LINES) return;
    lines.push(lines.length === MOST_LINES ? { ...line, level: 'warn', message: LEFT_OUT } : line);
  }

  setProgress(progress: Progress): void {
    this.progress.set(progress.job_id, progress);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  linesOf(jobId: string): readonly LogLine[] {
    return this.lines.get(jobId) ?? [];
  }

  progressOf(jobId: string): Progress | undefined {
    return this.progress.get(jobId);
  }

  clear(): void {
    this.lines.clear();
    this.progress.clear();
  }
}
