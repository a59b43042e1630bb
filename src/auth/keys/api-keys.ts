import { Inject, Injectable } from '@nestjs/common';
import { DomainError, IdGenerator, invalid, isUuid } from '../../common/index.js';
import { Postgres } from '../../database/index.js';
import type { ApiKey, UnveiledKey } from './api-key.js';
import {
  HAS_ACTIVE_KEY,
  HOLD_KEYS,
  INSERT_KEY,
  REVOKE_KEY,
  ROTATE_KEY,
  SELECT_CREDENTIAL,
  SELECT_KEY,
  SELECT_KEYS,
} from './api-keys.sql.js';
import { KeyDigests } from './key-digests.js';
import { idOfKeyToken, newKeyToken } from './key-token.js';
import type { Credential } from './known-keys.js';

/** A key to be made. */
export interface NewKey {
  readonly name: string;
  readonly scopes: readonly string[];
  /** Null = it never expires. */
  readonly expiresAt: Date | null;
}

/** Makes API keys and takes them back. */
@Injectable()
export class ApiKeys {
  private readonly ids = new IdGenerator({ now: () => Date.now() });

  constructor(
    @Inject(Postgres) private readonly postgres: Pick<Postgres, 'query'>,
    private readonly digests: KeyDigests,
  ) {}

  /** @throws DomainError validation_failed when it would have expired already, secrets_key_unavailable */
  async create({ name, scopes, expiresAt }: NewKey, by: string): Promise<UnveiledKey> {
    const id = this.ids.next();
    const token = newKeyToken(id);
    const values = [id, name, [...new Set(scopes)], await this.digests.of(token), expiresAt, by];
    const { rows } = await this.postgres.query<ApiKey>(INSERT_KEY, values);
    const [key] = rows;
    if (key) return { key, token };
    const detail = 'expires_at must be in the future';
    throw invalid('validation_failed', [{ pointer: '/expires_at', detail, code: 'is_future' }]);
  }

  /** Whether anybody could call the API by a key. */
  async hasActive(): Promise<boolean> {
    const { rows } = await this.postgres.query<{ isThere: boolean }>(HAS_ACTIVE_KEY);
    return rows[0]?.isThere === true;
  }

  /** The active key that this is; undefined = it is none. @throws DomainError secrets_key_unavailable */
  async find(token: string): Promise<ApiKey | undefined> {
    const id = idOfKeyToken(token);
    if (id === undefined) return undefined;
    const [credential] = (await this.postgres.query<Credential>(SELECT_CREDENTIAL, [id])).rows;
    if (credential?.state !== 'active') return undefined;
    return (await this.digests.match(token, credential.digest)) ? this.get(id) : undefined;
  }

  /** Keeps everybody else from making keys until the transaction under way ends. */
  async hold(): Promise<void> {
    await this.postgres.query(HOLD_KEYS);
  }

  /** The newest first, from before a key on. */
  async list(before: string | null, limit: number): Promise<ApiKey[]> {
    return (await this.postgres.query<ApiKey>(SELECT_KEYS, [before, limit])).rows;
  }

  /** @throws DomainError key_not_found */
  async get(id: string): Promise<ApiKey> {
    return this.one(SELECT_KEY, id, []);
  }

  /**
   * Gives a key another secret.
   * @param keepOldFor seconds for which the old one is accepted too
   * @throws DomainError key_not_found, key_state_conflict, secrets_key_unavailable
   */
  async rotate(id: string, keepOldFor: number): Promise<UnveiledKey> {
    const present = await this.get(id);
    const token = newKeyToken(present.id);
    const values = [present.id, await this.digests.of(token), keepOldFor];
    const { rows } = await this.postgres.query<ApiKey>(ROTATE_KEY, values);
    const [key] = rows;
    if (key) return { key, token };
    const { state } = await this.get(id);
    throw new DomainError('key_state_conflict', `This key is ${state}: create another one`, {
      members: { state },
    });
  }

  /** Takes a key back for good; every process has noticed within 5 s. @throws DomainError key_not_found */
  revoke(id: string, by: string): Promise<ApiKey> {
    return this.one(REVOKE_KEY, id, [by]);
  }

  private async one(statement: string, id: string, values: unknown[]): Promise<ApiKey> {
    const rows = isUuid(id) ? (await this.postgres.query<ApiKey>(statement, [id, ...values])).rows : [];
    if (rows[0]) return rows[0];
    throw new DomainError('key_not_found', `There is no API key "${id}". GET /keys lists them.`);
  }
}
