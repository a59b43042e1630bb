import { Body, Controller, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../auth/index.js';
import { Answers, Choice, Text } from '../common/http/index.js';
import { invalid } from '../common/index.js';
import { JobTypeCatalog, type JsonObject, Redactions } from '../queue/index.js';
import { JobResponse, toJobResponse } from './job.response.js';
import { JobsQuery } from './jobs.query.js';
import { JobsService } from './jobs.service.js';
import { IdempotencyKeyHeader, noteAnswer } from './submission-answer.js';
import { ResultWait } from './wait/result-wait.js';
import { PreferHeader, afterPreferredWait, wantsToWait } from './wait/waiting.js';

/** What the short form answers. */
export class TaskQueuedResponse {
  @Text({
    description: 'The id of the job.',
    maxLength: 36,
    format: 'uuid',
    example: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55',
  })
  job_id: string;

  @Choice({ description: 'Always `queued`.', choices: ['queued'], example: 'queued' })
  status: 'queued';

  @Text({
    description: 'The same in words.',
    maxLength: 1000,
    example: 'Job 01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55 queued successfully.',
  })
  message: string;
}

/** The short form of a submission: the address names the type, the body is the payload. */
@ApiTags('Jobs')
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly service: JobsService,
    private readonly types: JobTypeCatalog,
    private readonly jobs: JobsQuery,
    private readonly wait: ResultWait,
    private readonly redactions: Redactions,
  ) {}

  @Post(':type')
  @HttpCode(201)
  @Requires('jobs:submit', { byQueue: true })
  @ApiOperation({ operationId: 'createTask', summary: 'Submit a job by its type' })
  @IdempotencyKeyHeader([JobResponse, TaskQueuedResponse], 'Preference-Applied')
  @PreferHeader(['Location'], ['Idempotent-Replayed'])
  @ApiParam({
    name: 'type',
    description: 'A registered type or one of its aliases.',
    schema: { type: 'string' },
    example: 'echo',
  })
  @ApiBody({
    description: 'The payload; may be absent.',
    required: false,
    schema: { type: 'object', additionalProperties: true, example: { hello: 'world' } },
  })
  @Answers(
    {
      status: 201,
      type: TaskQueuedResponse,
      description: 'The job, accepted for good.',
      headers: ['Location'],
    },
    'job_already_exists',
    'queue_full',
    'unknown_job_type',
  )
  async create(
    @Param('type') type: string,
    @Body() body: unknown,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskQueuedResponse | JobResponse> {
    const payload = asPayload(body);
    const enqueued = await this.service.submit(
      { type, payload },
      { payloadAt: '', idempotencyKey, waits: wantsToWait(prefer) },
    );
    const { job } = noteAnswer(reply, enqueued);
    const shown = await this.redactions.shownOne({ type: job.type, payload });
    const summary = (await this.types.find(job.type))?.summary(shown.payload) ?? '';
    const waited = await afterPreferredWait(job, prefer, this.wait, reply);
    if (reply.hasHeader('Preference-Applied'))
      return toJobResponse(
        await this.redactions.shownOne(waited),
        (await this.jobs.progressOf([waited])).get(job.id),
      );
    return {
      job_id: job.id,
      status: 'queued',
      message: `Job ${job.id} queued successfully. ${summary}`.trimEnd(),
    };
  }
}

function asPayload(body: unknown): JsonObject {
  if (body === undefined || body === null) return {};
  if (typeof body === 'object' && !Array.isArray(body)) return body as JsonObject;
  throw invalid('validation_failed', [
    { pointer: '', detail: 'The payload must be a JSON object', code: 'not_an_object' },
  ]);
}
