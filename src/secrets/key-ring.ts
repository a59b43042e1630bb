import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../config/index.js';
import { makeKeyFile, readKeyFile } from './key-file.js';

/** A key of 32 bytes, and what it is called in what was made with it. */
export interface SecretsKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/** Something was made with a key that this process does not have. */
export class UnknownKeyError extends Error {
  override readonly name = 'UnknownKeyError';

  constructor(keyId: string) {
    super(
      `The secret is stored under the key ${keyId}, which this process does not have: give API and workers the same SECRETS_KEY`,
    );
  }
}

/** The keys of this installation: those of SECRETS_KEY, the first of them for new secrets, or one in a file of its own. */
export class KeyRing {
  private readonly path: string;
  private readonly given: readonly SecretsKey[];

  constructor({ home, secretsKeys }: Pick<Config, 'home' | 'secretsKeys'>) {
    this.path = join(home, 'secrets.key');
    this.given = secretsKeys.map(keyOf);
  }

  /**
   * The key for what is made now.
   * @throws DomainError secrets_key_unavailable when there is none and none can be made
   */
  async current(): Promise<SecretsKey> {
    return this.given[0] ?? keyOf(await makeKeyFile(this.path));
  }

  /**
   * The key of this name. The file serves beside SECRETS_KEY, too: what was made with it before that was set stays good.
   * @throws UnknownKeyError
   */
  async find(id: string): Promise<SecretsKey> {
    const given = this.given.find((key) => key.id === id);
    if (given) return given;
    const text = await readKeyFile(this.path);
    const own = text === undefined ? undefined : keyOf(text);
    if (own?.id !== id) throw new UnknownKeyError(id);
    return own;
  }
}

function keyOf(text: string): SecretsKey {
  const bytes = Buffer.from(text, 'base64');
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}
