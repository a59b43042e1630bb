import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../common/http/index.js';
import { AdminStatsQuery } from './admin-stats.query.js';
import { AdminStatsResponse, toFailureResponse } from './admin-stats.response.js';

const FAILURES_SHOWN = 10;

/** The queue in figures. */
@ApiTags('Stats')
@Controller('admin/stats')
export class AdminStatsController {
  constructor(private readonly stats: AdminStatsQuery) {}

  @Get()
  @ApiOperation({
    operationId: 'getAdminStats',
    summary: 'Count jobs by status and type, and show what failed',
  })
  @Answers({ status: 200, type: AdminStatsResponse, description: 'The figures as they are now.' }, 503)
  async get(): Promise<AdminStatsResponse> {
    const [status_breakdown, type_breakdown, avg_attempts_for_failed_jobs, failures] = await Promise.all([
      this.stats.jobsByStatus(),
      this.stats.jobsByType(),
      this.stats.averageAttemptsOfFailed(),
      this.stats.recentFailures(FAILURES_SHOWN),
    ]);
    const recent_failures = failures.map(toFailureResponse);
    return { status_breakdown, type_breakdown, avg_attempts_for_failed_jobs, recent_failures };
  }
}
