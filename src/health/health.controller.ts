import { Controller, Get, Header, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { HealthCheckResult } from '@nestjs/terminus';
import { Public } from '../auth/index.js';
import { Answers, NeedsNoDatabase } from '../common/http/index.js';
import { Checkup } from './checkup.js';
import { HealthResponse, LivenessResponse } from './health.response.js';
import { Readiness } from './readiness.js';
import { UnhealthyFilter } from './unhealthy.filter.js';

const unavailable = { status: 503, type: HealthResponse };

/** How this process is, for people, load balancers and orchestrators. */
@ApiTags('Operations')
@Controller('health')
@NeedsNoDatabase()
@UseFilters(UnhealthyFilter)
export class HealthController {
  constructor(
    private readonly checkup: Checkup,
    private readonly readiness: Readiness,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @Public()
  @ApiOperation({ operationId: 'getHealth', summary: 'Check the database, the queue and the workers' })
  @Answers({ status: 200, type: HealthResponse, description: 'All is well.' })
  @ApiResponse({ ...unavailable, description: 'Something is down; the error names it.' })
  async check(): Promise<HealthCheckResult> {
    this.readiness.refuseWhenStopping();
    return this.checkup.everything();
  }

  @Get('live')
  @Header('Cache-Control', 'no-store')
  @Public()
  @ApiOperation({ operationId: 'getLiveness', summary: 'Check that this process answers' })
  @Answers({ status: 200, type: LivenessResponse, description: 'It does.' })
  live(): LivenessResponse {
    return { status: 'ok' };
  }

  @Get('ready')
  @Header('Cache-Control', 'no-store')
  @Public()
  @ApiOperation({ operationId: 'getReadiness', summary: 'Check that this process can serve' })
  @Answers({ status: 200, type: HealthResponse, description: 'Send it requests.' })
  @ApiResponse({ ...unavailable, description: 'Send it none: the database is away, or it is shutting down.' })
  async ready(): Promise<HealthCheckResult> {
    this.readiness.refuseWhenStopping();
    return this.checkup.essentials();
  }
}
