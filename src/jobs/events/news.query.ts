import { Injectable } from '@nestjs/common';
import { Postgres } from '../../database/index.js';
import { type JobStatus, isFinal } from '../../queue/index.js';
import { Coalescer } from '../watch/coalescer.js';
import type { EventResponse } from './event.response.js';
import { type EventRow, submitted, toEventResponse } from './events.query.js';
import { SELECT_NEWS } from './events.sql.js';
import type { StreamCursor } from './stream-cursor.js';

/** Events, and log lines, of one look; more are left for the next one. */
const PAGE = 200;

/** Streams of one statement. */
const MOST_STREAMS = 100;

/** A line that a handler wrote. */
export interface LogLine {
  readonly id: number;
  readonly attempt: number;
  readonly at: string;
  readonly level: string;
  readonly message: string;
}

/** How far a handler says it has come. */
export interface ReportedProgress {
  readonly percent: number;
  readonly message: string | null;
  readonly attempt: number;
  readonly at: string;
}

/** What a stream has not sent yet. */
export interface News {
  /** Null = the job is gone. */
  readonly status: JobStatus | null;
  readonly events: readonly EventResponse[];
  readonly logs: readonly LogLine[];
  readonly progress: ReportedProgress | null;
  /** There may be more at once. */
  readonly hasMore: boolean;
  /** This was all, for good unless somebody retries the job. */
  readonly isLast: boolean;
}

interface Wanted {
  readonly jobId: string;
  readonly after: StreamCursor;
}

interface NewsRow {
  readonly status: JobStatus | null;
  readonly createdAt: Date | null;
  readonly createdBy: string | null;
  readonly events: EventRow[];
  readonly logs: LogLine[];
  readonly progress: ReportedProgress | null;
}

/** Reads what is new of jobs, for any number of streams with one statement. */
@Injectable()
export class NewsQuery {
  private readonly reads = new Coalescer<Wanted, News>((wanted) => this.read(wanted), MOST_STREAMS);

  constructor(private readonly postgres: Postgres) {}

  ofJob(jobId: string, after: StreamCursor): Promise<News> {
    return this.reads.load({ jobId, after });
  }

  private async read(wanted: readonly Wanted[]): Promise<News[]> {
    const { rows } = await this.postgres.query<NewsRow>(SELECT_NEWS, [
      wanted.map(({ jobId }) => jobId),
      wanted.map(({ after }) => after.event),
      wanted.map(({ after }) => after.log),
      PAGE,
    ]);
    return rows.map((row, index) => toNews(row, wanted[index]?.after.event ?? 0));
  }
}

function toNews(row: NewsRow, afterEvent: number): News {
  const { status, createdAt, createdBy } = row;
  const events = row.events.map(toEventResponse);
  if (afterEvent < 0 && createdAt) events.unshift(submitted({ createdAt, createdBy }));
  const hasMore = row.events.length === PAGE || row.logs.length === PAGE;
  return {
    status,
    events,
    logs: row.logs.map(inUtc),
    progress: row.progress && inUtc(row.progress),
    hasMore,
    isLast: !hasMore && (status === null || isFinal(status)),
  };
}

/** In JSON, PostgreSQL writes times in the session's zone. */
function inUtc<T extends { readonly at: string }>(row: T): T {
  return { ...row, at: new Date(row.at).toISOString() };
}
