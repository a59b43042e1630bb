import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/index.js';
import { Answers } from '../common/http/index.js';
import { StatsQuery } from './stats.query.js';
import { StatsResponse } from './stats.response.js';

/** The sample feature in figures. */
@ApiTags('Stats')
@Controller('stats')
export class StatsController {
  constructor(private readonly stats: StatsQuery) {}

  @Get()
  @Requires('jobs:read')
  @ApiOperation({ operationId: 'getStats', summary: 'Count jokes and recent jobs' })
  @Answers({ status: 200, type: StatsResponse, description: 'The figures as they are now.' })
  async get(): Promise<StatsResponse> {
    const [jokes, recent_jobs] = await Promise.all([this.stats.jokes(), this.stats.recentJobs()]);
    return { total_jokes: jokes.total, categories: jokes.byCategory, recent_jobs };
  }
}
