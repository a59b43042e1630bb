import { Injectable } from '@nestjs/common';
import { refuseJob } from '../../auth/index.js';
import { DomainError, isUuid } from '../../common/index.js';
import { Postgres } from '../../database/index.js';
import { JobTypes, LimitUsages, Line } from '../../queue/index.js';
import { CircuitsQuery, LiveWorkersQuery, type SeenCircuit } from '../../worker/index.js';
import { type Circumstances, MOST_AHEAD, MOST_PARENTS, type Surroundings } from './circumstances.js';
import { SELECT_CIRCUMSTANCES } from './explain.sql.js';

/** Reads all that may keep a job from running. */
@Injectable()
export class ExplainQuery {
  constructor(
    private readonly postgres: Postgres,
    private readonly line: Line,
    private readonly liveWorkers: LiveWorkersQuery,
    private readonly types: JobTypes,
    private readonly circuits: CircuitsQuery,
    private readonly limitUsages: LimitUsages,
  ) {}

  /** @throws DomainError job_not_found, also when the id cannot be one; forbidden */
  async of(jobId: string): Promise<Circumstances> {
    const { rows } = isUuid(jobId)
      ? await this.postgres.query<Surroundings>(SELECT_CIRCUMSTANCES, [jobId, MOST_PARENTS, MOST_AHEAD + 1])
      : { rows: [] };
    const [job] = rows;
    const missing = () => new DomainError('job_not_found', `There is no job "${jobId}"`);
    if (!job) throw missing();
    refuseJob(job.queue, missing);
    const [ahead, serving, circuit, limits] = await Promise.all([
      this.line.ahead(job, MOST_AHEAD + 1),
      this.liveWorkers.serving(job.queue, job.type),
      this.circuitOf(job.type),
      this.limitUsages.of(job.queue, job.limitKey),
    ]);
    return { ...job, ahead, serving, circuit, limits: limits.get(job.queue) };
  }

  /** Jobs may be stored under what is an alias of their type by now. */
  private async circuitOf(name: string): Promise<SeenCircuit | undefined> {
    const jobType = this.types.find(name);
    if (!jobType?.circuit) return undefined;
    return (await this.circuits.of([jobType.type])).get(jobType.type);
  }
}
