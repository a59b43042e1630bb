import { Injectable } from '@nestjs/common';
import { Postgres } from '../database/index.js';
import { CHANGES_CHANNEL, toStorableJson } from '../queue/index.js';
import type { LogLevel } from './job-handler.js';
import { INSERT_LOGS, NOTIFY_WATCHERS, UPSERT_PROGRESS } from './job-journal.sql.js';

/** Lines that are kept of one job. */
export const MOST_LINES = 1_000;

/** What stands in the place of the first line too many. */
export const LEFT_OUT = `More lines were left out: a job keeps ${MOST_LINES.toLocaleString('en')}`;

/** As many ids as the trigger on jobs puts into one notice; PostgreSQL refuses 8,000 bytes and more. */
const MOST_IDS = 240;

/** One line of a job's log, as it is stored. */
export interface LogLine {
  readonly job_id: string;
  readonly attempt: number;
  readonly at: string;
  readonly level: LogLevel;
  readonly message: string;
}

/** How far a job has come, as it is stored. */
export interface Progress {
  readonly job_id: string;
  readonly attempt: number;
  readonly at: string;
  readonly percent: number;
  readonly message: string | null;
}

/** Stores what handlers say of their jobs. */
@Injectable()
export class JobJournalStore {
  constructor(private readonly postgres: Postgres) {}

  /** Stores it in one transaction and tells whoever watches these jobs. */
  async write(lines: readonly LogLine[], progress: readonly Progress[]): Promise<void> {
    const ids = new Set([...lines, ...progress].map((row) => row.job_id));
    await this.postgres.transaction(async (session) => {
      if (lines.length > 0) {
        const rows = lines.map((line, n) => ({ n, ...line }));
        await session.query(INSERT_LOGS, [toStorableJson(rows), MOST_LINES, LEFT_OUT]);
      }
      if (progress.length > 0) await session.query(UPSERT_PROGRESS, [toStorableJson(progress)]);
      await session.query(NOTIFY_WATCHERS, [CHANGES_CHANNEL, noticeOf([...ids])]);
    });
  }
}

function noticeOf(ids: readonly string[]): string {
  return ids.length > MOST_IDS ? '*' : ids.map((id) => id.replaceAll('-', '')).join('');
}
