import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { SetupError, explainWriteError } from './errors.mjs';
import { explainNpmFailure } from './npm-failure.mjs';
import { PINNED_NODE, inRoot } from './paths.mjs';
import { runProgram } from './program.mjs';
import { showProgress } from './progress.mjs';

const LOCKFILE = inRoot('package-lock.json');
const STAMP = inRoot('node_modules', '.roundhouse-install');

/** What npm writes into node_modules when it has finished: the packages that are really there. */
const NPM_RECORD = inRoot('node_modules', '.package-lock.json');

/** With some errors npm writes its help for the command, below what matters. */
const NPM_HELP = /^npm error Clean install a project$/m;
const SHOWN_LINES = 40;

/** Whether node_modules holds what package-lock.json asks for, on this platform. */
export function installIsCurrent() {
  if (!existsSync(PINNED_NODE)) return false;
  const wanted = wantedStamp();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return true;
  if (!npmRecordAgrees()) return false;
  // Somebody ran npm themselves; the stamp only saves the longer comparison next time.
  try {
    writeFileSync(STAMP, wanted);
  } catch {
    // A folder of somebody else: it can be used all the same.
  }
  return true;
}

/** Installs exactly what package-lock.json says. */
export async function install() {
  await showProgress('Installing dependencies', async () => {
    const { code, output } = await runNpm();
    if (code !== 0) throw new SetupError(explainNpmFailure(output), { details: readable(output) });
  });
  await checkPinnedNode();
  try {
    writeFileSync(STAMP, wantedStamp());
  } catch (error) {
    throw explainWriteError(error, 'into node_modules');
  }
}

function wantedStamp() {
  const lock = createHash('sha256').update(readFileSync(LOCKFILE)).digest('hex');
  return `${process.platform}-${process.arch} ${lock}\n`;
}

function npmRecordAgrees() {
  if (existsSync(STAMP) && !readFileSync(STAMP, 'utf8').startsWith(`${process.platform}-${process.arch} `))
    return false;
  try {
    const wanted = readPackages(LOCKFILE);
    const present = readPackages(NPM_RECORD);
    const isThere = ([path, { version, optional, peer }]) =>
      path === '' || (present[path] ? present[path].version === version : optional === true || peer === true);
    return Object.entries(wanted).every(isThere) && Object.keys(present).every((path) => path in wanted);
  } catch {
    return false;
  }
}

function readPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

function readable(output) {
  const [complaint = ''] = output.split(NPM_HELP);
  const lines = complaint.trimEnd().split('\n');
  // Several packages want a newer Node.js than the one that installs: they get it, the pinned one.
  return lines
    .filter((line) => !line.includes('EBADENGINE'))
    .slice(-SHOWN_LINES)
    .join('\n');
}

async function runNpm() {
  // npm removes the Node.js in node_modules while it works and must not run on it itself.
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== inRoot('node_modules', '.bin'));
  // With NODE_ENV=production npm would leave out what builds the project.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  try {
    return await runProgram('npm', args, { ...process.env, PATH: path.join(delimiter) });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new SetupError(
      'npm is not on the PATH: install Node.js with npm from https://nodejs.org and run the command again.',
    );
  }
}

/** Its install script fetches the program itself; npm can be told to skip such scripts. */
async function checkPinnedNode() {
  if (!existsSync(PINNED_NODE)) {
    throw new SetupError(
      'npm left out the Node.js this project pins, probably because of ignore-scripts: run "npm rebuild --ignore-scripts=false" and then the command again.',
    );
  }
  const { code } = await runProgram(PINNED_NODE, ['--version']).catch(() => ({ code: 1 }));
  if (code !== 0) {
    throw new SetupError(
      'The Node.js this project pins does not run on this system (on Linux it needs glibc 2.28 or newer): use another system or a container image with glibc.',
    );
  }
}
