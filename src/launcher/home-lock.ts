import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartRefusedError } from './start-refused.error.js';
import { startOf } from './process-start.js';

const LOOK_AGAIN_MS = 10;

/** One launcher's file: `launcher-<pid>-<start>.lock`, empty at first, `running` once it has the home. */
interface Claim {
  readonly path: string;
  readonly pid: number;
  readonly start: string;
}

/**
 * Takes a home for this launcher alone. Every launcher has a file of its own, named after its process id
 * and start time: a dead one's file can be told and removed at any moment, and nobody ever removes a
 * living one's. A launcher first writes its file and then looks for others; whoever runs already, or else
 * the older one, stays.
 * @returns the function that gives the home back
 * @throws StartRefusedError when another launcher has it
 */
export async function lockHome(home: string): Promise<() => void> {
  const own = claimOf(home, process.pid, startOf(process.pid) ?? '0');
  write(own, home);
  try {
    await untilAlone(home, own);
    writeFileSync(own.path, 'running\n');
  } catch (error) {
    rmSync(own.path, { force: true });
    throw error;
  }
  return () => rmSync(own.path, { force: true });
}

async function untilAlone(home: string, own: Claim): Promise<void> {
  for (;;) {
    const others = livingClaims(home).filter(({ path }) => path !== own.path);
    if (others.length === 0) return;
    const winner = others.find((other) => isRunning(other) || isOlder(other, own));
    if (winner) {
      throw new StartRefusedError(
        `Roundhouse is already running in ${home} (process ${winner.pid}): use that one, stop it with "kill ${winner.pid}", or set ROUNDHOUSE_HOME to another folder.`,
      );
    }
    // A younger one that has not decided yet: it sees us and goes, or had seen nobody and runs.
    await delay(LOOK_AGAIN_MS);
  }
}

function livingClaims(home: string): Claim[] {
  const claims = readdirSync(home)
    .map((name) => name.match(/^launcher-(\d+)-(.+)\.lock$/))
    .filter((match) => match !== null)
    .map(([, pid, start = '']) => claimOf(home, Number(pid), start));
  const living = claims.filter(isAlive);
  for (const claim of claims) {
    if (!living.includes(claim)) rmSync(claim.path, { force: true });
  }
  return living;
}

function isAlive(claim: Claim): boolean {
  return startOf(claim.pid) === claim.start;
}

function claimOf(home: string, pid: number, start: string): Claim {
  return { path: join(home, `launcher-${pid}-${start}.lock`), pid, start };
}

function write(claim: Claim, home: string): void {
  try {
    mkdirSync(home, { recursive: true });
    writeFileSync(claim.path, '');
  } catch (cause) {
    throw new StartRefusedError(
      `Nothing can be written in ${home} (${(cause as Error).message}): set ROUNDHOUSE_HOME to a folder you may write to.`,
      { cause },
    );
  }
}

function isRunning(claim: Claim): boolean {
  try {
    return readFileSync(claim.path, 'utf8').startsWith('running');
  } catch {
    return false;
  }
}

function isOlder(one: Claim, other: Claim): boolean {
  return one.start === other.start
    ? one.pid < other.pid
    : one.start.localeCompare(other.start, 'en', { numeric: true }) < 0;
}
