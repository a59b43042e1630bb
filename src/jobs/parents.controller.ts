import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/index.js';
import {
  Answers,
  Choice,
  ListOf,
  NextCursor,
  PageCursor,
  PageSize,
  Text,
  cursorFrom,
  declare,
} from '../common/http/index.js';
import { JOB_STATUSES, JobResultsQuery, type JobStatus, type OnFailure, Redactions } from '../queue/index.js';
import { ON_FAILURE } from './depends-on.js';
import { JobIdParam } from './job-id.param.js';
import { ANY_JSON } from './job.response.js';
import { JobsQuery } from './jobs.query.js';

const DEFAULT_LIMIT = 50;

/** Which of the jobs that a job depends on. */
export class ListParentsRequest {
  @PageSize({ note: '; each may bring a result of 256 KiB' })
  limit?: number;

  @PageCursor()
  cursor?: string;
}

/** A job that another one depends on. */
export class ParentResponse {
  @Text({
    description: 'Its id.',
    maxLength: 36,
    format: 'uuid',
    example: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55',
  })
  job_id: string;

  @Text({ description: 'Its name in its workflow.', maxLength: 100, nullable: true, example: 'process' })
  ref: string | null;

  @Text({ description: 'What kind of job it is.', maxLength: 200, example: 'echo' })
  type: string;

  @Choice({ description: 'Where it is in its life.', choices: JOB_STATUSES, example: 'COMPLETED' })
  status: JobStatus;

  @Choice({
    description: 'What its failure means for the other one.',
    choices: ON_FAILURE,
    example: 'cancel',
  })
  on_failure: OnFailure;

  @declare(
    { description: 'What its handler returned; null until completed.', example: { rows: 12 } },
    { oneOf: ANY_JSON },
  )
  result: unknown;

  @Text({ description: "The last failure's message; null once completed.", maxLength: 5000, nullable: true })
  error_message: string | null;
}

/** A page of what a job depends on. */
export class ParentListResponse {
  @ListOf({ description: 'The oldest first, without those that were deleted since.', of: ParentResponse })
  parents: ParentResponse[];

  @NextCursor()
  next_cursor: string | null;
}

/** What a job depends on, over HTTP: with it a job goes on where they have ended. */
@ApiTags('Jobs')
@Controller('jobs/:job_id/parents')
export class ParentsController {
  constructor(
    private readonly jobs: JobsQuery,
    private readonly results: JobResultsQuery,
    private readonly redactions: Redactions,
  ) {}

  @Get()
  @Requires('jobs:read', { byQueue: true })
  @ApiOperation({ operationId: 'listParents', summary: 'Read the results of the jobs that a job depends on' })
  @JobIdParam()
  @Answers(
    { status: 200, type: ParentListResponse, description: 'A page of the jobs it depends on.' },
    'job_not_found',
  )
  async list(
    @Param('job_id') id: string,
    @Query() { limit = DEFAULT_LIMIT, cursor }: ListParentsRequest,
  ): Promise<ParentListResponse> {
    const after = cursorFrom(cursor);
    const job = await this.jobs.get(id);
    const found = await this.results.pageOfParents(job.id, after, limit + 1);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return {
      next_cursor: last?.id ?? null,
      parents: (await this.redactions.shown(page)).map(
        ({ id: job_id, ref, type, status, onFailure, result, errorMessage }) => ({
          job_id,
          ref,
          type,
          status,
          on_failure: onFailure,
          result,
          error_message: errorMessage,
        }),
      ),
    };
  }
}
