import { Body, Controller, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../auth/index.js';
import { Answers, toValid } from '../common/http/index.js';
import {
  CompleteLeaseRequest,
  FailLeaseRequest,
  HeartbeatRequest,
  SnoozeLeaseRequest,
} from './end-lease.dto.js';
import { LeaseJobsRequest } from './lease-jobs.dto.js';
import {
  EndedLeaseResponse,
  HeartbeatResponse,
  LeaseListResponse,
  toEndedLeaseResponse,
  toHeartbeatResponse,
} from './lease.response.js';
import { LeasedAttempts } from './leased-attempts.js';
import { LeasesService } from './leases.service.js';

const TOKEN = {
  name: 'token',
  description: 'The `lease_token`.',
  schema: { type: 'string' },
  example: 'rhl_AZOcXnpwfz6PDCtvPB2aVQAAAAEAPKr5JkZpP0cTq1h5wN0b2dU',
} as const;

/** An end that was written before is told again; any other is refused. */
const ENDS = ['lease_not_found', 'lease_lost'] as const;

/** Jobs for workers in any language. */
@ApiTags('External workers')
@Controller('leases')
export class LeasesController {
  constructor(
    private readonly service: LeasesService,
    private readonly attempts: LeasedAttempts,
  ) {}

  @Post()
  @HttpCode(200)
  @Requires('leases', { byQueue: true })
  @ApiOperation({
    operationId: 'leaseJobs',
    summary: 'Take jobs to run them',
    description:
      'Answers as soon as there is a job, at the latest after `wait` seconds. Whoever goes before the answer has taken ' +
      'nothing.',
  })
  @Answers(
    { status: 200, type: LeaseListResponse, description: 'Jobs to be run; perhaps none.' },
    'unknown_job_type',
    'too_many_polls',
    'too_many_held',
  )
  async lease(
    @Body() request: LeaseJobsRequest,
    @Headers('user-agent') agent: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LeaseListResponse> {
    return { leases: await this.service.take(request, agent ?? '', untilUnanswered(reply)) };
  }

  @Post(':token/heartbeat')
  @HttpCode(200)
  @Requires('leases', { byQueue: true })
  @ApiOperation({
    operationId: 'heartbeatLease',
    summary: 'Keep a job, and say how far it has come',
    description: 'Every third of `lease_seconds`. Never beyond the timeout of the attempt.',
  })
  @ApiParam(TOKEN)
  @ApiBody({ description: 'May be absent.', required: false, type: HeartbeatRequest })
  @Answers({ status: 200, type: HeartbeatResponse, description: 'The job is still yours.' }, ...ENDS)
  async heartbeat(@Param('token') token: string, @Body() body: unknown): Promise<HeartbeatResponse> {
    const { progress, message, logs = [], extend } = await toValid(HeartbeatRequest, body ?? {});
    const prolonged = await this.attempts.prolong(token, {
      logs: logs.map((line) => ({ level: line.level ?? 'info', message: line.message })),
      ...(extend === undefined ? {} : { seconds: extend }),
      ...(progress === undefined ? {} : { progress: { percent: progress, message: message ?? null } }),
    });
    return toHeartbeatResponse(prolonged);
  }

  @Post(':token/complete')
  @HttpCode(200)
  @Requires('leases', { byQueue: true })
  @ApiOperation({ operationId: 'completeLease', summary: 'End an attempt: the work is done' })
  @ApiParam(TOKEN)
  @ApiBody({ description: 'May be absent.', required: false, type: CompleteLeaseRequest })
  @Answers({ status: 200, type: EndedLeaseResponse, description: 'It is written.' }, ...ENDS)
  async complete(@Param('token') token: string, @Body() body: unknown): Promise<EndedLeaseResponse> {
    const { result } = await toValid(CompleteLeaseRequest, body ?? {});
    return toEndedLeaseResponse(await this.attempts.complete(token, result ?? null));
  }

  @Post(':token/fail')
  @HttpCode(200)
  @Requires('leases', { byQueue: true })
  @ApiOperation({
    operationId: 'failLease',
    summary: 'End an attempt: it has failed',
    description: 'The job runs again as its policy says, or is FAILED.',
  })
  @ApiParam(TOKEN)
  @Answers({ status: 200, type: EndedLeaseResponse, description: 'It is written.' }, ...ENDS)
  async fail(@Param('token') token: string, @Body() request: FailLeaseRequest): Promise<EndedLeaseResponse> {
    const { error, permanent = false, retry_in: retryInSeconds } = request;
    const ended = await this.attempts.fail(token, {
      error,
      permanent,
      ...(retryInSeconds === undefined ? {} : { retryInSeconds }),
    });
    return toEndedLeaseResponse(ended);
  }

  @Post(':token/snooze')
  @HttpCode(200)
  @Requires('leases', { byQueue: true })
  @ApiOperation({
    operationId: 'snoozeLease',
    summary: 'End an attempt: another time is better',
    description: 'The job runs again after the delay; that costs none of its attempts.',
  })
  @ApiParam(TOKEN)
  @Answers({ status: 200, type: EndedLeaseResponse, description: 'It is written.' }, ...ENDS)
  async snooze(
    @Param('token') token: string,
    @Body() { delay }: SnoozeLeaseRequest,
  ): Promise<EndedLeaseResponse> {
    return toEndedLeaseResponse(await this.attempts.snooze(token, delay));
  }

  @Post(':token/release')
  @HttpCode(200)
  @Requires('leases', { byQueue: true })
  @ApiOperation({
    operationId: 'releaseLease',
    summary: 'Give a job back',
    description:
      'For a worker that stops: the job runs again elsewhere at once, and that costs none of its attempts.',
  })
  @ApiParam(TOKEN)
  @Answers({ status: 200, type: EndedLeaseResponse, description: 'It is written.' }, ...ENDS)
  async release(@Param('token') token: string): Promise<EndedLeaseResponse> {
    return toEndedLeaseResponse(await this.attempts.release(token));
  }
}

/** Fires when the connection ends before the answer is on its way. */
function untilUnanswered(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
