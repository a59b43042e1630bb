import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/index.js';
import { AccessTokens } from './access-tokens.js';
import type { Caller } from './caller.js';
import { KeyDigests } from './keys/key-digests.js';
import { idOfKeyToken } from './keys/key-token.js';
import { KeyUsage } from './keys/key-usage.js';
import { type Credential, KnownKeys } from './keys/known-keys.js';
import { Grants } from './scopes.js';

const HEADER = 'in the header "Authorization: Bearer rh_…"';

const BEARER = /^bearer +(\S+) *$/i;

/** Finds out who calls. */
@Injectable()
export class Authenticator {
  private readonly how: string;

  constructor(
    private readonly known: KnownKeys,
    private readonly digests: KeyDigests,
    private readonly usage: KeyUsage,
    private readonly accessTokens: AccessTokens,
  ) {
    const orToken = accessTokens.areAccepted ? ', or an access token of OIDC_ISSUER in its place' : '';
    this.how = `send an API key ${HEADER}${orToken}`;
  }

  /**
   * The caller who shows this header.
   * @throws DomainError unauthenticated; secrets_key_unavailable, issuer_unavailable, database_unavailable when nobody can
   * tell
   */
  async identify(authorization: string | undefined): Promise<Caller> {
    if (authorization === undefined) refuse(`This needs an API key: ${this.how}`);
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) refuse(`This header Authorization is of no use here: ${this.how}`);
    return this.accessTokens.mayBe(token) ? this.accessTokens.callerWith(token) : this.callerWith(token);
  }

  private async callerWith(token: string): Promise<Caller> {
    const id = idOfKeyToken(token);
    if (id === undefined) refuse(`This is no API key, or not all of it: ${this.how}`);
    const key =
      (await this.fitting(await this.known.find(id), token)) ??
      (await this.fitting(await this.known.findAgain(id), token));
    if (!key) refuse(`There is no such API key: ${this.how}; GET /keys lists the keys`);
    if (key.state !== 'active') refuse(`This API key is ${key.state}: ask for another one`);
    this.usage.note(key.id);
    return { name: `key:${key.id}`, grants: new Grants(key.scopes) };
  }

  /** The key, if this is it. Whether there is none of its id, or another, takes as long to find out. */
  private async fitting(key: Credential | undefined, token: string): Promise<Credential | undefined> {
    if (await this.digests.match(token, key?.digest)) return key;
    return (await this.digests.match(token, key?.previousDigest ?? undefined)) ? key : undefined;
  }
}

function refuse(detail: string): never {
  throw new DomainError('unauthenticated', detail);
}
