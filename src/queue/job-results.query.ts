import { Injectable } from '@nestjs/common';
import { isUuid } from '../common/index.js';
import { Postgres } from '../database/index.js';
import type { OnFailure } from './enqueue/new-job.js';
import type { Job } from './job.entity.js';
import { PermanentFailure } from './permanent-failure.js';
import { Redactions } from './redaction/redactions.js';
import { SELECT_BY_REF, SELECT_PARENTS, SELECT_WORKFLOW_OF } from './workflows/reading.sql.js';
import type { Workflow } from './workflows/workflow.js';

/** Parents of one statement: results may have 256 KiB each, and it has three seconds for all of them. */
const PORTION = 50;

const SELECT_RESULT = 'SELECT type, status, result FROM jobs WHERE id = $1';

/** How far a job has come, and what it returned. */
type EndOfJob = Pick<Job, 'type' | 'status' | 'result'>;

/** A job that another one depends on. */
export interface ParentJob extends Pick<Job, 'id' | 'type' | 'status' | 'result' | 'errorMessage'> {
  /** Its name in its workflow. */
  readonly ref: string | null;
  /** What its failure means for the other one. */
  readonly onFailure: OnFailure;
}

/** Reads what jobs returned, for jobs that go on with it. */
@Injectable()
export class JobResultsQuery {
  constructor(
    private readonly postgres: Postgres,
    private readonly redactions: Redactions,
  ) {}

  /**
   * The result of a COMPLETED job.
   * @param asking the job that goes on with it: what is no id is the name of a job in its workflow
   * @param isForPeople without what its type does not show
   * @throws PermanentFailure when there is no such job or it has no result: waiting is what depends_on is for
   */
  async resultOf(jobIdOrRef: string, asking: string, isForPeople = false): Promise<unknown> {
    const { rows } = isUuid(jobIdOrRef)
      ? await this.postgres.query<EndOfJob>(SELECT_RESULT, [jobIdOrRef])
      : await this.postgres.query<EndOfJob>(SELECT_BY_REF, [asking, jobIdOrRef]);
    const [job] = rows;
    return resultFrom(jobIdOrRef, job && isForPeople ? await this.redactions.shownOne(job) : job);
  }

  /** The jobs that a job depends on, the oldest first; without those that were deleted. */
  async parentsOf(jobId: string): Promise<ParentJob[]> {
    const parents: ParentJob[] = [];
    for (;;) {
      const portion = await this.pageOfParents(jobId, parents.at(-1)?.id ?? null, PORTION);
      parents.push(...portion);
      if (portion.length < PORTION) return parents;
    }
  }

  /** The same from after a parent on, at most so many. */
  async pageOfParents(jobId: string, after: string | null, limit: number): Promise<ParentJob[]> {
    return (await this.postgres.query<ParentJob>(SELECT_PARENTS, [jobId, after, limit])).rows;
  }

  /** The workflow that a job is of, or whose end it follows. */
  async workflowOf(jobId: string): Promise<Workflow | undefined> {
    return (await this.postgres.query<Workflow>(SELECT_WORKFLOW_OF, [jobId])).rows[0];
  }
}

/** @throws PermanentFailure when there is no such job or it has no result */
export function resultFrom(jobId: string, job: Pick<Job, 'status' | 'result'> | undefined): unknown {
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
