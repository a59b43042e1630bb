import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a program is run in a file system of its own. */
export interface Inside {
  /** Folders laid over the file system of this machine, the uppermost first; only that one is written to. */
  readonly layers: readonly string[];
  readonly cwd: string;
  /** Numbers of user and group; undefined = root, with all it may do. */
  readonly user: string | undefined;
  readonly isReadOnly: boolean;
  /** What is mounted where. */
  readonly volumes: Readonly<Record<string, string>>;
}

/** Runs as process 1 until it becomes the program. */
const SCRIPT = `
set -e
root=$1 layers=$2 upper=$3 work=$4 cwd=$5 user=$6 readonly=$7; shift 7
/usr/bin/mount -t overlay overlay -o "lowerdir=$layers,upperdir=$upper,workdir=$work" "$root"
/usr/bin/mount -t proc proc "$root/proc"
/usr/bin/mount --rbind /dev "$root/dev"
/usr/bin/mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
while [ "$1" != -- ]; do /usr/bin/mount --bind "$1" "$root$2"; shift 2; done
shift
[ -z "$readonly" ] || /usr/bin/mount -o remount,ro "$root"
enter='cd "$0" && exec "$@"'
[ -n "$user" ] || exec /usr/sbin/chroot "$root" /bin/sh -c "$enter" "$cwd" "$@"
exec /usr/sbin/chroot "$root" /usr/bin/setpriv --reuid "\${user%:*}" --regid "\${user#*:}" --clear-groups \
  --no-new-privs --bounding-set=-all --inh-caps=-all /bin/sh -c "$enter" "$cwd" "$@"`;

/** The command that runs a program so: process 1 of its own, in its own file system, on this machine's network. */
export function commandInside(folder: string, inside: Inside, command: readonly string[]): string[] {
  const { layers, cwd, user, isReadOnly, volumes } = inside;
  const [upper = '', ...below] = layers;
  const [root, work] = ['root', 'work'].map((name) => join(mkdtempSync(join(folder, 'mount-')), name));
  for (const path of [root!, work!]) mkdirSync(path, { recursive: true });
  for (const path of Object.keys(volumes)) mkdirSync(join(upper, path), { recursive: true });
  return [
    ...[
      '/usr/bin/unshare',
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '/bin/sh',
      '-c',
      SCRIPT,
      'container',
    ],
    ...[root!, [...below, '/'].join(':'), upper, work!, cwd, user ?? '', isReadOnly ? 'yes' : ''],
    ...Object.entries(volumes).flatMap(([path, source]) => [source, path]),
    '--',
    ...command,
  ];
}

/**
 * A file system of its own, for folders that are laid over that of this machine: they may not be part of it.
 * @returns where it is mounted
 */
export function mountWorkshop(): string {
  const folder = mkdtempSync(join(tmpdir(), 'roundhouse-image-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3g,mode=755', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
}

export function unmountWorkshop(folder: string): void {
  execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
}

/** Why no program can be run so here; undefined when it can. */
export function whyNoNamespaces(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can mount file systems';
  if (!existsSync('/usr/bin/apt-get')) return 'its last stage is laid over this machine, which is no Debian';
  let folder: string | undefined;
  try {
    folder = mountWorkshop();
    const layers = ['upper', 'lower'].map((name) => join(folder!, name));
    for (const layer of layers) mkdirSync(layer);
    const inside = { layers, cwd: '/', user: '65532:65532', isReadOnly: true, volumes: {} };
    const [program = '', ...args] = commandInside(folder, inside, ['true']);
    execFileSync(program, args, { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'unshare, overlayfs or setpriv do not work here';
  } finally {
    if (folder) unmountWorkshop(folder);
  }
}
