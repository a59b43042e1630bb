import { Inject, Injectable } from '@nestjs/common';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { CONFIG, type Config } from '../../config/index.js';
import { KeyRing } from '../../secrets/index.js';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;

/** Keeps secrets unreadable where they are stored: AES-256-GCM, with the name of the key in front. */
@Injectable()
export class SecretBox {
  private readonly ring: KeyRing;

  constructor(@Inject(CONFIG) config: Config) {
    this.ring = new KeyRing(config);
  }

  /**
   * @param owner whose it is: nobody else's row can be given it
   * @throws DomainError secrets_key_unavailable when there is no key and none can be made
   */
  async seal(secret: string, owner: string): Promise<string> {
    const key = await this.ring.current();
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
    const key = await this.ring.find(keyId);
    if (!iv || !tag || !sealed) throw new Error('A stored secret is not what was sealed: rotate it');
    const decipher = createDecipheriv(CIPHER, key.bytes, iv).setAAD(Buffer.from(owner)).setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
  }
}
