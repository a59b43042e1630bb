import { Body, Controller, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../auth/index.js';
import { currentActor } from '../common/index.js';
import { Answers } from '../common/http/index.js';
import { type Job, Redactions } from '../queue/index.js';
import { ControlService } from './control.service.js';
import { EditJobRequest } from './edit-job.dto.js';
import { JobIdParam } from './job-id.param.js';
import { JobResponse, toJobResponse } from './job.response.js';

/** Interventions in the life of a job. */
@ApiTags('Jobs')
@Controller('jobs/:job_id')
export class ControlController {
  constructor(
    private readonly control: ControlService,
    private readonly redactions: Redactions,
  ) {}

  @Post('cancel')
  @HttpCode(200)
  @Requires('jobs:control', { byQueue: true })
  @ApiOperation({
    operationId: 'cancelJob',
    summary: 'Cancel a job: at once while it waits (200), through its worker while it runs (202)',
  })
  @JobIdParam()
  @ApiResponse({
    status: 202,
    type: JobResponse,
    description: 'The job, which runs: its handler is told to end, and then it is cancelled.',
  })
  @Answers(
    { status: 200, type: JobResponse, description: 'The job, cancelled.' },
    'job_not_found',
    'job_state_conflict',
  )
  async cancel(
    @Param('job_id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobResponse> {
    const { job, isRunning } = await this.control.cancel(id, currentActor());
    if (isRunning) void reply.status(202);
    return this.answer(job);
  }

  @Post('retry')
  @HttpCode(200)
  @Requires('jobs:control', { byQueue: true })
  @ApiOperation({ operationId: 'retryJob', summary: 'Run a failed or cancelled job once more' })
  @JobIdParam()
  @Answers(
    { status: 200, type: JobResponse, description: 'The job, waiting again.' },
    'job_not_found',
    'job_state_conflict',
    'job_already_exists',
    'dependency_failed',
  )
  async retry(@Param('job_id') id: string): Promise<JobResponse> {
    return this.answer(await this.control.retry(id, currentActor()));
  }

  @Post('run-now')
  @HttpCode(200)
  @Requires('jobs:control', { byQueue: true })
  @ApiOperation({
    operationId: 'runJobNow',
    summary: 'Start a job now that waits for its time or its retry',
  })
  @JobIdParam()
  @Answers(
    { status: 200, type: JobResponse, description: 'The job, in line.' },
    'job_not_found',
    'job_state_conflict',
  )
  async runNow(@Param('job_id') id: string): Promise<JobResponse> {
    return this.answer(await this.control.runNow(id, currentActor()));
  }

  @Patch()
  @Requires('jobs:control', { byQueue: true })
  @ApiOperation({ operationId: 'editJob', summary: 'Change a job that waits' })
  @JobIdParam()
  @Answers(
    { status: 200, type: JobResponse, description: 'The job as it is now.' },
    'job_not_found',
    'job_state_conflict',
  )
  async edit(@Param('job_id') id: string, @Body() request: EditJobRequest): Promise<JobResponse> {
    return this.answer(await this.control.edit(id, request, currentActor()));
  }

  private async answer(job: Job): Promise<JobResponse> {
    return toJobResponse(await this.redactions.shownOne(job));
  }
}
