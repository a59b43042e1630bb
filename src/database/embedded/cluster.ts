import { chownSync, closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './errors.ts';

/** A PostgreSQL cluster on disk and what runs it. */
export interface Cluster {
  readonly folder: string;
  /** PostgreSQL's own data directory, inside the folder. */
  readonly data: string;
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  /** Settings for this run, on top of the cluster's. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The superuser that initdb makes, and the database we use. */
export const USER = 'roundhouse';
export const DATABASE = 'roundhouse';

/** A file of ours beside the data directory. */
export function fileOf(cluster: Pick<Cluster, 'folder'>, name: 'password' | 'port' | 'server.log'): string {
  return join(cluster.folder, name);
}

/** The superuser's password; only the cluster's owner (and root) can read it. */
export function readPassword(cluster: Cluster): string {
  try {
    return readFileSync(fileOf(cluster, 'password'), 'utf8').trim();
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `${fileOf(cluster, 'password')} cannot be read: start Roundhouse as the user who started it first, or choose another ROUNDHOUSE_HOME.`,
      { cause },
    );
  }
}

/** Replaces a small file so that a crash leaves the old one or the new one, readable by the owner alone. */
export function writeDurably(
  cluster: Pick<Cluster, 'folder' | 'account'>,
  name: 'password' | 'port',
  text: string,
): void {
  const path = fileOf(cluster, name);
  const draft = `${path}.new-${process.pid}`;
  const file = openSync(draft, 'w', 0o600);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  if (cluster.account) chownSync(draft, cluster.account.uid, cluster.account.gid);
  renameSync(draft, path);
}
