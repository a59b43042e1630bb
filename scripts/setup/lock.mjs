import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { explainWriteError } from './errors.mjs';
import { inRoot } from './paths.mjs';

const FOLDER = inRoot('.roundhouse');
const LOOK_AGAIN_MS = 50;
const NOTICE_AFTER_MS = 1_000;

/**
 * Lets one set-up work at a time (Lamport's bakery, with files). Each has a file of its own, named after
 * its process id and start time, so a dead one's can be told and nobody removes a living one's. Whoever
 * wants the lock says `choosing` before it looks at the others; the older goes first.
 * @returns {Promise<() => void>} gives the lock back
 */
export async function lockSetup() {
  const own = `setup-${process.pid}-${startOf(process.pid) ?? 0}.lock`;
  const say = (state) => writeFileSync(pathOf(own), state);
  const unlock = () => rmSync(pathOf(own), { force: true });
  try {
    mkdirSync(FOLDER, { recursive: true });
    say('choosing');
  } catch (error) {
    throw explainWriteError(error, `the folder ${FOLDER}`);
  }
  try {
    await untilFirst(own, say);
  } catch (error) {
    unlock();
    throw error;
  }
  return unlock;
}

async function untilFirst(own, say) {
  const startedAt = performance.now();
  let wasNoticed = false;
  for (;;) {
    say('choosing');
    const others = livingOthers(own);
    const ahead = others.find((other) => stateOf(other) === 'working' || isOlder(other, own));
    if (!ahead && others.every((other) => stateOf(other) === 'waiting')) return say('working');
    if (ahead) say('waiting');
    if (ahead && !wasNoticed && performance.now() - startedAt > NOTICE_AFTER_MS) {
      console.log(`Waiting for another set-up of this folder (process ${partsOf(ahead).pid}) …`);
      wasNoticed = true;
    }
    await delay(LOOK_AGAIN_MS * (0.5 + Math.random()));
  }
}

function livingOthers(own) {
  const others = readdirSync(FOLDER).filter((name) => name !== own && /^setup-\d+-.+\.lock$/.test(name));
  const living = others.filter((name) => startOf(partsOf(name).pid) === partsOf(name).start);
  for (const name of others) if (!living.includes(name)) rmSync(pathOf(name), { force: true });
  return living;
}

function stateOf(name) {
  try {
    return readFileSync(pathOf(name), 'utf8') || 'choosing';
  } catch {
    // Finished in the meantime.
    return 'waiting';
  }
}

function isOlder(one, other) {
  const [a, b] = [partsOf(one), partsOf(other)];
  return a.start === b.start ? a.pid < b.pid : a.start.localeCompare(b.start, 'en', { numeric: true }) < 0;
}

function partsOf(name) {
  const [, pid, start] = name.match(/^setup-(\d+)-(.+)\.lock$/);
  return { pid: Number(pid), start };
}

function pathOf(name) {
  return inRoot('.roundhouse', name);
}

/** When a process started, in the kernel's own words; undefined when it doesn't run. */
function startOf(pid) {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return stdout?.trim().replaceAll(/[ :]+/g, '-') || undefined;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : fields[18];
  } catch {
    return undefined;
  }
}
