import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/index.js';
import { Answers } from '../common/http/index.js';
import { AttemptListResponse } from './attempt.response.js';
import { AttemptsQuery } from './attempts.query.js';
import { JobIdParam } from './job-id.param.js';
import { JobsQuery } from './jobs.query.js';

/** The executions of a job over HTTP. */
@ApiTags('Jobs')
@Controller('jobs/:job_id/attempts')
export class AttemptsController {
  constructor(
    private readonly jobs: JobsQuery,
    private readonly attempts: AttemptsQuery,
  ) {}

  @Get()
  @Requires('jobs:read', { byQueue: true })
  @ApiOperation({ operationId: 'listAttempts', summary: 'List the executions of a job' })
  @JobIdParam()
  @Answers({ status: 200, type: AttemptListResponse, description: 'Every execution.' }, 'job_not_found')
  async list(@Param('job_id') id: string): Promise<AttemptListResponse> {
    const job = await this.jobs.get(id);
    return { attempts: await this.attempts.ofJob(job.id) };
  }
}
