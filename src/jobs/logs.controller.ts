import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/index.js';
import { Answers } from '../common/http/index.js';
import { JobsQuery } from './jobs.query.js';
import { ListLogsRequest, LogListResponse } from './list-logs.dto.js';
import { LogsQuery } from './logs.query.js';

/** What handlers wrote about their jobs. */
@ApiTags('Jobs')
@Controller('jobs')
export class LogsController {
  constructor(
    private readonly jobs: JobsQuery,
    private readonly logs: LogsQuery,
  ) {}

  @Get(':job_id/logs')
  @Requires('jobs:read', { byQueue: true })
  @ApiOperation({ operationId: 'listLogs', summary: "List the lines of a job's log" })
  @ApiParam({
    name: 'job_id',
    description: 'The id that the submission answered with.',
    schema: { type: 'string', format: 'uuid' },
  })
  @Answers({ status: 200, type: LogListResponse, description: 'A page of lines.' }, 'job_not_found')
  async list(@Param('job_id') id: string, @Query() request: ListLogsRequest): Promise<LogListResponse> {
    const job = await this.jobs.get(id);
    return this.logs.ofJob(job.id, request);
  }
}
