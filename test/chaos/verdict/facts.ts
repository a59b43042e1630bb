import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordedEvent } from '../app/record.js';
import { query } from '../arena/arena.js';
import type { Death } from '../arena/children-watch.js';
import type { Life } from '../arena/process-slot.js';
import type { Span } from '../clock.js';
import type { Asked } from '../load/client.js';
import { SELECT_EFFECTS, SELECT_EVENTS, SELECT_JOBS, SELECT_WORKFLOWS } from './facts.sql.js';

/** A job as the database has it at the end. Times are the database's, epoch ms. */
export interface JobFact {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly marker: string | null;
  readonly attempts: number;
  readonly interruptions: number;
  readonly createdAt: number;
  readonly finishedAt: number | null;
  readonly lock: string | null;
  readonly uniqueKey: string | null;
  /** The id of the workflow that it is of, or whose end it follows. */
  readonly workflow: string | null;
}

/** A workflow as the database has counted it. */
export interface WorkflowFact {
  readonly id: string;
  readonly name: string | null;
  readonly jobs: number;
  readonly open: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly hasEnded: boolean;
}

/** A line of the ledger. */
export interface LedgerEvent {
  readonly job: string;
  readonly attempt: number;
  readonly event: string;
  readonly at: number;
}

/** What the database says. */
export interface DatabaseFacts {
  readonly jobs: readonly JobFact[];
  readonly workflows: readonly WorkflowFact[];
  /** Of each job, in the order in which they happened. */
  readonly events: readonly LedgerEvent[];
  /** What transactions of jobs wrote. */
  readonly effects: readonly { readonly job: string; readonly attempt: number }[];
}

/** Everything that a verdict is made of. */
export interface Facts extends DatabaseFacts {
  /** What clients asked for, and what they were promised. */
  readonly asked: readonly Asked[];
  /** What handlers told the recorder. */
  readonly records: readonly RecordedEvent[];
  readonly lives: readonly Life[];
  /** Of processes that workers had started for single attempts. */
  readonly deaths: readonly Death[];
  readonly outages: readonly Span[];
}

export async function readDatabase(url: string): Promise<DatabaseFacts> {
  return {
    jobs: await query(url, SELECT_JOBS),
    workflows: await query(url, SELECT_WORKFLOWS),
    events: await query(url, SELECT_EVENTS),
    effects: await query(url, SELECT_EFFECTS),
  };
}

/** Whatever handlers have recorded; the last line of a killed process may be cut off. */
export async function readRecords(folder: string): Promise<RecordedEvent[]> {
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.flatMap((text) =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as RecordedEvent),
  );
}
