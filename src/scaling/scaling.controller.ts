import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/index.js';
import { invalid } from '../common/index.js';
import { Answers } from '../common/http/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { LiveWorkersQuery } from '../worker/index.js';
import { type Sizing, needOf } from './desired-workers.js';
import { ScalingRequest } from './scaling.dto.js';
import { ScalingQuery } from './scaling.query.js';
import { ScalingResponse, toScalingResponse } from './scaling.response.js';

const DEFAULT_MOST = 100;
const DEFAULT_TARGET = 0.8;

/** How many workers there should be, for autoscalers. */
@ApiTags('Stats')
@Controller('admin/scaling')
export class ScalingController {
  constructor(
    private readonly scaling: ScalingQuery,
    private readonly workers: LiveWorkersQuery,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @Requires('jobs:read')
  @ApiOperation({
    operationId: 'getScaling',
    summary: 'Reckon how many workers there should be',
    description:
      'From how many jobs come and how long they hold a slot, and from what has to be worked off: made to be asked by an autoscaler every few seconds.',
  })
  @Answers({ status: 200, type: ScalingResponse, description: 'As of now.' })
  async get(@Query() request: ScalingRequest): Promise<ScalingResponse> {
    const { min = 1, max = Math.max(DEFAULT_MOST, min), target = DEFAULT_TARGET } = request;
    if (min > max) {
      const detail = `min (${min}) must not be above max (${max})`;
      throw invalid('validation_failed', [{ pointer: '/min', detail, code: 'min_above_max' }]);
    }
    const queues = request.queues?.split(',') ?? null;
    const [demands, capacity] = await Promise.all([
      this.scaling.demands(queues),
      this.workers.capacity(queues),
    ]);
    const average = capacity.workers > 0 ? Math.round(capacity.slots / capacity.workers) : 0;
    const slotsPerWorker = request.slots ?? (average || this.config.worker.concurrency);
    const sizing: Sizing = { slotsPerWorker, target, min, max, current: capacity.workers };
    return toScalingResponse(
      demands.map((demand) => needOf(demand, sizing)),
      sizing,
    );
  }
}
