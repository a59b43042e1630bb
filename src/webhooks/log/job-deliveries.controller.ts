import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../auth/index.js';
import { Answers } from '../../common/http/index.js';
import { JobsQuery } from '../../jobs/index.js';
import { DeliveriesQuery } from './deliveries.query.js';
import { DeliveryListResponse, ListDeliveriesRequest, toDeliveryResponse } from './delivery.response.js';

/** Who was told of the end of a job, over HTTP. */
@ApiTags('Webhooks')
@Controller('jobs')
export class JobDeliveriesController {
  constructor(
    private readonly jobs: JobsQuery,
    private readonly deliveries: DeliveriesQuery,
  ) {}

  @Get(':job_id/deliveries')
  @Requires('jobs:read', { byQueue: true })
  @ApiOperation({
    operationId: 'listJobDeliveries',
    summary: 'List the deliveries that tell of a job: to webhooks, and to its `callback_url`',
  })
  @ApiParam({
    name: 'job_id',
    description: 'The id that the submission answered with.',
    schema: { type: 'string', format: 'uuid' },
  })
  @Answers({ status: 200, type: DeliveryListResponse, description: 'A page of deliveries.' }, 'job_not_found')
  async list(
    @Param('job_id') id: string,
    @Query() request: ListDeliveriesRequest,
  ): Promise<DeliveryListResponse> {
    const job = await this.jobs.get(id);
    const { deliveries, nextCursor } = await this.deliveries.about(job.id, request);
    return { deliveries: deliveries.map(toDeliveryResponse), next_cursor: nextCursor };
  }
}
