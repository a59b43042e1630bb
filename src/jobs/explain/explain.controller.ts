import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../auth/index.js';
import { Answers } from '../../common/http/index.js';
import { JobIdParam } from '../job-id.param.js';
import { ExplainQuery } from './explain.query.js';
import { ExplanationResponse } from './explanation.response.js';
import { reasonsOf } from './reasons.js';

/** Why a job isn't running, over HTTP. */
@ApiTags('Jobs')
@Controller('jobs')
export class ExplainController {
  constructor(private readonly query: ExplainQuery) {}

  @Get(':job_id/explain')
  @Requires('jobs:read', { byQueue: true })
  @ApiOperation({ operationId: 'explainJob', summary: 'Say why a job is not running' })
  @JobIdParam()
  @Answers(
    { status: 200, type: ExplanationResponse, description: 'All that keeps it from running.' },
    'job_not_found',
  )
  async explain(@Param('job_id') id: string): Promise<ExplanationResponse> {
    const circumstances = await this.query.of(id);
    return { job_id: circumstances.id, status: circumstances.status, reasons: reasonsOf(circumstances) };
  }
}
