import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires, refuseQueue } from '../auth/index.js';
import { Also, Answers } from '../common/http/index.js';
import { type Job, JobTypes, Redactions } from '../queue/index.js';
import { CreateJobRequest } from './create-job.dto.js';
import { type JobProgress, JobResponse, toJobResponse } from './job.response.js';
import { IdempotencyKeyHeader, noteAnswer } from './submission-answer.js';
import { KindTooInterceptor } from './kind-too.interceptor.js';
import { JobsQuery } from './jobs.query.js';
import { JobsService } from './jobs.service.js';
import { JobListResponse, ListJobsRequest } from './list-jobs.dto.js';
import { ListJobsQuery } from './list/list-jobs.query.js';
import { ResultWait } from './wait/result-wait.js';
import { PreferHeader, afterPreferredWait, wantsToWait } from './wait/waiting.js';

/** Jobs over HTTP. */
@ApiTags('Jobs')
@Controller('jobs')
export class JobsController {
  constructor(
    private readonly service: JobsService,
    private readonly jobs: JobsQuery,
    private readonly lists: ListJobsQuery,
    private readonly wait: ResultWait,
    private readonly types: JobTypes,
    private readonly redactions: Redactions,
  ) {}

  @Post()
  @UseInterceptors(KindTooInterceptor)
  @HttpCode(201)
  @Requires('jobs:submit', { byQueue: true })
  @ApiOperation({ operationId: 'createJob', summary: 'Submit a job' })
  @IdempotencyKeyHeader([JobResponse], 'Preference-Applied')
  @PreferHeader(['Location'], ['Idempotent-Replayed'])
  @Answers(
    { status: 201, type: JobResponse, description: 'The job, accepted for good.', headers: ['Location'] },
    'job_already_exists',
    'queue_full',
    'unknown_job_type',
  )
  async create(
    @Body() request: CreateJobRequest,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobResponse> {
    const { job } = noteAnswer(
      reply,
      await this.service.submit(request, { idempotencyKey, waits: wantsToWait(prefer) }),
    );
    const latest = await afterPreferredWait(job, prefer, this.wait, reply);
    return this.answer(latest, (await this.jobs.progressOf([latest])).get(job.id));
  }

  @Get()
  @Requires('jobs:read', { byQueue: true })
  @ApiOperation({ operationId: 'listJobs', summary: 'List jobs, the newest first' })
  @Answers({ status: 200, type: JobListResponse, description: 'A page of jobs.' })
  async list(@Query() request: ListJobsRequest): Promise<JobListResponse> {
    refuseQueue(request.queue);
    const { jobs, nextCursor, incomplete } = await this.lists.page(this.underOwnName(request));
    const progress = await this.jobs.progressOf(jobs);
    return {
      jobs: (await this.redactions.shown(jobs)).map((job) => toJobResponse(job, progress.get(job.id))),
      next_cursor: nextCursor,
      incomplete,
    };
  }

  private async answer(job: Job, progress?: JobProgress): Promise<JobResponse> {
    return toJobResponse(await this.redactions.shownOne(job), progress);
  }

  /** Jobs are kept under the name of their type, also those that were submitted under another one. */
  private underOwnName(request: ListJobsRequest): ListJobsRequest {
    const known = request.type === undefined ? undefined : this.types.find(request.type);
    return known ? Object.assign(new ListJobsRequest(), request, { type: known.type }) : request;
  }

  @Get(':job_id')
  @Requires('jobs:read', { byQueue: true })
  @ApiOperation({ operationId: 'getJob', summary: 'Read a job' })
  @PreferHeader(['ETag'])
  @ApiParam({
    name: 'job_id',
    description: 'The id that the submission answered with.',
    schema: { type: 'string', format: 'uuid' },
  })
  @ApiHeader({
    name: 'If-None-Match',
    description: 'The `ETag` that was read last.',
    required: false,
    schema: { type: 'string' },
  })
  @Also({
    status: 304,
    description: 'It has not changed since (`If-None-Match`).',
    headers: ['ETag'],
    maybe: ['Preference-Applied'],
  })
  @Answers(
    {
      status: 200,
      type: JobResponse,
      description: 'The job.',
      headers: ['ETag'],
      maybe: ['Preference-Applied'],
    },
    'job_not_found',
  )
  async get(
    @Param('job_id') id: string,
    @Headers('if-none-match') known: string | undefined,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobResponse | undefined> {
    const job = await afterPreferredWait(await this.jobs.get(id), prefer, this.wait, reply);
    const progress = (await this.jobs.progressOf([job])).get(job.id);
    const etag = etagOf(job, progress);
    void reply.header('ETag', etag);
    if (known === etag && reply.statusCode === 200) {
      void reply.status(304);
      return undefined;
    }
    return this.answer(job, progress);
  }
}

/** Changes with every event, every claim and every progress of the job. */
function etagOf(job: Job, progress?: JobProgress): string {
  const progressAt = progress ? `-${progress.at.getTime().toString(36)}` : '';
  return `"${job.attempts}-${job.updatedAt.getTime().toString(36)}-${job.lastEvent}${progressAt}"`;
}
