import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { ArtifactFolder } from './artifact-folder.js';

/** As we name our files; nothing else in the folder is ours. */
export const FILE_NAME = /^[0-9a-f]{32}(\.tmp)?$/;

/** An API and workers of several users share a group; nobody else reads what jobs produce. */
const FOLDER_MODE = 0o750;
const FILE_MODE = 0o640;

const MOST_TRIES = 3;

/** What Windows and some network folders say. */
const CANNOT_SYNC = new Set(['EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM']);

/** A file that is being written. Until it is kept, nobody sees it. */
export interface NewFile {
  append(chunk: Uint8Array): Promise<void>;
  /** Makes it last, also through a loss of power, and answers with its name. */
  keep(): Promise<string>;
  discard(): Promise<void>;
}

/** The files of large artifacts. */
@Injectable()
export class ArtifactFiles {
  constructor(
    private readonly folder: ArtifactFolder,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws Error that names DATA_DIR when nothing can be written there */
  async create(jobId: string): Promise<NewFile> {
    const folder = await this.folder.ofJob(jobId);
    const name = randomBytes(16).toString('hex');
    const temporary = join(folder, `${name}.tmp`);
    const handle = await createIn(folder, temporary).catch((error: unknown) => this.explain(error));
    return {
      append: (chunk) => writeAll(handle, chunk).catch((error: unknown) => this.explain(error)),
      keep: async () => {
        await keep(handle, temporary, join(folder, name)).catch((error: unknown) => this.explain(error));
        return name;
      },
      discard: async () => {
        await handle.close().catch(() => undefined);
        await rm(temporary, { force: true }).catch(() => undefined);
      },
    };
  }

  /** Answers with nothing when there is no such file. */
  async open(jobId: string, file: string): Promise<FileHandle | undefined> {
    try {
      return await open(join(await this.folder.ofJob(jobId), file), 'r');
    } catch (error) {
      if (isMissing(error)) return undefined;
      return this.explain(error);
    }
  }

  /** Removes a file, and its folder with the last one. What cannot be removed is left to the sweep. */
  async remove(jobId: string, file: string): Promise<void> {
    const folder = await this.folder.ofJob(jobId);
    await rm(join(folder, file), { force: true }).catch(() => undefined);
    await rmdir(folder).catch(() => undefined);
  }

  private explain(cause: unknown): never {
    throw new Error(
      `Files cannot be stored in or read from ${this.config.dataDir} (${messageOf(cause)}): give this process the rights and the space, or set DATA_DIR to another folder`,
      { cause },
    );
  }
}

export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
}

/** Again when somebody removed the empty folder at that moment. */
async function createIn(folder: string, path: string): Promise<FileHandle> {
  for (let tries = 1; ; tries++) {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    try {
      return await open(path, 'wx', FILE_MODE);
    } catch (error) {
      if (!isMissing(error) || tries === MOST_TRIES) throw error;
    }
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.byteLength;)
    written += (await handle.write(chunk, written)).bytesWritten;
}

async function keep(handle: FileHandle, temporary: string, path: string): Promise<void> {
  // Its age counts from now: what it was made of may have come slowly.
  await handle.utimes(new Date(), new Date());
  await handle.sync();
  await handle.close();
  await rename(temporary, path);
  const folder = dirname(path);
  for (const each of [folder, dirname(folder), dirname(dirname(folder))]) await syncFolder(each);
}

/** A new name lasts when its folder is on the disk, too. Where folders cannot be synced, that is all there is. */
async function syncFolder(path: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    await handle.sync();
  } catch (error) {
    if (!CANNOT_SYNC.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await handle?.close();
  }
}
