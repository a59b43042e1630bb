import { Controller, Get, Headers, Param, Query, Res, StreamableFile } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../../auth/index.js';
import { Answers } from '../../common/http/index.js';
import { JobIdParam } from '../job-id.param.js';
import { JobsQuery } from '../jobs.query.js';
import { EventListResponse, ListEventsRequest } from './event.response.js';
import { EventStreams } from './event-streams.js';
import { EventsQuery } from './events.query.js';
import { type StreamCursor, decodeStreamCursor } from './stream-cursor.js';

const EVENT_STREAM = 'text/event-stream';

/** What happened to a job over HTTP: as a list, or as it happens. */
@ApiTags('Jobs')
@Controller('jobs')
export class EventsController {
  constructor(
    private readonly jobs: JobsQuery,
    private readonly events: EventsQuery,
    private readonly streams: EventStreams,
  ) {}

  @Get(':job_id/events')
  @Requires('jobs:read', { byQueue: true })
  @ApiOperation({
    operationId: 'listEvents',
    summary: 'List what happened to a job, or follow it live',
    description:
      'With `Accept: text/event-stream` the answer is a stream of Server-Sent Events: first all that happened, or ' +
      'what is missing after `Last-Event-ID`, then what happens, within a tenth of a second. Each message is named ' +
      'after its event and has the event as its data; `log` has a line that the handler wrote, `progress` how far it ' +
      'has come. When the job has ended, `end` with its status is the last message and the connection closes; an ' +
      'EventSource that comes back then gets `204`, which tells it to stay away.',
  })
  @JobIdParam()
  @ApiHeader({
    name: 'Last-Event-ID',
    description: 'Streams: the id of the last message that arrived.',
    required: false,
    schema: { type: 'string' },
  })
  @ApiExtraModels(EventListResponse)
  @ApiResponse({
    status: 204,
    description: 'A stream that comes back has had it all and the job has ended.',
  })
  @Answers(
    {
      status: 200,
      description: 'What happened.',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(EventListResponse) } },
        [EVENT_STREAM]: { schema: { type: 'string' } },
      },
    },
    'job_not_found',
    'too_many_streams',
    'too_many_held',
    'invalid_cursor',
  )
  async list(
    @Param('job_id') id: string,
    @Query() request: ListEventsRequest,
    @Headers('accept') accept: string | undefined,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventListResponse | StreamableFile | undefined> {
    const job = await this.jobs.get(id);
    void reply.header('Vary', 'Accept, Origin');
    if (wantsStream(accept)) return this.stream(job.id, cursorOf(lastEventId, request), reply);
    const { events, nextAfter } = await this.events.ofJob(job, request);
    return { events, next_after: nextAfter };
  }

  private async stream(
    jobId: string,
    cursor: StreamCursor | undefined,
    reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    const stream = await this.streams.of(jobId, cursor);
    if (!stream) {
      void reply.status(204);
      return undefined;
    }
    // Caches and proxies that gather an answer would make it arrive when the job is over.
    void reply.header('Cache-Control', 'no-store, no-transform').header('X-Accel-Buffering', 'no');
    return new StreamableFile(stream, { type: EVENT_STREAM });
  }
}

/** Whether the caller names event streams, and not only to refuse them. */
function wantsStream(accept = ''): boolean {
  return accept
    .toLowerCase()
    .split(',')
    .map((range) => range.split(';').map((part) => part.trim()))
    .some(
      ([type, ...parameters]) =>
        type === EVENT_STREAM && !parameters.some((part) => /^q=0(\.0*)?$/.test(part)),
    );
}

/** A browser that comes back keeps the address and adds the header. */
function cursorOf(lastEventId: string | undefined, { after }: ListEventsRequest): StreamCursor | undefined {
  if (lastEventId !== undefined && lastEventId !== '') return decodeStreamCursor(lastEventId);
  return after === undefined ? undefined : { event: after, log: 0 };
}
