import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/index.js';
import { Answers } from '../common/http/index.js';
import { LiveWorkersQuery } from '../worker/index.js';
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
    private readonly workers: LiveWorkersQuery,
  ) {}

  @Get()
  @Requires('admin')
  @ApiOperation({
    operationId: 'getAdminStats',
    summary: 'Count jobs by status and type, and show what failed and how long jobs take',
  })
  @Answers({ status: 200, type: AdminStatsResponse, description: 'The figures as they are now.' })
  async get(): Promise<AdminStatsResponse> {
    const [totals, failures, throughput, durations, { takingNothing }] = await Promise.all([
      this.stats.totals(),
      this.stats.recentFailures(FAILURES_SHOWN),
      this.stats.throughput(),
      this.durations.byQueue(),
      this.workers.abilities(),
    ]);
    return {
      status_breakdown: totals.byStatus,
      type_breakdown: totals.byType,
      avg_attempts_for_failed_jobs: totals.averageAttemptsOfFailed,
      recent_failures: failures.map(toFailureResponse),
      throughput,
      workers_taking_nothing: takingNothing,
      queues: durations.map(toDurationsResponse),
    };
  }
}
