import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { type Account, credentials } from './account.ts';
import type { Cluster } from './cluster.ts';
import { findProcess } from './process-table.ts';

/** The first word of a supervisor's arguments, by which it is known again. */
const NAME = 'roundhouse-postgres';

/**
 * Runs PostgreSQL, says its process id, and waits for the end of its own standard input: a pipe that the
 * kernel closes when we die, however we die. Then it stops PostgreSQL (SIGINT: sessions are cut, data is
 * written). It keeps no copy of its standard output, so that the end of that pipe means that PostgreSQL
 * and all of its sessions are gone.
 */
const SUPERVISE = `"$@" </dev/null & echo "$!"; exec >&-; trap '' HUP INT TERM; read -r _; kill -INT "$!" 2>/dev/null; wait`;

/** The same for a PostgreSQL that runs already; by then its number could be a stranger's, so it looks twice. */
const GUARD = `trap '' HUP INT TERM; read -r _; read -r pid <"$1/postmaster.pid" && [ "$pid" = "$2" ] && kill -INT "$2" 2>/dev/null`;

/** A supervisor whose standard output is piped to us. */
export type Supervisor = ChildProcess & { readonly stdout: Readable };

/** Starts PostgreSQL with these arguments, under a supervisor that outlives us by a moment. */
export function superviseNew(cluster: Cluster, args: readonly string[], log: number): Supervisor {
  const shell = runShell(
    cluster.account,
    [SUPERVISE, NAME, cluster.binaries.postgres, ...args],
    ['pipe', 'pipe', log],
  );
  return shell as Supervisor;
}

/** Puts a running PostgreSQL under a new supervisor. */
export function superviseRunning(cluster: Cluster, pid: number): ChildProcess {
  return runShell(cluster.account, [GUARD, NAME, cluster.data, String(pid)], ['pipe', 'ignore', 'ignore']);
}

/** Ends a supervisor; whatever it watches over ends, too, if it still runs. */
export async function dismiss(supervisor: ChildProcess): Promise<void> {
  const { pid, exitCode, signalCode } = supervisor;
  const isOver = pid === undefined || exitCode !== null || signalCode !== null;
  const over = isOver ? undefined : once(supervisor, 'exit');
  supervisor.stdin?.destroy();
  await over;
}

/** Whether a supervisor of a living process watches over this postmaster. */
export function isSupervised(cluster: Cluster, pid: number): boolean {
  const postmaster = findProcess(pid);
  const parent = postmaster && findProcess(postmaster.parent);
  return parent !== undefined && parent.command.includes(NAME) && parent.command.includes(cluster.data);
}

function runShell(
  account: Account | undefined,
  args: string[],
  stdio: ('pipe' | 'ignore' | number)[],
): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', ...args], {
    ...credentials(account),
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', TZ: 'UTC' },
    // Its own session: Ctrl+C in the terminal is ours to answer, and PostgreSQL ends last.
    detached: true,
    stdio,
  });
  shell.on('error', () => undefined);
  shell.stdin?.on('error', () => undefined);
  return shell;
}
