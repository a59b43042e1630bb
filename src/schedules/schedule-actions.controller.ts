import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../auth/index.js';
import { Answers, toValid } from '../common/http/index.js';
import { IdempotencyKeyHeader, JobResponse, noteAnswer, toJobResponse } from '../jobs/index.js';
import { Redactions } from '../queue/index.js';
import { StartedWorkflowResponse, answerStarted } from '../workflows/index.js';
import { BodyWithExamples, PREVIEW_EXAMPLES } from './examples.js';
import { PauseScheduleRequest } from './pause-schedule.dto.js';
import { PreviewRequest, PreviewResponse, PreviewTimingRequest } from './preview.dto.js';
import { PreviewsService } from './previews.service.js';
import { etagOf } from './schedule.js';
import { SCHEDULE_NAME_PARAM } from './schedule-name.js';
import { ScheduleResponse, toScheduleResponse } from './schedule.response.js';
import { ShownSchedules } from './shown-schedules.js';
import { SchedulesService } from './schedules.service.js';

const STARTED = {
  'application/json': {
    schema: {
      oneOf: [{ $ref: getSchemaPath(JobResponse) }, { $ref: getSchemaPath(StartedWorkflowResponse) }],
    },
  },
};

/** What can be done with schedules, over HTTP. */
@ApiTags('Schedules')
@Controller('schedules')
export class ScheduleActionsController {
  constructor(
    private readonly service: SchedulesService,
    private readonly previews: PreviewsService,
    private readonly shown: ShownSchedules,
    private readonly redactions: Redactions,
  ) {}

  @Post('preview')
  @HttpCode(200)
  @Requires('jobs:read')
  @ApiOperation({
    operationId: 'previewTiming',
    summary: 'Work out when a schedule would fire that is not there yet',
  })
  @BodyWithExamples(PreviewTimingRequest, PREVIEW_EXAMPLES)
  @Answers({ status: 200, type: PreviewResponse, description: 'Its times.' })
  previewTiming(@Body() request: PreviewTimingRequest): PreviewResponse {
    return this.previews.ofRequest(request);
  }

  @Get(':name/preview')
  @Requires('jobs:read')
  @ApiOperation({ operationId: 'previewSchedule', summary: 'Work out when a schedule fires next' })
  @ApiParam(SCHEDULE_NAME_PARAM)
  @Answers(
    { status: 200, type: PreviewResponse, description: 'Its times, also while paused.' },
    'schedule_not_found',
  )
  preview(@Param('name') name: string, @Query() { count }: PreviewRequest): Promise<PreviewResponse> {
    return this.previews.ofSchedule(name, count);
  }

  @Post(':name/run')
  @HttpCode(201)
  @Requires('schedules:write', { byQueue: true })
  @ApiOperation({
    operationId: 'runSchedule',
    summary: 'Start the job or the workflow of a schedule now',
    description: 'Also while it is paused. Its times stay as they are.',
  })
  @ApiParam(SCHEDULE_NAME_PARAM)
  @IdempotencyKeyHeader([JobResponse, StartedWorkflowResponse])
  @Answers(
    { status: 201, content: STARTED, description: 'The job, or the workflow.', headers: ['Location'] },
    'schedule_not_found',
    'job_already_exists',
    'unknown_job_type',
  )
  async run(
    @Param('name') name: string,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobResponse | StartedWorkflowResponse> {
    const ran = await this.service.run(name, idempotencyKey);
    if (ran.kind === 'workflow') return answerStarted(reply, ran.started);
    return toJobResponse(await this.redactions.shownOne(noteAnswer(reply, ran.enqueued).job));
  }

  @Post(':name/pause')
  @HttpCode(200)
  @Requires('schedules:write', { byQueue: true })
  @ApiOperation({
    operationId: 'pauseSchedule',
    summary: 'Let a schedule fire no more',
    description:
      'What it has started goes on. What would have come meanwhile is not missed, and not made up for.',
  })
  @ApiParam(SCHEDULE_NAME_PARAM)
  @ApiBody({ description: 'May be absent.', required: false, type: PauseScheduleRequest })
  @Answers(
    { status: 200, type: ScheduleResponse, description: 'The schedule, paused.', headers: ['ETag'] },
    'schedule_not_found',
  )
  async pause(
    @Param('name') name: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScheduleResponse> {
    const { reason = null } = await toValid(PauseScheduleRequest, body ?? {});
    const schedule = await this.service.pause(name, reason);
    void reply.header('ETag', etagOf(schedule));
    return toScheduleResponse(await this.shown.one(schedule));
  }

  @Post(':name/resume')
  @HttpCode(200)
  @Requires('schedules:write', { byQueue: true })
  @ApiOperation({
    operationId: 'resumeSchedule',
    summary: 'Let a paused schedule fire again',
    description: 'From its first occurrence from now on.',
  })
  @ApiParam(SCHEDULE_NAME_PARAM)
  @Answers(
    { status: 200, type: ScheduleResponse, description: 'The schedule, not paused.', headers: ['ETag'] },
    'schedule_not_found',
  )
  async resume(
    @Param('name') name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScheduleResponse> {
    const schedule = await this.service.resume(name);
    void reply.header('ETag', etagOf(schedule));
    return toScheduleResponse(await this.shown.one(schedule));
  }
}
