import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../common/http/index.js';
import { JobTypes } from '../queue/index.js';
import { CircuitsQuery } from '../worker/index.js';
import { JobTypeListResponse, toJobTypeResponse } from './job-type.response.js';

/** What can be submitted. */
@ApiTags('Jobs')
@Controller('job-types')
export class JobTypesController {
  constructor(
    private readonly types: JobTypes,
    private readonly circuits: CircuitsQuery,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listJobTypes', summary: 'List the job types' })
  @Answers({ status: 200, type: JobTypeListResponse, description: 'Every job type.' }, 503)
  async list(): Promise<JobTypeListResponse> {
    const types = this.types.all();
    const circuits = await this.circuits.of(this.types.guarded());
    return { job_types: types.map((jobType) => toJobTypeResponse(jobType, circuits.get(jobType.type))) };
  }
}
