import { setTimeout as delay } from 'node:timers/promises';
import { adoptServer } from './adopt-server.ts';
import { type Cluster, fileOf } from './cluster.ts';
import { EmbeddedPostgresError, ServerEndedError, explainFailure } from './errors.ts';
import { launchServer } from './launch-server.ts';
import { choosePort, freePort, rememberPort } from './port.ts';
import { type PostmasterFile, isBeingWritten, runningPostmaster } from './postmaster-file.ts';
import type { RunningServer } from './running-server.ts';

const LOOK_AGAIN_MS = 50;

/** How long sessions of a killed server, or a server that is stopping, may stand in the way. */
const PATIENCE_MS = 60_000;

const PORT_TAKEN = /could not bind|Address already in use|could not create any TCP\/IP sockets/;
const STILL_EMPTY = 'lock file "postmaster.pid" is empty';
const STILL_IN_USE = /pre-existing shared memory block|lock file "postmaster\.pid" already exists/;

/**
 * Has PostgreSQL running on the cluster: started, or adopted when it runs already.
 * @param pinnedPort the port it must have (others know it by now); without one, the last or a free one
 * @throws EmbeddedPostgresError when that cannot be had
 */
export async function startOrAdopt(
  cluster: Cluster,
  log: (line: string) => void,
  pinnedPort?: number,
): Promise<{ server: RunningServer; adopted: boolean }> {
  const deadline = Date.now() + PATIENCE_MS;
  let port = pinnedPort ?? (await choosePort(cluster));
  for (;;) {
    const present = runningPostmaster(cluster);
    const adopted = present && (await adoptServer(cluster, present));
    if (adopted) return { server: adopted, adopted: true };
    if (!present) {
      try {
        const server = await launchServer(cluster, port, log);
        rememberPort(cluster, port);
        return { server, adopted: false };
      } catch (error) {
        const output = error instanceof ServerEndedError ? error.output : '';
        if (PORT_TAKEN.test(output) && pinnedPort === undefined) port = await freePort();
        else if (!isInTheWay(cluster, output)) throw explained(cluster, error);
      }
    }
    if (Date.now() > deadline) throw stuck(cluster, present);
    await delay(LOOK_AGAIN_MS);
  }
}

/** Whether what PostgreSQL stumbled over goes away by itself. */
function isInTheWay(cluster: Cluster, output: string): boolean {
  return STILL_IN_USE.test(output) || (output.includes(STILL_EMPTY) && isBeingWritten(cluster));
}

function explained(cluster: Cluster, error: unknown): unknown {
  if (!(error instanceof ServerEndedError)) return error;
  return explainFailure(error.output, { folder: cluster.folder, log: fileOf(cluster, 'server.log') });
}

function stuck(cluster: Cluster, present: PostmasterFile | undefined): EmbeddedPostgresError {
  const sentence = present
    ? `PostgreSQL (process ${present.pid}) runs on ${cluster.data} but does not answer: see ${fileOf(cluster, 'server.log')}, or stop it with "kill -QUIT ${present.pid}" and start again.`
    : `Processes of a PostgreSQL that was killed still use ${cluster.data}: end the processes named "postgres:" and start again.`;
  return new EmbeddedPostgresError(sentence);
}
