import { Body, Controller, Delete, Get, HttpCode, Param, Put, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../../auth/index.js';
import { Answers, Problems } from '../../common/http/index.js';
import { DomainError } from '../../common/index.js';
import { JobTypeCatalog, JobTypes } from '../../queue/index.js';
import { CircuitsQuery } from '../../worker/index.js';
import { DeclareJobTypeRequest } from './declare-job-type.dto.js';
import { JobTypeListResponse, JobTypeResponse, toJobTypeResponse } from './job-type.response.js';
import { JobTypesService } from './job-types.service.js';

const TYPE = {
  name: 'type',
  description: 'The name of the type.',
  schema: { type: 'string' },
  example: 'resize_image',
} as const;

/** What can be submitted. */
@ApiTags('Job types')
@Controller('job-types')
export class JobTypesController {
  constructor(
    private readonly own: JobTypes,
    private readonly types: JobTypeCatalog,
    private readonly circuits: CircuitsQuery,
    private readonly service: JobTypesService,
  ) {}

  @Get()
  @Requires('jobs:read')
  @ApiOperation({ operationId: 'listJobTypes', summary: 'List the job types' })
  @Answers({ status: 200, type: JobTypeListResponse, description: 'Every job type.' })
  async list(): Promise<JobTypeListResponse> {
    const types = await this.types.all();
    const circuits = await this.circuits.of(this.own.guarded());
    return { job_types: types.map((jobType) => toJobTypeResponse(jobType, circuits.get(jobType.type))) };
  }

  @Get(':type')
  @Requires('jobs:read')
  @ApiOperation({ operationId: 'getJobType', summary: 'Read a job type' })
  @ApiParam(TYPE)
  @Answers({ status: 200, type: JobTypeResponse, description: 'The job type.' }, 'job_type_not_found')
  async get(@Param('type') type: string): Promise<JobTypeResponse> {
    const jobType = await this.types.find(type);
    if (!jobType)
      throw new DomainError(
        'job_type_not_found',
        `There is no job type "${type}": GET /job-types lists them`,
      );
    const circuits = jobType.circuit ? await this.circuits.of([jobType.type]) : new Map();
    return toJobTypeResponse(jobType, circuits.get(jobType.type) as never);
  }

  @Put(':type')
  @HttpCode(200)
  @Requires('queues:admin')
  @ApiOperation({
    operationId: 'declareJobType',
    summary: 'Declare a job type whose jobs external workers run',
    description:
      'Declaring it again changes it: all processes heed that within a second, and jobs that are there keep what they ' +
      'were submitted with. A type that a handler of this build or of a live worker answers to is refused.',
  })
  @ApiParam(TYPE)
  @ApiResponse({ status: 201, type: JobTypeResponse, description: 'The job type, which is new.' })
  @Answers({ status: 200, type: JobTypeResponse, description: 'The job type, changed.' }, 'job_type_conflict')
  async declare(
    @Param('type') type: string,
    @Body() request: DeclareJobTypeRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobTypeResponse> {
    const { jobType, isNew } = await this.service.declare(type, request);
    if (isNew) void reply.status(201);
    return toJobTypeResponse(jobType);
  }

  @Delete(':type')
  @HttpCode(204)
  @Requires('queues:admin')
  @ApiOperation({
    operationId: 'removeJobType',
    summary: 'Remove a declared job type',
    description:
      'Refused while it has jobs that have not ended, or a schedule starts such; jobs that have ended stay.',
  })
  @ApiParam(TYPE)
  @ApiResponse({ status: 204, description: 'It is removed.' })
  @Problems('job_type_not_found', 'job_type_conflict')
  async remove(@Param('type') type: string): Promise<void> {
    await this.service.remove(type);
  }
}
