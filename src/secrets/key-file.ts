import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DomainError } from '../common/index.js';

const KEY_BYTES = 32;

/**
 * The key of this installation, in base64, made when there is none. Of processes that make one at the same time one
 * wins: the file appears whole, under its name, or not at all.
 * @throws DomainError secrets_key_unavailable
 */
export async function makeKeyFile(path: string): Promise<string> {
  try {
    return (await readKeyFile(path)) ?? (await make(path));
  } catch (cause) {
    throw new DomainError(
      'secrets_key_unavailable',
      'The key for secrets can be neither read nor made: set SECRETS_KEY, or see to the rights on the folder ROUNDHOUSE_HOME',
      { cause, retryAfterSeconds: 60 },
    );
  }
}

/** The key that is there; undefined = none. */
export async function readKeyFile(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  if (Buffer.from(text, 'base64').length !== KEY_BYTES) throw new Error(`${path} holds no key of 32 bytes`);
  return text.trim();
}

async function make(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  const made = await readKeyFile(path);
  if (made === undefined) throw new Error(`${path} went away while it was made`);
  return made;
}
