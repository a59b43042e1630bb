import { Body, Controller, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { Requires } from '../auth/index.js';
import { Also, Answers, Choice, ListOf, Nested, Text, Truth, declare } from '../common/http/index.js';
import { invalid } from '../common/index.js';
import { type Enqueued, JOB_STATUSES, type JobStatus } from '../queue/index.js';
import { CreateJobRequest } from './create-job.dto.js';
import { GroupRequest } from './groups/group.dto.js';
import { JobGroups } from './groups/job-groups.service.js';
import { JobsService } from './jobs.service.js';

const MOST_JOBS = 10_000;

/** Jobs to be accepted together. */
export class CreateBatchRequest {
  @declare(
    {
      description: `1 to ${MOST_JOBS} jobs: all are accepted, or none.`,
      example: [{ payload: { hello: 'world' } }],
    },
    {
      type: 'array',
      items: { $ref: '#/components/schemas/CreateJobRequest' },
      minItems: 1,
      maxItems: MOST_JOBS,
    },
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(MOST_JOBS),
  )
  jobs: unknown[];

  @Nested({
    description: 'Makes them belong together: a group is a workflow whose jobs do not wait for each other.',
    of: GroupRequest,
    optional: true,
  })
  group?: GroupRequest;
}

/** A job of a batch. */
export class BatchedJobResponse {
  @Text({
    description: 'The id of the job.',
    maxLength: 36,
    format: 'uuid',
    example: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55',
  })
  job_id: string;

  @Choice({ description: 'Where it is in its life.', choices: JOB_STATUSES, example: 'PENDING' })
  status: JobStatus;

  @Truth({
    description: 'False when another job answers for it, by its idempotency key or its unique key.',
    example: true,
  })
  created: boolean;
}

/** The jobs of a batch, in the order they were sent. */
export class BatchResponse {
  @ListOf({ description: 'In the order they were sent.', of: BatchedJobResponse })
  jobs: BatchedJobResponse[];

  @Text({
    description: 'Of a group: where to read how far it has come (GET /workflows/{workflow_id}).',
    maxLength: 36,
    format: 'uuid',
    optional: true,
    example: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55',
  })
  workflow_id?: string;
}

/** Many jobs at once. */
@ApiTags('Jobs')
@ApiExtraModels(CreateJobRequest)
@Controller('jobs/batch')
export class BatchController {
  constructor(
    private readonly service: JobsService,
    private readonly groups: JobGroups,
  ) {}

  @Post()
  @HttpCode(201)
  @Requires('jobs:submit', { byQueue: true })
  @ApiOperation({ operationId: 'createJobs', summary: 'Submit many jobs, all or none' })
  @ApiHeader({
    name: 'Idempotency-Key',
    description:
      'Only with a group: the same request under the same key gives back the first group, with 200.',
    required: false,
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  })
  @Also({
    status: 200,
    type: BatchResponse,
    description: 'The group that the same request has made before.',
    headers: ['Location', 'Idempotent-Replayed'],
  })
  @Answers(
    { status: 201, type: BatchResponse, description: 'Every job, accepted for good.', maybe: ['Location'] },
    'job_already_exists',
    'queue_full',
    'unknown_job_type',
  )
  async create(
    @Body() request: CreateBatchRequest,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BatchResponse> {
    const { jobs, group } = request;
    if (group) return this.createGroup(request, group, key, reply);
    if (key !== undefined) {
      const detail =
        'A batch without a group takes no header Idempotency-Key: give every job an idempotency_key of its own';
      throw invalid('validation_failed', [{ pointer: '', detail, code: 'contradiction' }]);
    }
    return { jobs: (await this.service.submitBatch(jobs)).map(toBatched) };
  }

  private async createGroup(
    request: CreateBatchRequest,
    group: GroupRequest,
    idempotencyKey: string | undefined,
    reply: FastifyReply,
  ): Promise<BatchResponse> {
    const started = await this.groups.start(request.jobs, {
      group,
      at: '/group',
      finisher: group.on_finished,
      idempotencyKey,
      request,
    });
    void reply.header('Location', `/workflows/${started.id}`);
    if (!started.created) void reply.status(200).header('Idempotent-Replayed', 'true');
    const jobs = started.jobs.map(({ id, status }) => ({ job_id: id, status, created: started.created }));
    return { jobs, workflow_id: started.id };
  }
}

function toBatched({ job, created }: Enqueued): BatchedJobResponse {
  return { job_id: job.id, status: job.status, created };
}
