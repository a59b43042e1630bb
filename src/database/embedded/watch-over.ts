import type { ChildProcess } from 'node:child_process';
import type { Cluster } from './cluster.ts';
import { dismiss, superviseRunning } from './supervisor.ts';

/**
 * Sees to it that somebody always waits to stop PostgreSQL when we die, even if the supervisor is killed.
 * @returns the function that ends this
 */
export function watchOver(
  cluster: Cluster,
  pid: number,
  first: ChildProcess = superviseRunning(cluster, pid),
): () => Promise<void> {
  let supervisor = first;
  let isOver = false;
  const replaceWhenKilled = () => {
    if (isOver) return;
    supervisor = superviseRunning(cluster, pid).once('exit', replaceWhenKilled);
  };
  supervisor.once('exit', replaceWhenKilled);
  return async () => {
    isOver = true;
    await dismiss(supervisor);
  };
}
