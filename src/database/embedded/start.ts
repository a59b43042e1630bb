import { join, resolve } from 'node:path';
import { binariesFor } from './binaries.ts';
import type { Cluster } from './cluster.ts';
import { createClusterIfMissing } from './create-cluster.ts';
import { KeptServer } from './keep-running.ts';
import { choosePlace } from './places.ts';
import { isRunning } from './postmaster-file.ts';
import { createDatabaseIfMissing, urlOf } from './session.ts';
import { startOrAdopt } from './start-or-adopt.ts';

export interface EmbeddedPostgresOptions {
  /** The folder that the cluster belongs to; data lies in `postgres` inside. */
  readonly home: string;
  /** Takes plain sentences about what takes time or is out of the ordinary. */
  readonly log: (line: string) => void;
  /** PostgreSQL settings for this run only, such as `{ fsync: 'off' }` for tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** The database `roundhouse`, with its superuser. Stays the same while this process lives. */
  readonly url: string;
  /** It ran already: an earlier run was killed, or another living process shares it. */
  readonly adopted: boolean;
  /** Stops it, unless another living process started it; safe to call again. */
  stop(): Promise<void>;
}

/**
 * Runs a PostgreSQL 18 of our own and restarts it if it dies. It ends when this process ends, even by
 * kill -9.
 * @throws EmbeddedPostgresError with a sentence that says what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log } = options;
  const cluster = prepareCluster(options);
  await createClusterIfMissing(cluster, log);
  const { server, adopted } = await startOrAdopt(cluster, log);
  if (adopted && !server.isShared) log('Took over the PostgreSQL that an earlier run left behind.');
  const startAgain = async (port: number) => (await startOrAdopt(cluster, log, port)).server;
  const kept = new KeptServer(server, startAgain, log);
  try {
    await createDatabaseIfMissing(cluster, server.port);
  } catch (error) {
    await kept.stop();
    throw error;
  }
  return { url: urlOf(cluster, server.port), adopted, stop: () => kept.stop() };
}

function prepareCluster({ home, log, settings = {} }: EmbeddedPostgresOptions): Cluster {
  const { folder, account } = choosePlace(resolve(home));
  const cluster = { folder, data: join(folder, 'data'), binaries: binariesFor(account), account, settings };
  // Whoever only joins one that runs need not hear of it.
  if (isRunning(cluster)) return cluster;
  log('Starting PostgreSQL 18 …');
  if (account) log(`PostgreSQL runs as user ${account.name}, not as root; its data is in ${folder}.`);
  return cluster;
}
