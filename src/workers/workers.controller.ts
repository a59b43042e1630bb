import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/index.js';
import { Answers } from '../common/http/index.js';
import { ListWorkersRequest } from './list-workers.dto.js';
import { WorkerListResponse, WorkerResponse, toWorkerResponse } from './worker.response.js';
import { WorkersQuery } from './workers.query.js';
import { WorkersService } from './workers.service.js';

const ID = {
  name: 'id',
  description: 'The id of the worker.',
  schema: { type: 'string', format: 'uuid' },
} as const;

/** Workers over HTTP. */
@ApiTags('Workers')
@Controller('workers')
export class WorkersController {
  constructor(
    private readonly workers: WorkersQuery,
    private readonly service: WorkersService,
  ) {}

  @Get()
  @Requires('jobs:read')
  @ApiOperation({ operationId: 'listWorkers', summary: 'List the workers, the newest first' })
  @Answers({ status: 200, type: WorkerListResponse, description: 'A page of workers.' })
  async list(@Query() request: ListWorkersRequest): Promise<WorkerListResponse> {
    const { workers, nextCursor } = await this.workers.list(request);
    return { workers: workers.map(toWorkerResponse), next_cursor: nextCursor };
  }

  @Get(':id')
  @Requires('jobs:read')
  @ApiOperation({ operationId: 'getWorker', summary: 'Read a worker' })
  @ApiParam(ID)
  @Answers({ status: 200, type: WorkerResponse, description: 'The worker.' }, 'worker_not_found')
  async get(@Param('id') id: string): Promise<WorkerResponse> {
    return toWorkerResponse(await this.workers.get(id));
  }

  @Post(':id/drain')
  @HttpCode(202)
  @Requires('queues:admin')
  @ApiOperation({
    operationId: 'drainWorker',
    summary: 'Let a worker finish its jobs and end',
    description: 'It claims no more from now on, finishes the jobs it runs and ends.',
  })
  @ApiParam(ID)
  @Answers(
    { status: 202, type: WorkerResponse, description: 'The worker, which has been asked.' },
    'worker_not_found',
    'worker_state_conflict',
  )
  async drain(@Param('id') id: string): Promise<WorkerResponse> {
    return toWorkerResponse(await this.service.drain(id));
  }
}
