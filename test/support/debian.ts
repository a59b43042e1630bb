import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How long (ms) a package may take before the tests go on without. */
const FETCH_MS = 120_000;

const UNPACKED = fileURLToPath(new URL('../../dist/.debian', import.meta.url));

/**
 * The folder of programs of a Debian package: the system's own, or else, for root, that of the package unpacked for the
 * tests. It is not installed, so that none of its services starts.
 * @param program one of its programs
 * @throws Error when it is neither there nor to be had
 */
export function programsOf(name: string, program: string): string {
  const unpacked = join(UNPACKED, name, 'usr/bin');
  for (const folder of ['/usr/bin', '/usr/local/bin', unpacked])
    if (existsSync(join(folder, program))) return folder;
  if (process.getuid?.() !== 0) throw new Error(`${name} is not installed`);
  unpack(name);
  return unpacked;
}

/** Beside the place where it is to be, and then there at once: other tests may want the same. */
function unpack(name: string): void {
  mkdirSync(UNPACKED, { recursive: true });
  const folder = mkdtempSync(join(UNPACKED, 'fetched-'));
  try {
    apt(['update', '-qq'], folder);
    apt(['download', '-qq', name], folder);
    const [archive] = readdirSync(folder);
    execFileSync('dpkg-deb', ['-x', join(folder, archive!), join(folder, 'files')], { stdio: 'ignore' });
    renameSync(join(folder, 'files'), join(UNPACKED, name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function apt(command: readonly string[], cwd: string): void {
  const args = [
    '-o',
    'DPkg::Lock::Timeout=60',
    '-o',
    'Acquire::http::Timeout=10',
    '-o',
    'APT::Sandbox::User=root',
  ];
  execFileSync('apt-get', [...args, ...command], { cwd, stdio: 'ignore', timeout: FETCH_MS });
}
