import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from './cluster.ts';
import { findProcess } from './process-table.ts';

/** Larger than any process id a kernel gives out. */
const NOBODYS_PID = '2147483647';

/** A start writes the file right after it has made it; if it doesn't for so long (ms), it was cut short. */
const LONGEST_WRITE_MS = 10_000;

/** What PostgreSQL says about itself in `postmaster.pid`. */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  readonly status: string;
}

/** Reads the file; undefined when there is none or it is only being written. */
export function readPostmasterFile(cluster: Cluster): PostmasterFile | undefined {
  try {
    const lines = readFileSync(pathOf(cluster), 'utf8').split('\n');
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    return pid > 0 ? { pid, port, status: lines[7]?.trim() ?? '' } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether another start may just have made the file and be about to write it. */
export function isBeingWritten(cluster: Cluster): boolean {
  const file = statSync(pathOf(cluster), { throwIfNoEntry: false });
  return !file || Date.now() - file.mtimeMs < LONGEST_WRITE_MS;
}

/**
 * The postmaster that runs on this cluster, if any. PostgreSQL would refuse to start while the number in
 * the file of a dead one belongs to a stranger or a zombie, so that number is blotted out. The rest of the
 * file stays: by it PostgreSQL sees whether sessions of the dead one still use the data.
 */
export function runningPostmaster(cluster: Cluster): PostmasterFile | undefined {
  const file = readPostmasterFile(cluster);
  if (!file || isPostmasterOf(cluster, file.pid)) return file;
  if (isTaken(file.pid)) {
    const path = pathOf(cluster);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^\d+/, NOBODYS_PID));
  }
  return undefined;
}

/** Whether a postmaster runs on this cluster, as far as can be seen without touching anything. */
export function isRunning(cluster: Cluster): boolean {
  const file = readPostmasterFile(cluster);
  return file !== undefined && isPostmasterOf(cluster, file.pid);
}

/** Whether the process is the postmaster of this cluster and not just a reused number. */
export function isPostmasterOf(cluster: Cluster, pid: number): boolean {
  const found = findProcess(pid);
  if (!found?.command.includes('postgres')) return false;
  return found.folder === cluster.data || `${found.command} `.includes(` ${cluster.data} `);
}

function isTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function pathOf(cluster: Cluster): string {
  return join(cluster.data, 'postmaster.pid');
}
