import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../common/http/index.js';
import { AdminStatsQuery } from './admin-stats.query.js';
import { AdminStatsResponse, toFailureResponse } from './admin-stats.response.js';
import { toDurationsResponse } from './durations.response.js';
import { DurationsQuery } from './durations.query.js';

const FAILURES_SHOWN = 10;

/** The queue in figures. */
@ApiTags('Stats')
@Controller('admin/stats')
export class AdminStatsController {
  constructor(
    private readonly stats: AdminStatsQuery,
    private readonly durations: DurationsQuery,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'getAdminStats',
    summary: 'Count jobs by status and type, and show what failed and how long jobs take',
  })
  @Answers({ status: 200, type: AdminStatsResponse, description: 'The figures as they are now.' }, 503)
  async get(): Promise<AdminStatsResponse> {
    const [status_breakdown, type_breakdown, avg_attempts_for_failed_jobs, failures, throughput, durations] =
      await Promise.all([
        this.stats.jobsByStatus(),
        this.stats.jobsByType(),
        this.stats.averageAttemptsOfFailed(),
        this.stats.recentFailures(FAILURES_SHOWN),
        this.stats.throughput(),
        this.durations.byQueue(),
      ]);
    const recent_failures = failures.map(toFailureResponse);
    return {
      status_breakdown,
      type_breakdown,
      avg_attempts_for_failed_jobs,
      recent_failures,
      throughput,
      queues: durations.map(toDurationsResponse),
    };
  }
}
