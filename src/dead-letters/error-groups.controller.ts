import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/index.js';
import { currentActor } from '../common/index.js';
import { Answers } from '../common/http/index.js';
import { wrongCursor } from './dead-letter-cursor.js';
import {
  ErrorGroupListResponse,
  ErrorGroupResponse,
  ListErrorGroupsRequest,
  toErrorGroupResponse,
} from './error-group.response.js';
import { type ErrorGroup, ErrorGroupsQuery, type GroupPosition } from './error-groups.query.js';
import { ErrorGroupsService } from './error-groups.service.js';

const DEFAULT_LIMIT = 50;

const changed = { status: 200, type: ErrorGroupResponse, description: 'The group as it is now.' } as const;

const Fingerprint = () =>
  ApiParam({
    name: 'fingerprint',
    description: 'What the errors of the group have in common.',
    schema: { type: 'string', maxLength: 64 },
  });

/** Groups of failed jobs over HTTP. */
@ApiTags('Dead letters')
@Controller('dead-letters/groups')
export class ErrorGroupsController {
  constructor(
    private readonly groups: ErrorGroupsQuery,
    private readonly service: ErrorGroupsService,
  ) {}

  @Get()
  @Requires('jobs:read')
  @ApiOperation({ operationId: 'listErrorGroups', summary: 'List failed jobs by the cause of their failure' })
  @Answers({ status: 200, type: ErrorGroupListResponse, description: 'A page of groups.' })
  async list(@Query() request: ListErrorGroupsRequest): Promise<ErrorGroupListResponse> {
    const { state = 'open', limit = DEFAULT_LIMIT, cursor } = request;
    const from = cursor === undefined ? undefined : decode(cursor);
    const found = await this.groups.list(state === 'all' ? undefined : state, from, limit + 1);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return { groups: page.map(toErrorGroupResponse), next_cursor: last ? encode(last) : null };
  }

  @Get(':fingerprint')
  @Requires('jobs:read')
  @ApiOperation({ operationId: 'getErrorGroup', summary: 'Read a group of failed jobs' })
  @Fingerprint()
  @Answers({ status: 200, type: ErrorGroupResponse, description: 'The group.' }, 'error_group_not_found')
  async get(@Param('fingerprint') fingerprint: string): Promise<ErrorGroupResponse> {
    return toErrorGroupResponse(await this.groups.get(fingerprint));
  }

  @Post(':fingerprint/resolve')
  @HttpCode(200)
  @Requires('jobs:control')
  @ApiOperation({
    operationId: 'resolveErrorGroup',
    summary: 'Say that the cause is gone: the next failure opens the group again',
  })
  @Fingerprint()
  @Answers(changed, 'error_group_not_found')
  async resolve(@Param('fingerprint') fingerprint: string): Promise<ErrorGroupResponse> {
    return toErrorGroupResponse(await this.service.setState(fingerprint, 'resolved', currentActor()));
  }

  @Post(':fingerprint/ignore')
  @HttpCode(200)
  @Requires('jobs:control')
  @ApiOperation({ operationId: 'ignoreErrorGroup', summary: 'Leave a group out of the list, also in future' })
  @Fingerprint()
  @Answers(changed, 'error_group_not_found')
  async ignore(@Param('fingerprint') fingerprint: string): Promise<ErrorGroupResponse> {
    return toErrorGroupResponse(await this.service.setState(fingerprint, 'ignored', currentActor()));
  }

  @Post(':fingerprint/reopen')
  @HttpCode(200)
  @Requires('jobs:control')
  @ApiOperation({ operationId: 'reopenErrorGroup', summary: 'Take a group back into the list' })
  @Fingerprint()
  @Answers(changed, 'error_group_not_found')
  async reopen(@Param('fingerprint') fingerprint: string): Promise<ErrorGroupResponse> {
    return toErrorGroupResponse(await this.service.setState(fingerprint, 'open', currentActor()));
  }
}

function encode({ lastSeen, fingerprint }: ErrorGroup): string {
  return Buffer.from(`${lastSeen.getTime()} ${fingerprint}`).toString('base64url');
}

/** @throws DomainError invalid_cursor */
function decode(cursor: string): GroupPosition {
  const [, time, fingerprint] =
    /^(\d{1,15}) ([\x21-\x7e]+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (fingerprint === undefined) throw wrongCursor('GET /dead-letters/groups');
  return { lastSeen: new Date(Number(time)), fingerprint };
}
