import { Inject, Injectable } from '@nestjs/common';
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { CONFIG, type Config } from '../../config/index.js';
import { makeKeyFile, readKeyFile } from './key-file.js';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;

/** A key, and what it is called in what it has sealed. */
interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/** A secret was sealed with a key that this process does not have. */
class UnknownKeyError extends Error {
  override readonly name = 'UnknownKeyError';

  constructor(keyId: string) {
    super(
      `The secret is stored under the key ${keyId}, which this process does not have: give API and workers the same SECRETS_KEY`,
    );
  }
}

/**
 * Keeps secrets unreadable where they are stored: AES-256-GCM, with the name of the key in front. The key is the first
 * of SECRETS_KEY, or one in a file of this installation; older ones of SECRETS_KEY open what they have sealed.
 */
@Injectable()
export class SecretBox {
  private readonly path: string;
  private readonly given: readonly Key[];

  constructor(@Inject(CONFIG) { home, secretsKeys }: Config) {
    this.path = join(home, 'secrets.key');
    this.given = secretsKeys.map(keyOf);
  }

  /**
   * @param owner whose it is: nobody else's row can be given it
   * @throws DomainError secrets_key_unavailable when there is no key and none can be made
   */
  async seal(secret: string, owner: string): Promise<string> {
    const key = this.given[0] ?? keyOf(await makeKeyFile(this.path));
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, key.bytes, iv).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return [
      key.id,
      iv.toString('base64'),
      cipher.getAuthTag().toString('base64'),
      sealed.toString('base64'),
    ].join('.');
  }

  /** @throws UnknownKeyError; an error when somebody has changed what was sealed */
  async open(text: string, owner: string): Promise<string> {
    const [keyId = '', ...parts] = text.split('.');
    const [iv, tag, sealed] = parts.map((part) => Buffer.from(part, 'base64'));
    const key = await this.find(keyId);
    if (!iv || !tag || !sealed) throw new Error('A stored secret is not what was sealed: rotate it');
    const decipher = createDecipheriv(CIPHER, key.bytes, iv).setAAD(Buffer.from(owner)).setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
  }

  /** The file serves beside SECRETS_KEY, too: what it has sealed before that was set stays readable. */
  private async find(id: string): Promise<Key> {
    const given = this.given.find((key) => key.id === id);
    if (given) return given;
    const text = await readKeyFile(this.path);
    const own = text === undefined ? undefined : keyOf(text);
    if (own?.id !== id) throw new UnknownKeyError(id);
    return own;
  }
}

function keyOf(text: string): Key {
  const bytes = Buffer.from(text, 'base64');
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}
