import { Injectable } from '@nestjs/common';
import { isUuid } from '../common/index.js';
import { Postgres } from '../database/index.js';
import type { Job } from './job.entity.js';
import { PermanentFailure } from './permanent-failure.js';

const SELECT_RESULT = 'SELECT status, result FROM jobs WHERE id = $1';

/** How far a job has come, and what it returned. */
type EndOfJob = Pick<Job, 'status' | 'result'>;

/** Reads what jobs returned, for jobs that go on with it. */
@Injectable()
export class JobResultsQuery {
  constructor(private readonly postgres: Postgres) {}

  /**
   * The result of a COMPLETED job.
   * @throws PermanentFailure when there is no such job or it has no result: waiting is what depends_on is for
   */
  async resultOf(jobId: string): Promise<unknown> {
    return resultFrom(jobId, isUuid(jobId) ? await this.find(jobId) : undefined);
  }

  private async find(jobId: string): Promise<EndOfJob | undefined> {
    const { rows } = await this.postgres.query<EndOfJob>(SELECT_RESULT, [jobId]);
    return rows[0];
  }
}

/** @throws PermanentFailure when there is no such job or it has no result */
export function resultFrom(jobId: string, job: EndOfJob | undefined): unknown {
  if (!job)
    throw new PermanentFailure(
      `There is no job "${jobId}" to take the result of: check the id, and whether retention has deleted it`,
    );
  if (job.status !== 'COMPLETED')
    throw new PermanentFailure(
      `Job ${jobId} is ${job.status} and has no result: name it in depends_on, so that this job starts after it has completed`,
    );
  return job.result;
}
