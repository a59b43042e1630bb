import { setInterval } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { type PostmasterFile, isPostmasterOf } from './postmaster-file.ts';
import type { RunningServer } from './running-server.ts';
import { withSession } from './session.ts';
import { isSupervised } from './supervisor.ts';
import { watchOver } from './watch-over.ts';

const LOOK_AGAIN_MS = 250;

/**
 * Takes over a PostgreSQL that an earlier run left behind, or shares the one of a living process.
 * @returns undefined while it does not answer: it is starting, or stopping
 * @throws EmbeddedPostgresError when it is not ours after all
 */
export async function adoptServer(
  cluster: Cluster,
  found: PostmasterFile,
): Promise<RunningServer | undefined> {
  if (found.status !== 'ready' || !(await answersForOurFolder(cluster, found))) return undefined;
  const { pid, port } = found;
  const isShared = isSupervised(cluster, pid);
  const dismissSupervisor = isShared ? undefined : watchOver(cluster, pid);
  const watching = new AbortController();
  return {
    pid,
    port,
    isShared,
    ended: untilGone(cluster, pid, watching.signal),
    release: async () => {
      watching.abort();
      await dismissSupervisor?.();
    },
  };
}

async function answersForOurFolder(cluster: Cluster, { pid, port }: PostmasterFile): Promise<boolean> {
  try {
    const folder = await withSession(cluster, port, async (client) => {
      const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
      return rows[0]?.data_directory;
    });
    if (folder === cluster.data) return true;
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code !== '28P01') return false;
  }
  throw new EmbeddedPostgresError(
    `A PostgreSQL that does not know our password (process ${pid}, port ${port}) runs on ${cluster.data}: stop it with "kill -INT ${pid}" and start again.`,
  );
}

/** Nobody tells us when a process ends that isn't our child, so we look. */
async function untilGone(cluster: Cluster, pid: number, signal: AbortSignal): Promise<void> {
  try {
    for await (const _ of setInterval(LOOK_AGAIN_MS, undefined, { ref: false, signal })) {
      if (!isPostmasterOf(cluster, pid)) return;
    }
  } catch {
    // Released: whoever asked for it no longer waits.
  }
}
