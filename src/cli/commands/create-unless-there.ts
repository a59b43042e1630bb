import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import type pg from 'pg';
import type { ApiKey, ApiKeys, UnveiledKey } from '../../auth/index.js';
import { UsageError } from '../usage.error.js';

/** No key was made, and why. */
export interface NoNewKey {
  /** The one that is there, if it is known which. */
  readonly key: ApiKey | null;
  readonly token: null;
  readonly reason: string;
}

interface Where {
  /** Where the key is left; undefined = nowhere. */
  readonly file: string | undefined;
  /** Whether any active key is a reason to make none. */
  readonly ifNone: boolean;
}

/** The group reads it too: in containers, others than the one that writes it need it. */
const FILE_MODE = 0o640;

/**
 * Makes a key, unless what it is for has one. Of calls at the same time one makes it. The file is written before the key
 * counts: a call that dies in between leaves a file that the next call writes again, and no key that nobody knows.
 * @throws UsageError when the file can be neither read nor written
 */
export async function createUnlessThere(
  create: (keys: ApiKeys) => Promise<UnveiledKey>,
  keys: ApiKeys,
  session: pg.Client,
  where: Where,
): Promise<UnveiledKey | NoNewKey> {
  await session.query('BEGIN');
  try {
    await keys.hold();
    const done = (await reasonForNone(keys, where)) ?? (await create(keys));
    if (where.file !== undefined && done.token !== null) await write(where.file, done.token);
    await session.query('COMMIT');
    return done;
  } catch (error) {
    await session.query('ROLLBACK');
    throw error;
  }
}

async function reasonForNone(keys: ApiKeys, { file, ifNone }: Where): Promise<NoNewKey | undefined> {
  const token = file === undefined ? undefined : await read(file);
  const key = token === undefined ? undefined : await keys.find(token);
  if (key) return { key, token: null, reason: `${file} holds an active key: no other was made.` };
  if (!ifNone || !(await keys.hasActive())) return undefined;
  return { key: null, token: null, reason: 'There are active keys: no other was made.' };
}

async function read(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(file, error);
  }
}

async function write(file: string, token: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    const handle = await open(draft, 'wx', FILE_MODE);
    try {
      await handle.writeFile(`${token}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw unusable(file, error);
  }
}

function unusable(file: string, cause: unknown): UsageError {
  const { code } = cause as NodeJS.ErrnoException;
  return new UsageError(`--to-file ${file} cannot be used (${code}): see to its folder and its rights.`, {
    cause,
  });
}
