import { once } from 'node:events';
import { closeSync, fchownSync, fstatSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type Cluster, fileOf } from './cluster.ts';
import { EmbeddedPostgresError, ServerEndedError } from './errors.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import type { RunningServer } from './running-server.ts';
import { asFlags, insistedSettings } from './settings.ts';
import { type Supervisor, dismiss, superviseNew } from './supervisor.ts';
import { watchOver } from './watch-over.ts';

const LOG_LIMIT_BYTES = 4_000_000;
const LOOK_AGAIN_MS = 15;
const RECOVERY_NOTICE_MS = 5_000;

/**
 * Starts PostgreSQL on the cluster and waits until it accepts connections, through a crash recovery too.
 * @throws ServerEndedError when it ends before that, with what it wrote
 */
export async function launchServer(
  cluster: Cluster,
  port: number,
  log: (line: string) => void,
): Promise<RunningServer> {
  const output = openLog(cluster);
  const flags = ['-D', cluster.data, ...asFlags('-c', { ...cluster.settings, ...insistedSettings(port) })];
  const { supervisor, pid, ended } = await spawnServer(cluster, flags, output.file);
  const isReady = await untilReady(cluster, pid, ended, log);
  if (!isReady) {
    await dismiss(supervisor);
    throw new ServerEndedError(output.read());
  }
  return { pid, port, isShared: false, ended, release: watchOver(cluster, pid, supervisor) };
}

/** Appends to the log of earlier runs, of which one file's worth is kept. */
function openLog(cluster: Cluster): { file: number; read(): string } {
  const path = fileOf(cluster, 'server.log');
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) renameSync(path, `${path}.1`);
  const file = openSync(path, 'a', 0o600);
  if (cluster.account) fchownSync(file, cluster.account.uid, cluster.account.gid);
  const start = fstatSync(file).size;
  return { file, read: () => readFileSync(path).subarray(start).toString('utf8') };
}

async function spawnServer(cluster: Cluster, flags: readonly string[], log: number) {
  try {
    const supervisor = superviseNew(cluster, flags, log);
    const ended = endOf(supervisor);
    return { supervisor, pid: await firstNumber(supervisor), ended };
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `PostgreSQL cannot be started on this system (${(cause as Error).message}): set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    );
  } finally {
    closeSync(log);
  }
}

/** The end of the pipe that PostgreSQL and its sessions hold. */
async function endOf(supervisor: Supervisor): Promise<void> {
  await once(supervisor.stdout, 'close').catch(() => undefined);
}

async function firstNumber(supervisor: Supervisor): Promise<number> {
  const exit = once(supervisor, 'exit').then(([code]) =>
    Promise.reject(new Error(`/bin/sh ended with code ${code}`)),
  );
  const [line] = (await Promise.race([once(supervisor.stdout, 'data'), exit])) as [Buffer];
  return Number.parseInt(line.toString(), 10);
}

async function untilReady(
  cluster: Cluster,
  pid: number,
  ended: Promise<void>,
  log: (line: string) => void,
): Promise<boolean> {
  const notice = setTimeout(
    () => log('PostgreSQL is recovering from a crash, please wait …'),
    RECOVERY_NOTICE_MS,
  );
  try {
    for (;;) {
      const file = readPostmasterFile(cluster);
      // A stale file of an earlier run says ready, too.
      if (file?.pid === pid && file.status === 'ready') return true;
      const hasEnded = await Promise.race([ended.then(() => true), delay(LOOK_AGAIN_MS, false)]);
      if (hasEnded) return false;
    }
  } finally {
    clearTimeout(notice);
  }
}
