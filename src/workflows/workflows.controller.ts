import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../auth/index.js';
import { Also, Answers, cursorFrom } from '../common/http/index.js';
import { WorkflowsQuery } from '../queue/index.js';
import { CreateWorkflowRequest, WorkflowJobRequest } from './create-workflow.dto.js';
import { FoundWorkflows } from './found-workflows.js';
import { GraphQuery } from './graph.query.js';
import { ListWorkflowsRequest, PageRequest } from './list-workflows.dto.js';
import { WorkflowIdParam } from './workflow-id.param.js';
import { answerStarted } from './started-answer.js';
import {
  NodeListResponse,
  StartedWorkflowResponse,
  WorkflowDetailsResponse,
  WorkflowListResponse,
  toWorkflowResponse,
} from './workflow.response.js';
import { WorkflowsService } from './workflows.service.js';

const DEFAULT_LIMIT = 50;

/** Workflows over HTTP. */
@ApiTags('Workflows')
@ApiExtraModels(WorkflowJobRequest)
@Controller('workflows')
export class WorkflowsController {
  constructor(
    private readonly service: WorkflowsService,
    private readonly found: FoundWorkflows,
    private readonly workflows: WorkflowsQuery,
    private readonly graphs: GraphQuery,
  ) {}

  @Post()
  @HttpCode(201)
  @Requires('jobs:submit', { byQueue: true })
  @ApiOperation({
    operationId: 'createWorkflow',
    summary: 'Submit jobs that wait for each other, all or none',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    description: 'The same request under the same key gives back the first workflow, with 200.',
    required: false,
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  })
  @Also({
    status: 200,
    type: StartedWorkflowResponse,
    description: 'The workflow that the same request has made before.',
    headers: ['Location', 'Idempotent-Replayed'],
  })
  @Answers(
    {
      status: 201,
      type: StartedWorkflowResponse,
      description: 'The workflow, accepted for good.',
      headers: ['Location'],
    },
    'job_already_exists',
    'queue_full',
    'unknown_job_type',
  )
  async create(
    @Body() request: CreateWorkflowRequest,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StartedWorkflowResponse> {
    const started = await this.service.start(request, { idempotencyKey });
    return answerStarted(reply, started);
  }

  @Get()
  @Requires('jobs:read')
  @ApiOperation({ operationId: 'listWorkflows', summary: 'List workflows and groups, the newest first' })
  @Answers({ status: 200, type: WorkflowListResponse, description: 'A page of workflows.' })
  async list(
    @Query() { name, tag, status, limit = DEFAULT_LIMIT, cursor }: ListWorkflowsRequest,
  ): Promise<WorkflowListResponse> {
    const found = await this.workflows.list({ name, tag, status }, cursorFrom(cursor), limit + 1);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return { workflows: page.map(toWorkflowResponse), next_cursor: last?.id ?? null };
  }

  @Get(':workflow_id')
  @Requires('jobs:read')
  @ApiOperation({
    operationId: 'getWorkflow',
    summary: 'Read a workflow with its jobs and their dependencies',
  })
  @WorkflowIdParam()
  @Answers(
    { status: 200, type: WorkflowDetailsResponse, description: 'How far it has come.' },
    'workflow_not_found',
  )
  async get(@Param('workflow_id') id: string): Promise<WorkflowDetailsResponse> {
    const workflow = await this.found.get(id);
    const graph = workflow.kind === 'group' ? null : await this.graphs.of(workflow.id);
    return Object.assign(toWorkflowResponse(workflow), { graph });
  }

  @Get(':workflow_id/jobs')
  @Requires('jobs:read')
  @ApiOperation({ operationId: 'listWorkflowJobs', summary: 'List the jobs of a workflow or a group' })
  @WorkflowIdParam()
  @Answers({ status: 200, type: NodeListResponse, description: 'A page of its jobs.' }, 'workflow_not_found')
  async listJobs(
    @Param('workflow_id') id: string,
    @Query() { limit = DEFAULT_LIMIT, cursor }: PageRequest,
  ): Promise<NodeListResponse> {
    const after = cursorFrom(cursor);
    const workflow = await this.found.get(id);
    const found = await this.graphs.nodes(workflow.id, after, limit + 1);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return { jobs: page, next_cursor: last?.job_id ?? null };
  }
}
