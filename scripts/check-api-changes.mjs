// Compares openapi.json with that of the newest tag and refuses what would break callers, unless the version says so.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { apiBreaks, mayBreak } from './api-changes/api-breaks.mjs';

const FILE = 'openapi.json';

process.exit(check());

function check() {
  const tag = newestTag();
  if (tag === undefined) return pass(`There is no tag to compare ${FILE} with.`);
  const text = git('show', `${tag}:${FILE}`);
  if (text === undefined) return pass(`${tag} has no ${FILE} to compare with.`);
  const [before, after] = [JSON.parse(text), JSON.parse(readFileSync(FILE, 'utf8'))];
  const breaks = apiBreaks(before, after);
  if (breaks.length === 0) return pass(`${FILE} keeps all that ${tag} promised.`);
  const list = breaks.map((text) => `  ${text}\n`).join('');
  if (mayBreak(before.info.version, after.info.version))
    return pass(
      `${FILE} breaks what ${tag} promised, as version ${after.info.version} may:\n${list}`.trimEnd(),
    );
  process.stderr.write(
    `${FILE} breaks callers of ${tag}:\n${list}Keep it as it was, or say so with the version: docs/api-versions.md.\n`,
  );
  return 1;
}

/** Of the history of what is checked out; a shallow clone may have none. */
function newestTag() {
  const order = ['-c', 'versionsort.suffix=-', 'tag', '--sort=-version:refname'];
  const tags = git(...order, '--merged', 'HEAD', '--list', 'v[0-9]*', '[0-9]*') ?? '';
  return tags.split('\n')[0] || undefined;
}

/** What git says; undefined where it says no, or where there is no git. */
function git(...args) {
  try {
    const stdio = ['ignore', 'pipe', 'ignore'];
    return execFileSync('git', args, { encoding: 'utf8', stdio, maxBuffer: 64 * 1024 * 1024 });
  } catch {
    return undefined;
  }
}

function pass(text) {
  process.stdout.write(`${text}\n`);
  return 0;
}
