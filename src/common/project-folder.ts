import { existsSync } from 'node:fs';

/** The nearest folder with a package.json, from `folder` upwards: compiled files lie deeper than their sources. */
export function projectFolder(folder: URL): URL {
  return existsSync(new URL('package.json', folder)) ? folder : projectFolder(new URL('..', folder));
}
