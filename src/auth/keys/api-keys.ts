import { Inject, Injectable } from '@nestjs/common';
import { DomainError, IdGenerator, invalid, isUuid } from '../../common/index.js';
import { type Action, queryOnRecord } from '../../audit-record/index.js';
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
    const granted = [...new Set(scopes)];
    const values = [id, name, granted, await this.digests.of(token), expiresAt, by];
    const after = { name, scopes: granted, expiresAt };
    const created = { action: 'key.create', subject: id, after, actor: by } as const;
    const [key] = await queryOnRecord<ApiKey>(this.postgres, INSERT_KEY, values, created);
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
    const { rows } = isUuid(id) ? await this.postgres.query<ApiKey>(SELECT_KEY, [id]) : { rows: [] };
    if (rows[0]) return rows[0];
    throw new DomainError('key_not_found', `There is no API key "${id}". GET /keys lists them.`);
  }

  /**
   * Gives a key another secret.
   * @param keepOldFor seconds for which the old one is accepted too
   * @throws DomainError key_not_found, key_state_conflict, secrets_key_unavailable
   */
  async rotate(id: string, keepOldFor: number, by: string): Promise<UnveiledKey> {
    const present = await this.get(id);
    const token = newKeyToken(present.id);
    const values = [present.id, await this.digests.of(token), keepOldFor];
    const after = { secret: 'exchanged', keepsOldFor: keepOldFor };
    const rotated = { action: 'key.rotate', subject: present.id, after, actor: by } as const;
    const [key] = await queryOnRecord<ApiKey>(this.postgres, ROTATE_KEY, values, rotated);
    if (key) return { key, token };
    const { state } = await this.get(id);
    throw new DomainError('key_state_conflict', `This key is ${state}: create another one`, {
      members: { state },
    });
  }

  /** Takes a key back for good; every process has noticed within 5 s. @throws DomainError key_not_found */
  async revoke(id: string, by: string): Promise<ApiKey> {
    const { id: subject, state } = await this.get(id);
    const action: Action = {
      action: 'key.revoke',
      subject,
      before: { state },
      after: { state: 'revoked' },
      actor: by,
    };
    const [key] = await queryOnRecord<ApiKey>(this.postgres, REVOKE_KEY, [subject, by], action);
    return key ?? this.get(id);
  }
}
