import { Body, Controller, Get, Headers, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../auth/index.js';
import { Answers, toValid } from '../common/http/index.js';
import { EditQueueRequest } from './edit-queue.dto.js';
import { PauseQueueRequest } from './pause-queue.dto.js';
import { QueueNamePipe } from './queue-name.pipe.js';
import { etagOf } from './queue-settings.js';
import { QueueListResponse, QueueResponse, toQueueResponse } from './queue.response.js';
import { type Queue, QueuesQuery } from './queues.query.js';
import { QueuesService } from './queues.service.js';

const NAME = {
  name: 'name',
  description: 'The name of the queue.',
  schema: { type: 'string' },
  example: 'default',
} as const;

/** Queues over HTTP. */
@ApiTags('Queues')
@Controller('queues')
export class QueuesController {
  constructor(
    private readonly queues: QueuesQuery,
    private readonly service: QueuesService,
  ) {}

  @Get()
  @Requires('jobs:read')
  @ApiOperation({ operationId: 'listQueues', summary: 'List the queues' })
  @Answers({ status: 200, type: QueueListResponse, description: 'Every queue, as it is now.' })
  async list(): Promise<QueueListResponse> {
    return { queues: (await this.queues.list()).map(toQueueResponse) };
  }

  @Get(':name')
  @Requires('jobs:read', { byQueue: true })
  @ApiOperation({
    operationId: 'getQueue',
    summary: 'Read a queue',
    description: 'The header `ETag` names the version of its settings, for `If-Match` of an edit.',
  })
  @ApiParam(NAME)
  @Answers(
    { status: 200, type: QueueResponse, description: 'The queue as it is now.', headers: ['ETag'] },
    'queue_not_found',
  )
  async get(
    @Param('name', QueueNamePipe) name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QueueResponse> {
    return answer(await this.queues.get(name), reply);
  }

  @Patch(':name')
  @Requires('queues:admin', { byQueue: true })
  @ApiOperation({ operationId: 'editQueue', summary: 'Change the settings of a queue' })
  @ApiParam(NAME)
  @ApiHeader({
    name: 'If-Match',
    description: 'The ETag that was read, or `*`: the edit is refused when somebody else was faster.',
    required: true,
    schema: { type: 'string' },
  })
  @Answers(
    { status: 200, type: QueueResponse, description: 'The queue, changed.', headers: ['ETag'] },
    'queue_not_found',
  )
  async edit(
    @Param('name', QueueNamePipe) name: string,
    @Body() request: EditQueueRequest,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QueueResponse> {
    return answer(await this.service.edit(name, request, ifMatch), reply);
  }

  @Post(':name/pause')
  @HttpCode(200)
  @Requires('queues:admin', { byQueue: true })
  @ApiOperation({
    operationId: 'pauseQueue',
    summary: 'Let no more jobs of a queue start',
    description:
      'Once this is answered no job of the queue starts, on whatever worker; those that run go on.',
  })
  @ApiParam(NAME)
  @ApiBody({ description: 'May be absent.', required: false, type: PauseQueueRequest })
  @Answers(
    { status: 200, type: QueueResponse, description: 'The queue, paused.', headers: ['ETag'] },
    'queue_not_found',
  )
  async pause(
    @Param('name', QueueNamePipe) name: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QueueResponse> {
    return answer(await this.service.pause(name, await toValid(PauseQueueRequest, body ?? {})), reply);
  }

  @Post(':name/resume')
  @HttpCode(200)
  @Requires('queues:admin', { byQueue: true })
  @ApiOperation({ operationId: 'resumeQueue', summary: 'Let the jobs of a paused queue start again' })
  @ApiParam(NAME)
  @Answers(
    { status: 200, type: QueueResponse, description: 'The queue, not paused.', headers: ['ETag'] },
    'queue_not_found',
  )
  async resume(
    @Param('name', QueueNamePipe) name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QueueResponse> {
    return answer(await this.service.resume(name), reply);
  }
}

function answer(queue: Queue, reply: FastifyReply): QueueResponse {
  void reply.header('ETag', etagOf(queue));
  return toQueueResponse(queue);
}
