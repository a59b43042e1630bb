import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Account, accountFor, canReach } from './account.ts';
import { EmbeddedPostgresError } from './errors.ts';

/** Where root keeps what an ordinary user must reach although the project lies in a closed folder. */
export const SYSTEM_FOLDER = '/var/lib/roundhouse';

/** Where a cluster lies and who runs it. */
export interface Place {
  readonly folder: string;
  readonly account: Account | undefined;
}

/**
 * The cluster of a home lies in `<home>/postgres`; when root starts it and PostgreSQL's user cannot get
 * there (a project in /root), in a folder of its own under /var/lib/roundhouse. Where there is one already,
 * it stays.
 * @throws EmbeddedPostgresError when the folder cannot be made
 */
export function choosePlace(home: string): Place {
  makeFolder(home);
  // One name for one folder: whether a server runs on it is recognised by the path.
  const realHome = realpathSync(home);
  const inside = placeAt(realHome);
  const outside = placeAt(join(SYSTEM_FOLDER, nameFor(realHome)));
  if (!existsSync(outside.folder)) letPass(inside.account, realHome);
  const insideIsReachable = canReach(inside.account, realHome);
  if (insideIsReachable && (existsSync(inside.folder) || !existsSync(outside.folder))) return inside;
  makeFolder(dirname(outside.folder));
  return outside;
}

/**
 * A home that root made for itself alone (a temporary folder) lets others pass, without letting them look
 * around; the cluster inside is closed to everybody but its owner. The folders above are none of our business.
 */
function letPass(account: Account | undefined, home: string): void {
  const { uid, mode } = statSync(home);
  if (account && uid === 0 && canReach(account, dirname(home))) chmodSync(home, mode | 0o011);
}

function placeAt(parent: string): Place {
  const folder = join(parent, 'postgres');
  return { folder, account: accountFor(folder) };
}

/** `/root/shop/.roundhouse` becomes `shop-1f2e3d4c`: readable, and different for every home. */
function nameFor(home: string): string {
  const digest = createHash('sha256').update(home).digest('hex').slice(0, 8);
  return `${basename(dirname(home)) || 'root'}-${digest}`;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `The folder ${folder} cannot be made: set ROUNDHOUSE_HOME to a folder you may write to, or DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    );
  }
}
