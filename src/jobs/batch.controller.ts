import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray } from 'class-validator';
import { Answers, Choice, ListOf, Text, Truth, declare } from '../common/http/index.js';
import { invalid } from '../common/index.js';
import { type Enqueued, JOB_STATUSES, type JobStatus } from '../queue/index.js';
import { CreateJobRequest } from './create-job.dto.js';
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
}

/** Many jobs at once. */
@ApiTags('Jobs')
@ApiExtraModels(CreateJobRequest)
@Controller('jobs/batch')
export class BatchController {
  constructor(private readonly service: JobsService) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ operationId: 'createJobs', summary: 'Submit many jobs, all or none' })
  @Answers(
    { status: 201, type: BatchResponse, description: 'Every job, accepted for good.' },
    400,
    409,
    413,
    415,
    422,
    503,
  )
  async create(
    @Body() { jobs }: CreateBatchRequest,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<BatchResponse> {
    if (key !== undefined) {
      const detail = 'A batch takes no header Idempotency-Key: give every job an idempotency_key of its own';
      throw invalid('validation_failed', [{ pointer: '', detail, code: 'contradiction' }]);
    }
    return { jobs: (await this.service.submitBatch(jobs)).map(toBatched) };
  }
}

function toBatched({ job, created }: Enqueued): BatchedJobResponse {
  return { job_id: job.id, status: job.status, created };
}
