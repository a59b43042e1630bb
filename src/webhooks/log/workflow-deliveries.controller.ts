import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../auth/index.js';
import { Answers } from '../../common/http/index.js';
import { FoundWorkflows, WorkflowIdParam } from '../../workflows/index.js';
import { DeliveriesQuery } from './deliveries.query.js';
import { DeliveryListResponse, ListDeliveriesRequest, toDeliveryResponse } from './delivery.response.js';

/** Who was told of the ends of a workflow, over HTTP. */
@ApiTags('Webhooks')
@Controller('workflows')
export class WorkflowDeliveriesController {
  constructor(
    private readonly workflows: FoundWorkflows,
    private readonly deliveries: DeliveriesQuery,
  ) {}

  @Get(':workflow_id/deliveries')
  @Requires('jobs:read')
  @ApiOperation({
    operationId: 'listWorkflowDeliveries',
    summary: 'List the deliveries that tell of a workflow or a group: to webhooks, and to its `callback_url`',
  })
  @WorkflowIdParam()
  @Answers(
    { status: 200, type: DeliveryListResponse, description: 'A page of deliveries.' },
    'workflow_not_found',
  )
  async list(
    @Param('workflow_id') id: string,
    @Query() request: ListDeliveriesRequest,
  ): Promise<DeliveryListResponse> {
    const workflow = await this.workflows.get(id);
    const { deliveries, nextCursor } = await this.deliveries.about(workflow.id, request);
    return { deliveries: deliveries.map(toDeliveryResponse), next_cursor: nextCursor };
  }
}
