import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires, refuseQueue } from '../auth/index.js';
import { currentActor } from '../common/index.js';
import {
  BulkOperationResponse,
  BulkOperationsService,
  DryRunResponse,
  RedriveRequest,
  answerBulkRequest,
} from '../bulk-operations/index.js';
import { Answers, Problems } from '../common/http/index.js';
import { Redactions } from '../queue/index.js';
import { DeadLettersQuery } from './dead-letters.query.js';
import { DeadLettersService } from './dead-letters.service.js';
import {
  DeadLetterListResponse,
  ListDeadLettersRequest,
  toDeadLetterResponse,
} from './list-dead-letters.dto.js';

/** Jobs that failed for good, over HTTP. */
@ApiTags('Dead letters')
@Controller('dead-letters')
export class DeadLettersController {
  constructor(
    private readonly deadLetters: DeadLettersQuery,
    private readonly service: DeadLettersService,
    private readonly operations: BulkOperationsService,
    private readonly redactions: Redactions,
  ) {}

  @Get()
  @Requires('jobs:read', { byQueue: true })
  @ApiOperation({ operationId: 'listDeadLetters', summary: 'List failed jobs, the latest failure first' })
  @Answers({ status: 200, type: DeadLetterListResponse, description: 'A page of failed jobs.' })
  async list(@Query() request: ListDeadLettersRequest): Promise<DeadLetterListResponse> {
    refuseQueue(request.queue);
    const { jobs, nextCursor, incomplete } = await this.deadLetters.list(request);
    const shown = await this.redactions.shown(jobs);
    return { dead_letters: shown.map(toDeadLetterResponse), next_cursor: nextCursor, incomplete };
  }

  @Post('redrive')
  @HttpCode(202)
  @Requires('jobs:control')
  @ApiOperation({ operationId: 'redriveDeadLetters', summary: 'Run failed jobs again, as a bulk operation' })
  @ApiResponse({ status: 200, type: DryRunResponse, description: 'What would be done (`dry_run`).' })
  @Answers({
    status: 202,
    type: BulkOperationResponse,
    description: 'The operation, to be done by a worker.',
    headers: ['Location'],
  })
  async redrive(
    @Body() { filter = {}, ...manner }: RedriveRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BulkOperationResponse | DryRunResponse> {
    const failed = Object.assign(filter, { status: 'FAILED' });
    return answerBulkRequest(this.operations, { ...manner, action: 'retry', filter: failed }, reply);
  }

  @Delete(':job_id')
  @HttpCode(204)
  @Requires('jobs:control', { byQueue: true })
  @ApiOperation({ operationId: 'discardDeadLetter', summary: 'Delete a failed or cancelled job' })
  @ApiParam({
    name: 'job_id',
    description: 'The id of a job.',
    schema: { type: 'string', format: 'uuid' },
  })
  @ApiNoContentResponse({ description: 'It is gone, with its history.' })
  @Problems('job_not_found', 'job_state_conflict')
  async discard(@Param('job_id') id: string): Promise<void> {
    await this.service.discard(id, currentActor());
  }
}
