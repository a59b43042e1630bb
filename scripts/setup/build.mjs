import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, explainWriteError } from './errors.mjs';
import { PINNED_NODE, ROOT, inRoot } from './paths.mjs';
import { runProgram } from './program.mjs';
import { showProgress } from './progress.mjs';

/** What is compiled, as far as it exists. */
const SOURCES = ['src', 'migrations', 'ormconfig.ts'];

/** What decides how it is compiled. */
const SETTINGS = ['.swcrc', 'package-lock.json'];

const DIST = inRoot('dist');
const STAMP = join(DIST, '.build-stamp');
const DRAFT_PREFIX = '.dist-';

/** Whether dist was built from the sources as they are now; their contents decide, not their dates. */
export function buildIsCurrent() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint();
}

/** Builds beside dist and puts the result in its place, so that a failure leaves the old one. */
export async function build() {
  const stamp = fingerprint();
  const draft = inRoot(`${DRAFT_PREFIX}${process.pid}`);
  try {
    sweepDrafts();
    await showProgress('Building', () => compile(draft));
    writeFileSync(join(draft, '.build-stamp'), stamp);
    putInPlace(draft);
  } catch (error) {
    throw explainWriteError(error, 'the folder dist');
  } finally {
    sweepDrafts();
  }
}

async function compile(draft) {
  const swc = inRoot('node_modules', '@swc', 'cli', 'bin', 'swc.js');
  const args = [...existing(SOURCES), '-d', draft, '--ignore', '**/*.spec.ts', '--quiet'];
  const { code, output } = await runProgram(PINNED_NODE, [swc, ...args]);
  if (code === 0 && existsSync(draft)) return;
  throw new SetupError('The build failed: mend what the lines above say and run the command again.', {
    details: readable(output),
  });
}

/** The compiler's faults without the stack of its own program that it writes below each. */
function readable(output) {
  const isStack = (line) => /^\s*(\d+: |at |Caused by:|Syntax Error$|Stack backtrace:)/.test(line);
  const lines = output.split('\n').filter((line) => !isStack(line));
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd();
}

function putInPlace(draft) {
  const old = inRoot(`${DRAFT_PREFIX}old-${process.pid}`);
  if (existsSync(DIST)) renameSync(DIST, old);
  renameSync(draft, DIST);
}

/** Also those of builds that were killed: whoever builds holds the lock, so nobody else uses one. */
function sweepDrafts() {
  for (const name of readdirSync(ROOT)) {
    if (name.startsWith(DRAFT_PREFIX)) rmSync(inRoot(name), { recursive: true, force: true });
  }
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const path of existing([...SOURCES, ...SETTINGS]).flatMap(filesUnder)) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(inRoot(path)))
      .update('\0');
  }
  return `${hash.digest('hex')}\n`;
}

function existing(names) {
  return names.filter((name) => existsSync(inRoot(name)));
}

function filesUnder(name) {
  if (!statSync(inRoot(name)).isDirectory()) return [name];
  return readdirSync(inRoot(name), { recursive: true })
    .map((path) => join(name, path))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .sort();
}
