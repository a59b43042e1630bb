import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Account, credentials } from './account.ts';
import { type Cluster, USER, fileOf, writeDurably } from './cluster.ts';
import { EmbeddedPostgresError, explainFailure } from './errors.ts';
import { findProcess } from './process-table.ts';
import { INITIAL_SETTINGS, asFlags } from './settings.ts';

const run = promisify(execFile);

/**
 * Makes the cluster unless it exists. It is made beside its place and moved there when complete, so a
 * crash at any moment leaves nothing half-made, and of two starters one wins.
 * @throws EmbeddedPostgresError when it cannot be made, or the one that exists cannot be used
 */
export async function createClusterIfMissing(cluster: Cluster, log: (line: string) => void): Promise<void> {
  refuseForeignFolder(cluster);
  if (!isComplete(cluster)) {
    refuseOtherFiles(cluster);
    log(`Creating an empty database in ${cluster.folder} …`);
    sweepDrafts(cluster);
    await createCluster(cluster);
  }
  refuseOtherVersion(cluster);
  if (cluster.account && statSync(cluster.data).uid === 0) giveTo(cluster.account, cluster.folder);
}

function refuseForeignFolder({ folder }: Cluster): void {
  if (!existsSync(folder)) return;
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `${folder} belongs to another user: start Roundhouse as the one who started it first, or choose another ROUNDHOUSE_HOME.`,
      { cause },
    );
  }
}

/** Asked in this order, since another starter may complete the cluster while we look. */
function refuseOtherFiles(cluster: Cluster): void {
  const holdsFiles = existsSync(cluster.folder) && readdirSync(cluster.folder).length > 0;
  if (!holdsFiles || isComplete(cluster)) return;
  throw new EmbeddedPostgresError(
    `${cluster.folder} holds files but no database: move it away, or choose another ROUNDHOUSE_HOME.`,
  );
}

function isComplete(cluster: Cluster): boolean {
  return existsSync(join(cluster.data, 'PG_VERSION'));
}

async function createCluster(cluster: Cluster): Promise<void> {
  const folder = `${cluster.folder}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  const draft = { ...cluster, folder, data: join(folder, basename(cluster.data)) };
  try {
    mkdirSync(draft.folder, { mode: 0o700 });
    if (draft.account) chownSync(draft.folder, draft.account.uid, draft.account.gid);
    writeDurably(draft, 'password', `${randomBytes(24).toString('base64url')}\n`);
    await initialize(draft);
    renameSync(draft.folder, cluster.folder);
  } catch (error) {
    rmSync(draft.folder, { recursive: true, force: true });
    if (isComplete(cluster)) return;
    throw error instanceof EmbeddedPostgresError ? error : refusalFor(cluster, error);
  }
}

async function initialize(draft: Cluster): Promise<void> {
  const flags = [
    ['-D', draft.data, '--username', USER],
    ['--pwfile', fileOf(draft, 'password'), '--auth', 'scram-sha-256'],
    // The built-in provider sorts alike on every machine; a libc upgrade cannot corrupt an index.
    ['--encoding', 'UTF8', '--locale-provider', 'builtin', '--locale', 'C.UTF-8'],
    asFlags('--set', INITIAL_SETTINGS),
  ].flat();
  try {
    await run(draft.binaries.initdb, flags, {
      ...credentials(draft.account),
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', TZ: 'UTC' },
    });
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    const folder = dirname(draft.folder);
    const log = join(folder, 'initdb.log');
    const output = `${stdout}${stderr}${message}\n`;
    writeFileSync(log, output);
    throw explainFailure(output, { folder, log });
  }
}

function refusalFor(cluster: Cluster, cause: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `No database can be made in ${cluster.folder} (${(cause as Error).message}): choose another ROUNDHOUSE_HOME.`,
    { cause },
  );
}

/** Removes what starters that were killed while making the cluster left behind. */
function sweepDrafts(cluster: Cluster): void {
  const prefix = `${basename(cluster.folder)}.new-`;
  for (const name of readdirSync(dirname(cluster.folder))) {
    if (!name.startsWith(prefix)) continue;
    const isAbandoned = !findProcess(Number.parseInt(name.slice(prefix.length), 10));
    if (isAbandoned) rmSync(join(dirname(cluster.folder), name), { recursive: true, force: true });
  }
}

function refuseOtherVersion(cluster: Cluster): void {
  const wanted = cluster.binaries.version.split('.')[0];
  const found = readFileSync(join(cluster.data, 'PG_VERSION'), 'utf8').trim();
  if (found === wanted) return;
  throw new EmbeddedPostgresError(
    `The database in ${cluster.folder} was written by PostgreSQL ${found} and this version of Roundhouse brings ${wanted}: run pg_upgrade on ${cluster.data}, or choose another ROUNDHOUSE_HOME.`,
  );
}

/** A copy that root restored belongs to root, and PostgreSQL refuses data of another user. */
function giveTo(account: Account, folder: string): void {
  lchownSync(folder, account.uid, account.gid);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    lchownSync(join(entry.parentPath, entry.name), account.uid, account.gid);
  }
}
