import { Inject, Injectable } from '@nestjs/common';
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { DomainError } from '../../common/index.js';
import { CONFIG, type Config } from '../../config/index.js';
import { KeyRing, UnknownKeyError } from '../../secrets/index.js';

/** The key of this installation serves other ends too; what is made of it for one is useless for another. */
const PURPOSE = 'roundhouse api keys';

const NO_KEY = Buffer.alloc(32);

/**
 * What is stored in the place of API keys: HMAC-SHA-256, with the name of its key in front. Keys are 256 random bits, so
 * nothing slower is needed; without the key of the installation a stolen table is no help even to test a guess.
 */
@Injectable()
export class KeyDigests {
  private readonly ring: KeyRing;
  private readonly derived = new Map<string, Buffer>();

  constructor(@Inject(CONFIG) config: Config) {
    this.ring = new KeyRing(config);
  }

  /** @throws DomainError secrets_key_unavailable when there is no key and none can be made */
  async of(token: string): Promise<string> {
    const { id, bytes } = await this.ring.current();
    return `${id}.${digest(derive(bytes), token).toString('base64url')}`;
  }

  /**
   * Whether this is the digest of this key; takes as long for one that is almost right.
   * @param stored undefined = there is none, which takes as long too
   * @throws DomainError secrets_key_unavailable
   */
  async match(token: string, stored: string | undefined): Promise<boolean> {
    if (stored === undefined) return fitsNothing(token);
    const [keyId = '', text = ''] = stored.split('.');
    const expected = Buffer.from(text, 'base64url');
    const actual = digest(await this.keyOf(keyId), token);
    return expected.length === actual.length && timingSafeEqual(expected, actual);
  }

  /** A name stands for the same bytes for ever, so the file is read once. */
  private async keyOf(id: string): Promise<Buffer> {
    const known = this.derived.get(id);
    if (known) return known;
    const { bytes } = await this.ring.find(id).catch(refuseUnknown);
    const key = derive(bytes);
    this.derived.set(id, key);
    return key;
  }
}

function fitsNothing(token: string): false {
  timingSafeEqual(digest(NO_KEY, token), NO_KEY);
  return false;
}

function derive(bytes: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', bytes, '', PURPOSE, 32));
}

function digest(key: Buffer, token: string): Buffer {
  return createHmac('sha256', key).update(token).digest();
}

function refuseUnknown(error: unknown): never {
  const detail =
    error instanceof UnknownKeyError
      ? 'This API key was made under another SECRETS_KEY than this process has: give the API and the command that makes keys the same one, or make the key again'
      : 'The key for secrets cannot be read: see to the rights on the folder ROUNDHOUSE_HOME';
  throw new DomainError('secrets_key_unavailable', detail, { cause: error, retryAfterSeconds: 60 });
}
