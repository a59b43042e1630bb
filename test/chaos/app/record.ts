import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { JobContext } from '../../../src/worker/index.js';
import { now } from '../clock.js';

/** What a handler tells somebody whom the product knows nothing of. */
export interface RecordedEvent {
  readonly at: number;
  readonly event: 'started' | 'effect' | 'ended';
  readonly job: string;
  readonly attempt: number;
  readonly pid: number;
  /** How it ended; of other events absent. */
  readonly how?: 'returned' | 'threw';
}

let file: number | undefined;

/**
 * Appends a line to this process's own file before it returns: what is written stays, however the process dies. (It
 * would not survive the machine, which nobody kills here.)
 */
function record(
  { jobId, attempt }: Pick<JobContext, 'jobId' | 'attempt'>,
  event: RecordedEvent['event'],
  how?: RecordedEvent['how'],
): void {
  file ??= openSync(join(process.env.CHAOS_RECORDS!, `${process.pid}.jsonl`), 'a');
  const line: RecordedEvent = {
    at: now(),
    event,
    job: jobId,
    attempt,
    pid: process.pid,
    ...(how ? { how } : {}),
  };
  writeSync(file, `${JSON.stringify(line)}\n`);
}

/** Runs a handler's work with a record of its start, its effect when the work is done, and its end. */
export async function recorded<T>(job: JobContext, work: () => Promise<T>): Promise<T> {
  record(job, 'started');
  try {
    const result = await work();
    record(job, 'effect');
    record(job, 'ended', 'returned');
    return result;
  } catch (error) {
    record(job, 'ended', 'threw');
    throw error;
  }
}
