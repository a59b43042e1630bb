import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { EmbeddedPostgresError } from './errors.ts';

/** The user a PostgreSQL program runs as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Users that exist on servers and in containers anyway, the most fitting first. */
const CANDIDATES = ['postgres', 'node', 'nobody'];

/**
 * PostgreSQL refuses to run as root, so root lends it another user: the owner of the cluster when there
 * is one (so that they can start it themselves, too), else the first of postgres, node and nobody.
 * @returns undefined when we are not root and run it as ourselves
 * @throws EmbeddedPostgresError when root finds none of these users
 */
export function accountFor(clusterFolder: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return ownerOf(clusterFolder) ?? firstCandidate();
}

/** Whether the account may enter a folder or run a program; every folder above must let it pass, too. */
export function canReach(account: Account | undefined, path: string): boolean {
  if (!account) return true;
  const { status } = spawnSync('/bin/sh', ['-c', 'test -x "$0"', path], {
    ...credentials(account),
    cwd: '/',
  });
  return status === 0;
}

/** The part of spawn's options that makes a program run as the account. */
export function credentials(account: Account | undefined): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {};
}

function ownerOf(folder: string): Account | undefined {
  const owner = statSync(folder, { throwIfNoEntry: false });
  if (!owner || owner.uid === 0) return undefined;
  const name = readAccounts().find(({ uid }) => uid === owner.uid)?.name;
  return { name: name ?? `with id ${owner.uid}`, uid: owner.uid, gid: owner.gid };
}

function firstCandidate(): Account {
  const accounts = readAccounts();
  for (const name of CANDIDATES) {
    const account = accounts.find((entry) => entry.name === name);
    if (account) return account;
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root and there is no user ${CANDIDATES.join(', ')} to lend it: start Roundhouse as an ordinary user, or set DATABASE_URL.`,
  );
}

function readAccounts(): Account[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}
