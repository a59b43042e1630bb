import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../auth/index.js';
import { Answers } from '../../common/http/index.js';
import { WebhooksQuery } from '../webhooks.query.js';
import { DeliveriesQuery } from './deliveries.query.js';
import {
  DeliveryListResponse,
  DeliveryResponse,
  ListDeliveriesRequest,
  toDeliveryResponse,
} from './delivery.response.js';
import { ResendService } from './resend.service.js';

const WEBHOOK_ID = {
  name: 'webhook_id',
  description: 'The id of the webhook.',
  schema: { type: 'string', format: 'uuid' },
} as const;

/** What was, and is to be, delivered to endpoints, over HTTP. */
@ApiTags('Webhooks')
@Controller('webhooks/:webhook_id')
export class DeliveriesController {
  constructor(
    private readonly webhooks: WebhooksQuery,
    private readonly deliveries: DeliveriesQuery,
    private readonly service: ResendService,
  ) {}

  @Post('test')
  @HttpCode(202)
  @Requires('webhooks:write', { byQueue: true })
  @ApiOperation({
    operationId: 'testWebhook',
    summary: 'Send a test event to a webhook',
    description:
      'It is tried once, also when the webhook is disabled; GET /webhooks/{webhook_id}/deliveries says what came of it.',
  })
  @ApiParam(WEBHOOK_ID)
  @Answers(
    { status: 202, type: DeliveryResponse, description: 'The delivery, to be made.' },
    'webhook_not_found',
  )
  async test(@Param('webhook_id') id: string): Promise<DeliveryResponse> {
    return toDeliveryResponse(await this.service.test(await this.webhooks.get(id)));
  }

  @Get('deliveries')
  @Requires('webhooks:write', { byQueue: true })
  @ApiOperation({
    operationId: 'listDeliveries',
    summary: 'List what was, and is to be, delivered to a webhook',
    description: 'Deliveries that ended more than RETENTION_DAYS ago are forgotten.',
  })
  @ApiParam(WEBHOOK_ID)
  @Answers(
    { status: 200, type: DeliveryListResponse, description: 'A page of deliveries.' },
    'webhook_not_found',
  )
  async list(
    @Param('webhook_id') id: string,
    @Query() request: ListDeliveriesRequest,
  ): Promise<DeliveryListResponse> {
    const webhook = await this.webhooks.get(id);
    const { deliveries, nextCursor } = await this.deliveries.toWebhook(webhook.id, request);
    return { deliveries: deliveries.map(toDeliveryResponse), next_cursor: nextCursor };
  }

  @Post('deliveries/:delivery_id/resend')
  @HttpCode(202)
  @Requires('webhooks:write', { byQueue: true })
  @ApiOperation({
    operationId: 'resendDelivery',
    summary: 'Send an event to a webhook once more',
    description: 'A new delivery of the same bytes under the same `webhook-id`.',
  })
  @ApiParam(WEBHOOK_ID)
  @ApiParam({
    name: 'delivery_id',
    description: 'The id of a delivery to this webhook.',
    schema: { type: 'string', format: 'uuid' },
  })
  @Answers(
    { status: 202, type: DeliveryResponse, description: 'The new delivery.' },
    'webhook_not_found',
    'delivery_not_found',
    'webhook_disabled',
  )
  async resend(
    @Param('webhook_id') id: string,
    @Param('delivery_id') deliveryId: string,
  ): Promise<DeliveryResponse> {
    return toDeliveryResponse(await this.service.resend(await this.webhooks.get(id), deliveryId));
  }
}
