import type pg from 'pg';
import { type ApiKey, ApiKeys, KeyDigests, type UnveiledKey, scopesFault } from '../../auth/index.js';
import { DomainError, printableText } from '../../common/index.js';
import { parseMoment } from '../../common/http/index.js';
import type { Config } from '../../config/index.js';
import { connectPatiently } from '../../database/index.js';
import { UsageError } from '../usage.error.js';
import { type NoNewKey, createUnlessThere } from './create-unless-there.js';

/** Who makes keys before there are any. */
const BY = 'command line';

const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 7 * DAY_SECONDS;
const LONGEST_NAME = 100;
const MOST_AT_ONCE = 200;

/** Does what was asked for. */
type KeysRequest = (keys: ApiKeys, session: pg.Client) => Promise<Done>;

type Done = ApiKey[] | UnveiledKey | NoNewKey;

/**
 * What a call of the command asks for; undefined = nothing that there is.
 * @throws UsageError when something is wrong with it
 */
export function keysRequest(
  [action, operand, ...more]: readonly string[],
  extras: Partial<Record<string, string>>,
): KeysRequest | undefined {
  if (more.length > 0) return undefined;
  if (action === 'list') return operand === undefined ? listAll : undefined;
  if (operand === undefined) return undefined;
  if (action === 'create') return creating(operand, extras);
  if (action === 'rotate') {
    const keep = keepOf(extras.keep);
    return (keys) => keys.rotate(operand, keep, BY);
  }
  return action === 'revoke' ? async (keys) => [await keys.revoke(operand, BY)] : undefined;
}

/** Does it on a database. @returns what to print @throws UsageError when the database holds no such key */
export async function manageKeys(
  config: Config,
  request: KeysRequest,
  { asJson }: { asJson: boolean },
): Promise<string> {
  const client = await connectPatiently(config, 'roundhouse keys');
  try {
    const done = await request(new ApiKeys(client, new KeyDigests(config)), client);
    return asJson ? `${JSON.stringify(done, null, 2)}\n` : toText(done);
  } catch (error) {
    throw error instanceof DomainError ? new UsageError(error.message) : error;
  } finally {
    await client.end();
  }
}

function creating(name: string, extras: Partial<Record<string, string>>): KeysRequest {
  const { scopes = '', expires, 'to-file': file, 'if-none': ifNone } = extras;
  const wanted = scopes.split(/[\s,]+/).filter((scope) => scope !== '');
  const fault =
    wanted.length === 0
      ? 'Say with --scopes what the key allows, such as --scopes jobs:submit,jobs:read, or --scopes admin for all.'
      : scopesFault(wanted);
  if (fault !== undefined) throw new UsageError(fault.replace(/^scopes: /, '--scopes: '));
  if (name === '' || name.length > LONGEST_NAME)
    throw new UsageError(`The name of a key has 1 to ${LONGEST_NAME} characters.`);
  const expiresAt = expires === undefined ? null : parseMoment(expires);
  if (expiresAt === undefined)
    throw new UsageError(`--expires takes a time such as 2030-01-31T00:00:00Z, not "${expires}".`);
  const create = (keys: ApiKeys) => keys.create({ name, scopes: wanted, expiresAt }, BY);
  if (file === undefined && ifNone === undefined) return create;
  return (keys, session) => createUnlessThere(create, keys, session, { file, ifNone: ifNone !== undefined });
}

function keepOf(text: string | undefined): number {
  const seconds = Number(text ?? DAY_SECONDS);
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= WEEK_SECONDS) return seconds;
  throw new UsageError(`--keep takes a whole number of seconds from 0 to ${WEEK_SECONDS}, not "${text}".`);
}

async function listAll(keys: ApiKeys): Promise<ApiKey[]> {
  const all: ApiKey[] = [];
  let page: ApiKey[];
  do {
    page = await keys.list(all.at(-1)?.id ?? null, MOST_AT_ONCE);
    all.push(...page);
  } while (page.length === MOST_AT_ONCE);
  return all;
}

function toText(done: Done): string {
  if ('reason' in done) return `${done.reason}\n`;
  if (Array.isArray(done)) return done.length === 0 ? 'There are no API keys.\n' : done.map(toLine).join('');
  const { token, key } = done;
  const until = key.previousExpiresAt;
  const isReplaced = until !== null && until.getTime() > Date.now();
  const overlap = isReplaced ? ` The one before it is accepted until ${until.toISOString()}.` : '';
  return `${token}\n${toLine(key)}Keep it well: it is shown this once.${overlap}\n`;
}

function toLine({ id, name, state, scopes, expiresAt, lastUsedAt }: ApiKey): string {
  const expiry = expiresAt ? `until ${expiresAt.toISOString()}` : 'without end';
  const use = lastUsedAt ? `used ${lastUsedAt.toISOString()}` : 'never used';
  return `${id}  ${state}  ${printableText(name)}  ${scopes.join(',')}  ${expiry}  ${use}\n`;
}
