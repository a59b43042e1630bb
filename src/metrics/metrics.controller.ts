import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { register } from 'prom-client';
import { Requires } from '../auth/index.js';
import { NeedsNoDatabase } from '../common/http/index.js';

const EXAMPLE = `# HELP jobs_created_total Jobs accepted by this process.
# TYPE jobs_created_total counter
jobs_created_total{job_type="echo"} 3
`;

/** What this process counts and measures; PrometheusModule gives it its address. */
@ApiTags('Operations')
@NeedsNoDatabase()
@Controller()
export class MetricsController {
  @Get()
  @Header('Content-Type', register.contentType)
  @Requires('jobs:read')
  @ApiOperation({ operationId: 'getMetrics', summary: 'Read the metrics of this process' })
  @ApiResponse({
    status: 200,
    description: 'In the text format of Prometheus.',
    content: { 'text/plain': { schema: { type: 'string' }, example: EXAMPLE } },
  })
  read(): Promise<string> {
    return register.metrics();
  }
}
