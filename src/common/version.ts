import { readFileSync } from 'node:fs';

/** The nearest package.json above: the compiled file lies deeper than the source. */
function readVersion(folder: URL): string {
  try {
    const { version } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as {
      version: string;
    };
    return version;
  } catch {
    return readVersion(new URL('..', folder));
  }
}

/** The version of this build. */
export const version = readVersion(new URL('.', import.meta.url));
