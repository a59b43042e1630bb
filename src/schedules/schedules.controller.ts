import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import { ApiHeader, ApiNoContentResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../auth/index.js';
import { Answers, Problems } from '../common/http/index.js';
import { CreateScheduleRequest } from './create-schedule.dto.js';
import { EditScheduleRequest } from './edit-schedule.dto.js';
import { BodyWithExamples, CREATE_EXAMPLES, EDIT_EXAMPLES } from './examples.js';
import { ListSchedulesRequest } from './list-schedules.dto.js';
import { type Schedule, etagOf } from './schedule.js';
import { SCHEDULE_NAME_PARAM } from './schedule-name.js';
import {
  ScheduleListResponse,
  ScheduleResponse,
  ScheduleWithRunsResponse,
  toScheduleResponse,
  toScheduleRunResponse,
} from './schedule.response.js';
import { ShownSchedules } from './shown-schedules.js';
import { SchedulesQuery } from './schedules.query.js';
import { SchedulesService } from './schedules.service.js';

/** Schedules over HTTP. */
@ApiTags('Schedules')
@Controller('schedules')
export class SchedulesController {
  constructor(
    private readonly schedules: SchedulesQuery,
    private readonly service: SchedulesService,
    private readonly shown: ShownSchedules,
  ) {}

  @Get()
  @Requires('jobs:read')
  @ApiOperation({ operationId: 'listSchedules', summary: 'List schedules by name' })
  @Answers({ status: 200, type: ScheduleListResponse, description: 'A page of schedules.' })
  async list(@Query() request: ListSchedulesRequest): Promise<ScheduleListResponse> {
    const { schedules, nextCursor } = await this.schedules.page(request);
    return { schedules: (await this.shown.all(schedules)).map(toScheduleResponse), next_cursor: nextCursor };
  }

  @Post()
  @HttpCode(201)
  @Requires('schedules:write', { byQueue: true })
  @ApiOperation({
    operationId: 'createSchedule',
    summary: 'Make a schedule',
    description:
      'Each time it fires, one job or one workflow comes of it, however many workers run. It fires strictly after its creation.',
  })
  @BodyWithExamples(CreateScheduleRequest, CREATE_EXAMPLES)
  @Answers(
    { status: 201, type: ScheduleResponse, description: 'The schedule.', headers: ['Location', 'ETag'] },
    'schedule_already_exists',
    'unknown_job_type',
  )
  async create(
    @Body() request: CreateScheduleRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScheduleResponse> {
    const schedule = await this.service.create(request);
    void reply.header('Location', `/schedules/${schedule.name}`);
    return this.answer(schedule, reply);
  }

  @Get(':name')
  @Requires('jobs:read')
  @ApiOperation({
    operationId: 'getSchedule',
    summary: 'Read a schedule and what came of its latest occurrences',
    description: 'The header `ETag` names its version, for `If-Match` of an edit.',
  })
  @ApiParam(SCHEDULE_NAME_PARAM)
  @Answers(
    {
      status: 200,
      type: ScheduleWithRunsResponse,
      description: 'The schedule as it is now.',
      headers: ['ETag'],
    },
    'schedule_not_found',
  )
  async get(
    @Param('name') name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScheduleWithRunsResponse> {
    const schedule = await this.schedules.get(name);
    const runs = await this.schedules.runsOf(schedule);
    return Object.assign(await this.answer(schedule, reply), { runs: runs.map(toScheduleRunResponse) });
  }

  @Patch(':name')
  @Requires('schedules:write', { byQueue: true })
  @ApiOperation({
    operationId: 'editSchedule',
    summary: 'Change a schedule',
    description:
      'When its times change, it fires at the new ones from now on, never for one that has passed.',
  })
  @ApiParam(SCHEDULE_NAME_PARAM)
  @ApiHeader({
    name: 'If-Match',
    description: 'The ETag that was read, or `*`: the edit is refused when somebody else was faster.',
    required: true,
    schema: { type: 'string' },
  })
  @BodyWithExamples(EditScheduleRequest, EDIT_EXAMPLES)
  @Answers(
    { status: 200, type: ScheduleResponse, description: 'The schedule, changed.', headers: ['ETag'] },
    'schedule_not_found',
    'unknown_job_type',
  )
  async edit(
    @Param('name') name: string,
    @Body() request: EditScheduleRequest,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScheduleResponse> {
    return this.answer(await this.service.edit(name, request, ifMatch), reply);
  }

  @Delete(':name')
  @HttpCode(204)
  @Requires('schedules:write', { byQueue: true })
  @ApiOperation({
    operationId: 'deleteSchedule',
    summary: 'Delete a schedule',
    description: 'What it has started stays, also jobs that wait.',
  })
  @ApiParam(SCHEDULE_NAME_PARAM)
  @ApiNoContentResponse({ description: 'It is gone.' })
  @Problems('schedule_not_found')
  async delete(@Param('name') name: string): Promise<void> {
    await this.service.delete(name);
  }

  private async answer(schedule: Schedule, reply: FastifyReply): Promise<ScheduleResponse> {
    void reply.header('ETag', etagOf(schedule));
    return toScheduleResponse(await this.shown.one(schedule));
  }
}
