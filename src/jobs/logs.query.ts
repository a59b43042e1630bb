import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { ListLogsRequest, LogLineResponse, LogListResponse } from './list-logs.dto.js';

const DEFAULT_LIMIT = 200;

/** The next lines of job $1 after $2, at most $3. */
const SELECT_LOGS = `
  SELECT id, attempt, at, level, message
  FROM job_logs WHERE job_id = $1 AND id > $2
  ORDER BY id LIMIT $3`;

type LogRow = Omit<LogLineResponse, 'id' | 'at'> & { readonly id: string; readonly at: Date };

/** Reads what handlers wrote about a job. */
@Injectable()
export class LogsQuery {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  /** A page of lines in the order they were written. */
  async ofJob(jobId: string, request: ListLogsRequest): Promise<LogListResponse> {
    const limit = request.limit ?? DEFAULT_LIMIT;
    const rows = await this.source.query<LogRow[]>(SELECT_LOGS, [jobId, request.after ?? 0, limit + 1]);
    const logs = rows
      .slice(0, limit)
      .map((row) => ({ ...row, id: Number(row.id), at: row.at.toISOString() }));
    return { logs, next_after: rows.length > limit ? (logs.at(-1)?.id ?? null) : null };
  }
}
