import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiNoContentResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { currentActor } from '../../common/index.js';
import { Answers, Problems, cursorFrom, parseMoment, toValid } from '../../common/http/index.js';
import { Requires } from '../requires.js';
import { ApiKeys } from './api-keys.js';
import { CreateKeyRequest, ListKeysRequest, RotateKeyRequest } from './key.dto.js';
import {
  KeyListResponse,
  KeyResponse,
  NewKeyResponse,
  toKeyResponse,
  toNewKeyResponse,
} from './key.response.js';

const DAY_SECONDS = 86_400;
const DEFAULT_LIMIT = 50;

const ID = {
  name: 'key_id',
  description: 'The id that POST /keys answered with.',
  schema: { type: 'string', format: 'uuid' },
} as const;

/** API keys over HTTP. */
@ApiTags('API keys')
@Requires('admin')
@Controller('keys')
export class KeysController {
  constructor(private readonly keys: ApiKeys) {}

  @Get()
  @ApiOperation({ operationId: 'listKeys', summary: 'List the API keys, the newest first' })
  @Answers({ status: 200, type: KeyListResponse, description: 'A page of keys.' })
  async list(@Query() { limit = DEFAULT_LIMIT, cursor }: ListKeysRequest): Promise<KeyListResponse> {
    const found = await this.keys.list(cursorFrom(cursor), limit + 1);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return { keys: page.map(toKeyResponse), next_cursor: last?.id ?? null };
  }

  @Post()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'createKey',
    summary: 'Make an API key',
    description: 'The answer is the only one that holds the key itself.',
  })
  @Answers({ status: 201, type: NewKeyResponse, description: 'The key.', headers: ['Location'] })
  async create(
    @Body() { name, scopes, expires_at: expiresAt }: CreateKeyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NewKeyResponse> {
    const expiry = expiresAt === undefined ? null : (parseMoment(expiresAt) ?? null);
    const made = await this.keys.create({ name, scopes, expiresAt: expiry }, currentActor());
    void reply.header('Location', `/keys/${made.key.id}`);
    return toNewKeyResponse(made);
  }

  @Get(':key_id')
  @ApiOperation({ operationId: 'getKey', summary: 'Read an API key' })
  @ApiParam(ID)
  @Answers({ status: 200, type: KeyResponse, description: 'The key, without itself.' }, 'key_not_found')
  async get(@Param('key_id') id: string): Promise<KeyResponse> {
    return toKeyResponse(await this.keys.get(id));
  }

  @Post(':key_id/rotate')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'rotateKey',
    summary: 'Exchange an API key',
    description: 'For a while the old key is accepted too, so that its callers can change over.',
  })
  @ApiParam(ID)
  @ApiBody({ description: 'May be absent.', required: false, type: RotateKeyRequest })
  @Answers(
    { status: 200, type: NewKeyResponse, description: 'The same key under another secret.' },
    'key_not_found',
    'key_state_conflict',
  )
  async rotate(@Param('key_id') id: string, @Body() body: unknown): Promise<NewKeyResponse> {
    const { keep_old_for: keepOldFor = DAY_SECONDS } = await toValid(RotateKeyRequest, body ?? {});
    return toNewKeyResponse(await this.keys.rotate(id, keepOldFor, currentActor()));
  }

  @Delete(':key_id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'revokeKey',
    summary: 'Revoke an API key',
    description: 'No process accepts it 5 seconds later. It stays listed, for what it did carries its id.',
  })
  @ApiParam(ID)
  @ApiNoContentResponse({ description: 'It is revoked.' })
  @Problems('key_not_found')
  async revoke(@Param('key_id') id: string): Promise<void> {
    await this.keys.revoke(id, currentActor());
  }
}
