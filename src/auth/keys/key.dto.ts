import { Integer, Moment, PageCursor, PageSize, Text, declare, says } from '../../common/http/index.js';
import { SCOPES, scopeFault } from '../scopes.js';

const MOST_SCOPES = 100;
/** A scope and the name of a queue. */
const LONGEST_SCOPE = 80;

const WEEK_SECONDS = 7 * 86_400;

/** What a key allows, as fields of requests and answers describe it. */
export const scopes = {
  description: `What the key allows, everywhere or, with \`@\` and its name, in a single queue: ${Object.entries(
    SCOPES,
  )
    .map(([scope, says]) => `\`${scope}\` (${says.slice(0, -1)})`)
    .join(', ')}.`,
  maxItems: MOST_SCOPES,
  maxLength: LONGEST_SCOPE,
  example: ['jobs:submit@emails', 'jobs:read'],
} as const;

export const name = {
  description: 'Whose it is, or what for.',
  minLength: 1,
  maxLength: 100,
  example: 'shop',
} as const;

/** A key to be made. */
export class CreateKeyRequest {
  @Text(name)
  name: string;

  @declare(
    scopes,
    {
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: LONGEST_SCOPE },
      minItems: 1,
      maxItems: MOST_SCOPES,
    },
    says('areScopes', scopesFault),
  )
  scopes: string[];

  @Moment({
    description: 'When it expires; left out = never.',
    optional: true,
    example: '2030-01-31T00:00:00Z',
  })
  expires_at?: string;
}

/** How a key is exchanged. */
export class RotateKeyRequest {
  @Integer({
    description: 'Seconds for which the old key is accepted too, so that its callers can change over.',
    min: 0,
    max: WEEK_SECONDS,
    optional: true,
    default: 86_400,
    example: 86_400,
  })
  keep_old_for?: number;
}

/** Where to go on in the list of keys. */
export class ListKeysRequest {
  @PageSize()
  limit?: number;

  @PageCursor()
  cursor?: string;
}

/** What is wrong with a list of scopes; undefined = nothing. */
export function scopesFault(value: unknown): string | undefined {
  const isList = Array.isArray(value) && value.length >= 1 && value.length <= MOST_SCOPES;
  if (!isList || !value.every((scope) => typeof scope === 'string')) {
    return `scopes must be a list of 1 to ${MOST_SCOPES} scopes, such as ["jobs:submit@emails", "jobs:read"]`;
  }
  const fault = value.map((scope) => scopeFault(scope)).find((one) => one !== undefined);
  return fault === undefined ? undefined : `scopes: ${fault}`;
}
