import { Choice, ListOf, NextCursor, Text, TextList } from '../../common/http/index.js';
import type { ApiKey, UnveiledKey } from './api-key.js';
import { name, scopes } from './key.dto.js';

const time = { maxLength: 30, format: 'date-time', example: '2026-02-01T14:30:00.000Z' } as const;

/** An API key as it leaves, without itself. */
export class KeyResponse {
  @Text({
    description:
      'UUIDv7. Jobs that the key submitted, and what it did to others, carry it as `key:` and this.',
    maxLength: 36,
    format: 'uuid',
    example: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55',
  })
  key_id: string;

  @Text(name)
  name: string;

  @TextList(scopes)
  scopes: readonly string[];

  @Choice({
    description: 'Whether it is accepted.',
    choices: ['active', 'expired', 'revoked'],
    example: 'active',
  })
  state: string;

  @Text({ description: 'When it expires; null = never.', ...time, nullable: true, example: null })
  expires_at: string | null;

  @Text({ description: 'When it was used last, give or take a minute.', ...time, nullable: true })
  last_used_at: string | null;

  @Text({ description: 'When it was revoked.', ...time, nullable: true, example: null })
  revoked_at: string | null;

  @Text({
    description: 'Until when the key before the latest rotation is accepted too; null = it is not.',
    ...time,
    nullable: true,
    example: null,
  })
  old_key_expires_at: string | null;

  @Text({ description: 'Who made it.', maxLength: 200, example: 'command line' })
  created_by: string;

  @Text({ description: 'When it was made.', ...time })
  created_at: string;

  @Text({ description: 'When it was rotated last.', ...time, nullable: true, example: null })
  rotated_at: string | null;
}

/** The same with the key itself. */
export class NewKeyResponse extends KeyResponse {
  @Text({
    description: 'The key, for `Authorization: Bearer`. Shown this once.',
    maxLength: 100,
    example: 'rh_03LTkVY3pQ9LrPNcVR0nF1_8mJ0wLq3VnX5cT7yRz2KdH4sPb6GfA9tUeQ1iWoEaYxS0Bv4Zk2',
  })
  key: string;
}

/** A page of keys. */
export class KeyListResponse {
  @ListOf({ description: 'The newest first.', of: KeyResponse })
  keys: KeyResponse[];

  @NextCursor()
  next_cursor: string | null;
}

/** A key as it leaves. */
export function toKeyResponse(key: ApiKey): KeyResponse {
  return {
    key_id: key.id,
    name: key.name,
    scopes: key.scopes,
    state: key.state,
    expires_at: key.expiresAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
    old_key_expires_at: key.previousExpiresAt?.toISOString() ?? null,
    created_by: key.createdBy,
    created_at: key.createdAt.toISOString(),
    rotated_at: key.rotatedAt?.toISOString() ?? null,
  };
}

/** The same with itself. */
export function toNewKeyResponse({ key, token }: UnveiledKey): NewKeyResponse {
  return Object.assign(toKeyResponse(key), { key: token });
}
