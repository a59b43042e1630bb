import { Controller, Get, Param, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Requires } from '../../auth/index.js';
import { ArtifactStore } from '../../artifacts/index.js';
import { Also, Answers } from '../../common/http/index.js';
import { JobIdParam } from '../job-id.param.js';
import { JobsQuery } from '../jobs.query.js';
import { ArtifactDownload } from './artifact-download.js';
import { ArtifactListResponse, toArtifactResponse } from './artifact.response.js';

const OF_CONTENT = ['ETag', 'Accept-Ranges', 'Content-Disposition'] as const;

const header = (name: string, description: string) =>
  ApiHeader({ name, description, required: false, schema: { type: 'string' } });

/** The files that jobs produce over HTTP. */
@ApiTags('Jobs')
@Controller('jobs')
export class ArtifactsController {
  constructor(
    private readonly jobs: JobsQuery,
    private readonly artifacts: ArtifactStore,
    private readonly download: ArtifactDownload,
  ) {}

  @Get(':job_id/artifacts')
  @Requires('jobs:read', { byQueue: true })
  @ApiOperation({ operationId: 'listArtifacts', summary: 'List the files that a job produced' })
  @JobIdParam()
  @Answers({ status: 200, type: ArtifactListResponse, description: 'Its files, by name.' }, 'job_not_found')
  async list(@Param('job_id') id: string): Promise<ArtifactListResponse> {
    const job = await this.jobs.get(id);
    const artifacts = await this.artifacts.list(job.id);
    return { artifacts: artifacts.map((artifact) => toArtifactResponse(job.id, artifact)) };
  }

  @Get(':job_id/artifacts/:name')
  @Requires('jobs:read', { byQueue: true })
  @ApiOperation({ operationId: 'getArtifact', summary: 'Download a file that a job produced' })
  @JobIdParam()
  @ApiParam({
    name: 'name',
    description: "The file's name.",
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  })
  @header('If-None-Match', 'The `ETag` that was read last.')
  @header('Range', 'One range of bytes, such as `bytes=0-99`; several at once are answered with all of it.')
  @header('If-Range', 'The `ETag` that the range is of; all of it is answered when it has another.')
  @Also({ status: 304, description: 'It has not changed since (`If-None-Match`).', headers: ['ETag'] })
  @Also({
    status: 206,
    headers: ['Content-Range', ...OF_CONTENT],
    description: 'The range.',
    content: { '*/*': { schema: { type: 'string' } } },
  })
  @Answers(
    {
      status: 200,
      description: 'Its content.',
      headers: OF_CONTENT,
      content: { '*/*': { schema: { type: 'string' } } },
    },
    'job_not_found',
    'artifact_not_found',
    'range_not_satisfiable',
  )
  async get(
    @Param('job_id') id: string,
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    const job = await this.jobs.get(id);
    const content = await this.download.answer(job.id, name, request, reply);
    return content && new StreamableFile(content);
  }
}
