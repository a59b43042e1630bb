import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { AttemptErrorResponse, AttemptResponse } from './attempt.response.js';

/** The executions of a job as the ledger has them. */
const SELECT_ATTEMPTS = `
  SELECT attempt, worker_id, started_at, ended_at, outcome, error
  FROM job_attempts WHERE job_id = $1 ORDER BY attempt`;

interface AttemptRow {
  readonly attempt: number;
  readonly worker_id: string | null;
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly outcome: AttemptResponse['outcome'];
  readonly error: AttemptErrorResponse | null;
}

/** Reads the history of a job. */
@Injectable()
export class AttemptsQuery {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  /** Every execution of a job, the first one first. */
  async ofJob(jobId: string): Promise<AttemptResponse[]> {
    const rows = await this.source.query<AttemptRow[]>(SELECT_ATTEMPTS, [jobId]);
    return rows.map((row) => ({
      number: row.attempt,
      worker_id: row.worker_id,
      started_at: row.started_at.toISOString(),
      ended_at: row.ended_at?.toISOString() ?? null,
      outcome: row.outcome,
      error: row.error,
    }));
  }
}
