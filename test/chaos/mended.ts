import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Finding, fault } from './verdict/finding.js';

/** What a worker's log says when record and line did not fit together; in a sound system it never has to. */
const MENDED = /.*Mended \d+.*/g;

/** What had to be mended during the run, by the logs of all processes. */
export async function findMended(folder: string): Promise<Finding> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.log'));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return fault(
    'mended',
    texts.flatMap((text) => text.match(MENDED) ?? []),
  );
}
