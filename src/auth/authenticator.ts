import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/index.js';
import type { Caller } from './caller.js';
import { KeyDigests } from './keys/key-digests.js';
import { idOfKeyToken } from './keys/key-token.js';
import { KeyUsage } from './keys/key-usage.js';
import { type Credential, KnownKeys } from './keys/known-keys.js';
import { Grants } from './scopes.js';

const HOW = 'send an API key in the header "Authorization: Bearer rh_…"';

const BEARER = /^bearer +(\S+) *$/i;

/** Finds out who calls. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly known: KnownKeys,
    private readonly digests: KeyDigests,
    private readonly usage: KeyUsage,
  ) {}

  /**
   * The caller who shows this header.
   * @throws DomainError unauthenticated; secrets_key_unavailable, database_unavailable when nobody can tell
   */
  async identify(authorization: string | undefined): Promise<Caller> {
    if (authorization === undefined) refuse(`This needs an API key: ${HOW}`);
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) refuse(`This header Authorization is of no use here: ${HOW}`);
    const id = idOfKeyToken(token);
    if (id === undefined) refuse(`This is no API key, or not all of it: ${HOW}`);
    const key =
      (await this.fitting(await this.known.find(id), token)) ??
      (await this.fitting(await this.known.findAgain(id), token));
    if (!key) refuse(`There is no such API key: ${HOW} that GET /keys lists`);
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
