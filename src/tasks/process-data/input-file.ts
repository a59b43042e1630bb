import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { PermanentFailure } from '../../worker/index.js';
import { type Source, kindOfName } from './source.js';

/** Folders of DATA_DIR that are not for everybody. */
const OWN_FOLDERS = ['artifacts', 'tmp'];

const LONGEST_PATH = 1_000;

/** What is wrong with the path of a file, as far as its letters tell: the rest of a sentence. */
export function filePathFault(path: unknown): string | undefined {
  if (typeof path !== 'string' || path === '' || path.length > LONGEST_PATH)
    return `must be a path of 1 to ${LONGEST_PATH} characters below DATA_DIR, such as imports/orders.csv`;
  if (/[\p{Cc}\\]/u.test(path) || !path.isWellFormed())
    return 'must hold no control characters and no backslashes';
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    return 'must be relative to DATA_DIR, with no empty part, "." or ".." in it';
  if (OWN_FOLDERS.includes(parts[0]?.toLowerCase() ?? ''))
    return `must not lead into ${parts[0]}, which is the service's own folder`;
  return undefined;
}

/**
 * Opens a file below DATA_DIR for reading.
 * @throws PermanentFailure when there is none, or it is elsewhere in truth
 */
export async function openInputFile(dataDir: string, path: string): Promise<Source> {
  const fault = filePathFault(path);
  if (fault) throw new PermanentFailure(`file ${fault}`);
  const file = await openBelow(dataDir, path);
  try {
    const { size } = await file.stat();
    return { fd: file.fd, bytes: size, kind: kindOfName(path), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openBelow(dataDir: string, path: string): Promise<FileHandle> {
  let file: FileHandle | undefined;
  try {
    // A pipe that nobody writes to would not open otherwise.
    file = await open(join(dataDir, path), constants.O_RDONLY | constants.O_NONBLOCK);
    if (!(await file.stat()).isFile()) throw new PermanentFailure(`file ${path} is no regular file`);
    await refuseElsewhere(dataDir, path, file);
    return file;
  } catch (error) {
    await file?.close();
    throw explained(error, path);
  }
}

/** What was opened must be what lies below DATA_DIR when all links are followed: a link may have been swapped meanwhile. */
async function refuseElsewhere(dataDir: string, path: string, file: FileHandle): Promise<void> {
  const [root, place] = await Promise.all([realpath(dataDir), realpath(join(dataDir, path))]);
  const [opened, found] = await Promise.all([file.stat(), stat(place)]);
  const way = relative(root, place).split(sep);
  const isOutside = way[0] === '..' || way[0] === '' || OWN_FOLDERS.includes(way[0] ?? '');
  if (isOutside || opened.ino !== found.ino || opened.dev !== found.dev)
    throw new PermanentFailure(`file ${path} leads out of DATA_DIR, or into a folder of the service's own`);
}

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there: put it below DATA_DIR, where every worker sees it',
  ENOTDIR: 'is not there: a part of its path is a file',
  EACCES: 'cannot be read: give the user of the worker the right to',
  EISDIR: 'is a folder: name a file in it',
  ELOOP: 'leads round in circles',
  ENAMETOOLONG: 'has too long a name',
  ENXIO: 'is no regular file',
};

function explained(error: unknown, path: string): unknown {
  const fault = FAULTS[(error as NodeJS.ErrnoException).code ?? ''];
  return fault ? new PermanentFailure(`file ${path} ${fault}`, { cause: error }) : error;
}
