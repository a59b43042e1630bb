import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { RunningProgram } from '../running-program.js';
import type { Image } from './build.js';
import { commandInside } from './namespace.js';

/** How a container differs from its image. */
interface Changes {
  readonly env?: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  /** Folders on this machine, by where they are mounted. */
  readonly volumes?: Readonly<Record<string, string>>;
}

/** A folder that starts, as a volume does, with what the image has at its place. */
export function newVolume({ folder, layers }: Image, path: string): string {
  const volume = join(mkdtempSync(join(folder, 'volume-')), 'data');
  const original = layers.map((layer) => join(layer, path)).find((each) => existsSync(each));
  if (!original) throw new Error(`The image has no folder ${path}, so its volume would belong to root`);
  execFileSync('chmod', ['755', dirname(volume)]);
  execFileSync('cp', ['-a', original, volume]);
  return volume;
}

/**
 * Runs an image as the settings in docker/ ask for it: process 1 in its own file system, which is read-only but for /tmp and
 * the volumes, as the image's user, without capabilities and ways to new ones.
 */
export function runContainer(
  image: Image,
  command: readonly string[],
  changes: Changes = {},
): RunningProgram {
  const { env = {}, entrypoint = image.entrypoint, volumes = {} } = changes;
  const upper = mkdtempSync(join(image.folder, 'container-'));
  mkdirSync(join(upper, 'tmp'));
  execFileSync('chmod', ['755', upper]);
  const { cwd, user } = image;
  const inside = { layers: [upper, ...image.layers], cwd, user, isReadOnly: true, volumes };
  const whole = commandInside(image.folder, inside, [...entrypoint, ...command]);
  return RunningProgram.of(whole, { ...image.env, ...env });
}
