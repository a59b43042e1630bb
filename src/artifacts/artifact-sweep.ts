import { Injectable, Logger } from '@nestjs/common';
import type { Dirent } from 'node:fs';
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isUuid, messageOf, portions } from '../common/index.js';
import { Postgres } from '../database/index.js';
import { ArtifactFolder } from './artifact-folder.js';
import { FILE_NAME, isMissing } from './artifact-files.js';
import { SELECT_FILES } from './artifacts.sql.js';

/** How young (ms) a file may be whose row is about to be committed. */
const YOUNG_MS = 3_600_000;

/** How long (ms) one pass may take; the next one goes on. */
const LONGEST_PASS_MS = 1_000;

/** When all folders have been looked at, nothing has become old enough before this time (ms). */
const REST_MS = 3_600_000;

/** Jobs whose files are asked for in one statement. */
const AT_ONCE = 100;

/** The folders of jobs that lie in one folder. */
interface Portion {
  readonly shelf: string;
  readonly path: string;
  readonly jobIds: readonly string[];
}

/**
 * Removes files that no job has: their job was deleted, they were replaced, or who wrote them died before they were on
 * record. Looks only into the folder of this database, and at files named as ours.
 */
@Injectable()
export class ArtifactSweep {
  private readonly logger = new Logger(ArtifactSweep.name);
  /** The last folder of a job that was looked at, and the one it lies in. */
  private position = { shelf: '', jobId: '' };
  private restsUntil = 0;

  constructor(
    private readonly folder: ArtifactFolder,
    private readonly postgres: Postgres,
  ) {}

  /** One pass of bounded time, unless all was looked at within the last hour. Never rejects. */
  async pass(): Promise<void> {
    if (performance.now() < this.restsUntil) return;
    try {
      await this.sweep(LONGEST_PASS_MS);
    } catch (error) {
      this.restsUntil = performance.now() + REST_MS;
      this.logger.warn(
        `Files in DATA_DIR that no job has could not be removed (${messageOf(error)}); tried again in an hour`,
      );
    }
  }

  /**
   * Goes on where the last round stopped.
   * @param longestMs after which the rest is left to the next round
   * @returns how many files were removed
   */
  async sweep(longestMs: number): Promise<number> {
    const endsAt = performance.now() + longestMs;
    let removed = 0;
    for await (const portion of this.portions()) {
      removed += await this.tidy(portion);
      this.position = { shelf: portion.shelf, jobId: portion.jobIds.at(-1) ?? '' };
      if (performance.now() > endsAt) return this.tell(removed);
    }
    this.position = { shelf: '', jobId: '' };
    this.restsUntil = performance.now() + REST_MS;
    return this.tell(removed);
  }

  private async *portions(): AsyncGenerator<Portion> {
    const root = await this.folder.path();
    const { shelf: firstShelf, jobId: lastJob } = this.position;
    for (const shelf of await foldersIn(root)) {
      if (shelf < firstShelf) continue;
      const path = join(root, shelf);
      const jobIds = (await foldersIn(path)).filter(
        (id) => isUuid(id) && (shelf > firstShelf || id > lastJob),
      );
      for (const portion of portions(jobIds, AT_ONCE)) {
        yield { shelf, path, jobIds: portion };
      }
      if (jobIds.length === 0) await removeIfEmptyAndOld(path);
    }
  }

  private async tidy({ path, jobIds }: Portion): Promise<number> {
    // First what lies there, then what is on record: a file whose row came in between is young.
    const found = await Promise.all(jobIds.map((id) => oldFilesIn(join(path, id))));
    const { rows } = await this.postgres.query<{ jobId: string; file: string }>(SELECT_FILES, [jobIds]);
    const known = new Set(rows.map(({ jobId, file }) => `${jobId}/${file}`));
    let removed = 0;
    for (const [index, jobId] of jobIds.entries()) {
      for (const file of found[index] ?? []) {
        if (known.has(`${jobId}/${file}`)) continue;
        await rm(join(path, jobId, file), { force: true });
        removed += 1;
      }
      await removeIfEmptyAndOld(join(path, jobId));
    }
    return removed;
  }

  private tell(removed: number): number {
    if (removed > 0) this.logger.log(`Removed ${removed} files of artifacts that no job has any more`);
    return removed;
  }
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await entriesIn(path);
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

async function oldFilesIn(path: string): Promise<string[]> {
  const old: string[] = [];
  for (const entry of await entriesIn(path)) {
    if (entry.isFile() && FILE_NAME.test(entry.name) && (await isOld(join(path, entry.name))))
      old.push(entry.name);
  }
  return old;
}

/** Other workers sweep, too: what is gone by now is none of our business. */
async function entriesIn(path: string): Promise<Dirent[]> {
  return readdir(path, { withFileTypes: true }).catch(unlessMissing<Dirent[]>([]));
}

async function isOld(path: string): Promise<boolean> {
  const stats = await stat(path).catch(unlessMissing(undefined));
  return stats !== undefined && stats.mtimeMs < Date.now() - YOUNG_MS;
}

/** A folder that was emptied a moment ago is young, and goes an hour later. */
async function removeIfEmptyAndOld(path: string): Promise<void> {
  if (await isOld(path)) await rmdir(path).catch(() => undefined);
}

function unlessMissing<T>(value: T) {
  return (error: unknown): T => {
    if (isMissing(error)) return value;
    throw error;
  };
}
