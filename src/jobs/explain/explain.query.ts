import { Injectable } from '@nestjs/common';
import { DomainError, isUuid } from '../../common/index.js';
import { Postgres } from '../../database/index.js';
import { Line } from '../../queue/index.js';
import { LiveWorkersQuery } from '../../worker/index.js';
import { type Circumstances, MOST_AHEAD, MOST_PARENTS, type Surroundings } from './circumstances.js';
import { SELECT_CIRCUMSTANCES } from './explain.sql.js';

/** Reads all that may keep a job from running. */
@Injectable()
export class ExplainQuery {
  constructor(
    private readonly postgres: Postgres,
    private readonly line: Line,
    private readonly liveWorkers: LiveWorkersQuery,
  ) {}

  /** @throws DomainError job_not_found, also when the id cannot be one */
  async of(jobId: string): Promise<Circumstances> {
    const { rows } = isUuid(jobId)
      ? await this.postgres.query<Surroundings>(SELECT_CIRCUMSTANCES, [jobId, MOST_PARENTS, MOST_AHEAD + 1])
      : { rows: [] };
    const [job] = rows;
    if (!job) throw new DomainError('job_not_found', `There is no job "${jobId}"`);
    const [ahead, serving] = await Promise.all([
      this.line.ahead(job, MOST_AHEAD + 1),
      this.liveWorkers.serving(job.queue, job.type),
    ]);
    return { ...job, ahead, serving };
  }
}
