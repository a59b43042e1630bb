import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiNoContentResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../auth/index.js';
import { Answers, Problems, toValid } from '../common/http/index.js';
import {
  CreateWebhookRequest,
  DisableWebhookRequest,
  EditWebhookRequest,
  RotateSecretRequest,
} from './webhook.dto.js';
import { type Webhook, etagOf } from './webhook.js';
import {
  WebhookListResponse,
  WebhookResponse,
  WebhookWithSecretResponse,
  toWebhookResponse,
} from './webhook.response.js';
import { WebhooksQuery } from './webhooks.query.js';
import { type Unveiled, WebhooksService } from './webhooks.service.js';

const ID = {
  name: 'webhook_id',
  description: 'The id of the webhook.',
  schema: { type: 'string', format: 'uuid' },
} as const;

const changed = {
  status: 200,
  type: WebhookResponse,
  description: 'The webhook as it is now.',
  headers: ['ETag'],
} as const;

/** Endpoints that hear of the ends of jobs and workflows, over HTTP. */
@ApiTags('Webhooks')
@Controller('webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhooksQuery,
    private readonly service: WebhooksService,
  ) {}

  @Get()
  @Requires('webhooks:write')
  @ApiOperation({ operationId: 'listWebhooks', summary: 'List the webhooks' })
  @Answers({ status: 200, type: WebhookListResponse, description: 'Every webhook, without secrets.' })
  async list(): Promise<WebhookListResponse> {
    return { webhooks: (await this.webhooks.list()).map(toWebhookResponse) };
  }

  @Post()
  @Requires('webhooks:write', { byQueue: true })
  @ApiOperation({
    operationId: 'createWebhook',
    summary: 'Tell an endpoint of the ends of jobs and workflows',
    description:
      'It hears of every job, and of every workflow, that ends from now on and that it asks for. The answer holds the secret that its events are signed with, this once.',
  })
  @Answers(
    {
      status: 201,
      type: WebhookWithSecretResponse,
      description: 'The webhook, with its secret.',
      headers: ['Location', 'ETag'],
    },
    'too_many_webhooks',
    'secrets_key_unavailable',
  )
  async create(
    @Body() request: CreateWebhookRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WebhookWithSecretResponse> {
    const unveiled = await this.service.create(request);
    void reply.header('Location', `/webhooks/${unveiled.webhook.id}`);
    return unveil(unveiled, reply);
  }

  @Get(':webhook_id')
  @Requires('webhooks:write', { byQueue: true })
  @ApiOperation({
    operationId: 'getWebhook',
    summary: 'Read a webhook',
    description: 'The header `ETag` names the version of its settings, for `If-Match` of an edit.',
  })
  @ApiParam(ID)
  @Answers(
    {
      status: 200,
      type: WebhookResponse,
      description: 'The webhook, without its secret.',
      headers: ['ETag'],
    },
    'webhook_not_found',
  )
  async get(
    @Param('webhook_id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WebhookResponse> {
    return answer(await this.webhooks.get(id), reply);
  }

  @Patch(':webhook_id')
  @Requires('webhooks:write', { byQueue: true })
  @ApiOperation({ operationId: 'editWebhook', summary: 'Change the settings of a webhook' })
  @ApiParam(ID)
  @ApiHeader({
    name: 'If-Match',
    description: 'The ETag that was read, or `*`: the edit is refused when somebody else was faster.',
    required: true,
    schema: { type: 'string' },
  })
  @Answers(changed, 'webhook_not_found')
  async edit(
    @Param('webhook_id') id: string,
    @Body() request: EditWebhookRequest,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WebhookResponse> {
    return answer(await this.service.edit(id, request, ifMatch), reply);
  }

  @Delete(':webhook_id')
  @HttpCode(204)
  @Requires('webhooks:write', { byQueue: true })
  @ApiOperation({
    operationId: 'deleteWebhook',
    summary: 'Delete a webhook, and the log of its deliveries',
    description: 'Deliveries that are still to be made are cancelled.',
  })
  @ApiParam(ID)
  @ApiNoContentResponse({ description: 'It is gone.' })
  @Problems('webhook_not_found')
  async delete(@Param('webhook_id') id: string): Promise<void> {
    await this.service.delete(id);
  }

  @Post(':webhook_id/enable')
  @HttpCode(200)
  @Requires('webhooks:write', { byQueue: true })
  @ApiOperation({
    operationId: 'enableWebhook',
    summary: 'Tell a webhook of what happens from now on',
    description: 'What happened while it was disabled is not made up for.',
  })
  @ApiParam(ID)
  @Answers(changed, 'webhook_not_found')
  async enable(
    @Param('webhook_id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WebhookResponse> {
    return answer(await this.service.enable(id), reply);
  }

  @Post(':webhook_id/disable')
  @HttpCode(200)
  @Requires('webhooks:write', { byQueue: true })
  @ApiOperation({
    operationId: 'disableWebhook',
    summary: 'Tell a webhook of nothing any more',
    description: 'Deliveries that are still to be made are cancelled.',
  })
  @ApiParam(ID)
  @ApiBody({ description: 'May be absent.', required: false, type: DisableWebhookRequest })
  @Answers(changed, 'webhook_not_found')
  async disable(
    @Param('webhook_id') id: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WebhookResponse> {
    const request = await toValid(DisableWebhookRequest, body ?? {});
    return answer(await this.service.disable(id, request), reply);
  }

  @Post(':webhook_id/rotate-secret')
  @HttpCode(200)
  @Requires('webhooks:write', { byQueue: true })
  @ApiOperation({
    operationId: 'rotateWebhookSecret',
    summary: 'Give a webhook another secret',
    description: 'For a while both secrets sign, so that receivers can change over without losing an event.',
  })
  @ApiParam(ID)
  @ApiBody({ description: 'May be absent.', required: false, type: RotateSecretRequest })
  @Answers(
    {
      status: 200,
      type: WebhookWithSecretResponse,
      description: 'The webhook, with its new secret.',
      headers: ['ETag'],
    },
    'webhook_not_found',
    'secrets_key_unavailable',
  )
  async rotate(
    @Param('webhook_id') id: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WebhookWithSecretResponse> {
    const { keep_old_for: keepOldFor } = await toValid(RotateSecretRequest, body ?? {});
    return unveil(await this.service.rotate(id, keepOldFor), reply);
  }
}

function answer(webhook: Webhook, reply: FastifyReply): WebhookResponse {
  void reply.header('ETag', etagOf(webhook));
  return toWebhookResponse(webhook);
}

function unveil({ webhook, secret }: Unveiled, reply: FastifyReply): WebhookWithSecretResponse {
  return Object.assign(answer(webhook, reply), { secret });
}
