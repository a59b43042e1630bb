import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../auth/index.js';
import { currentActor, invalid, isUuid } from '../common/index.js';
import { Answers } from '../common/http/index.js';
import {
  BulkOperationListResponse,
  BulkOperationResponse,
  DryRunResponse,
  toBulkOperationResponse,
  toDryRunResponse,
} from './bulk-operation.response.js';
import { BulkOperationsQuery } from './bulk-operations.query.js';
import { BulkOperationsService } from './bulk-operations.service.js';
import { CreateBulkOperationRequest } from './create-bulk-operation.dto.js';
import { ListBulkOperationsRequest } from './list-bulk-operations.dto.js';

const DEFAULT_LIMIT = 50;

/** One of `filter` and `all` is needed, which no schema says as well as an example that works. */
const EXAMPLES = {
  count: {
    summary: 'Say how many jobs would be cancelled',
    value: { action: 'cancel', filter: { queue: 'default', tag: 'signup' }, dry_run: true },
  },
  retry: {
    summary: 'Run what has failed in a queue once more, fifty jobs a second',
    value: { action: 'retry', filter: { queue: 'default', status: ['FAILED'] }, per_second: 50 },
  },
};

const OperationId = () =>
  ApiParam({
    name: 'operation_id',
    description: 'The id that POST /bulk-operations answered with.',
    schema: { type: 'string', format: 'uuid' },
  });

/** Work on many jobs over HTTP. */
@ApiTags('Bulk operations')
@Controller('bulk-operations')
export class BulkOperationsController {
  constructor(
    private readonly service: BulkOperationsService,
    private readonly operations: BulkOperationsQuery,
  ) {}

  @Post()
  @HttpCode(202)
  @Requires('jobs:control')
  @ApiOperation({ operationId: 'createBulkOperation', summary: 'Cancel, retry, run or discard many jobs' })
  @ApiBody({ type: CreateBulkOperationRequest, examples: EXAMPLES })
  @ApiResponse({ status: 200, type: DryRunResponse, description: 'What would be done (`dry_run`).' })
  @Answers({
    status: 202,
    type: BulkOperationResponse,
    description: 'The operation, to be done by a worker.',
    headers: ['Location'],
  })
  async create(
    @Body() request: CreateBulkOperationRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BulkOperationResponse | DryRunResponse> {
    return answerBulkRequest(this.service, request, reply);
  }

  @Get()
  @Requires('jobs:read')
  @ApiOperation({ operationId: 'listBulkOperations', summary: 'List bulk operations, the newest first' })
  @Answers({ status: 200, type: BulkOperationListResponse, description: 'A page of operations.' })
  async list(
    @Query() { limit = DEFAULT_LIMIT, cursor }: ListBulkOperationsRequest,
  ): Promise<BulkOperationListResponse> {
    const found = await this.operations.list(cursor === undefined ? null : operationIn(cursor), limit + 1);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return { bulk_operations: page.map(toBulkOperationResponse), next_cursor: last?.id ?? null };
  }

  @Get(':operation_id')
  @Requires('jobs:read')
  @ApiOperation({ operationId: 'getBulkOperation', summary: 'Read a bulk operation' })
  @OperationId()
  @Answers(
    { status: 200, type: BulkOperationResponse, description: 'How far it has come.' },
    'bulk_operation_not_found',
  )
  async get(@Param('operation_id') id: string): Promise<BulkOperationResponse> {
    return toBulkOperationResponse(await this.operations.get(id));
  }

  @Post(':operation_id/abort')
  @HttpCode(202)
  @Requires('jobs:control')
  @ApiOperation({ operationId: 'abortBulkOperation', summary: 'Stop a bulk operation within a second' })
  @OperationId()
  @Answers(
    { status: 202, type: BulkOperationResponse, description: 'It stops; what it has done stays done.' },
    'bulk_operation_not_found',
    'bulk_operation_finished',
  )
  async abort(@Param('operation_id') id: string): Promise<BulkOperationResponse> {
    return toBulkOperationResponse(await this.service.abort(id, currentActor()));
  }
}

/** Does what was asked for, or says what that would do. */
export async function answerBulkRequest(
  service: BulkOperationsService,
  request: CreateBulkOperationRequest,
  reply: FastifyReply,
): Promise<BulkOperationResponse | DryRunResponse> {
  if (request.dry_run) {
    void reply.status(200);
    return toDryRunResponse(request, await service.dryRun(request));
  }
  const operation = await service.start(request, currentActor());
  void reply.header('Location', `/bulk-operations/${operation.id}`);
  return toBulkOperationResponse(operation);
}

function operationIn(cursor: string): string {
  if (isUuid(cursor)) return cursor;
  const detail = 'This cursor is not one that GET /bulk-operations gave out: start without a cursor';
  throw invalid('invalid_cursor', [{ pointer: '/cursor', detail, code: 'invalid_cursor' }]);
}
