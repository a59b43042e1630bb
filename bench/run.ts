import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { messageOf } from '../src/common/index.js';
import { Progress } from './progress.js';
import { redisVersion, startRedis } from './redis.js';
import { cpuPerJob, figure, judge, machine, medians } from './report.js';
import { type Place, type Result, measure } from './round.js';
import { type BenchServer, withServer } from './server.js';
import { SUBJECTS, type SubjectName } from './subjects.js';
import { writeDocs } from './write-docs.js';

/**
 * Roundhouse beside others: the same machine, the same server at full durability, interleaved rounds. Absolute figures
 * say little on a shared machine; the ratio of two that were taken within a minute says something.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    full: { type: 'boolean', default: false },
    only: { type: 'string', default: Object.keys(SUBJECTS).join(',') },
  },
});

/** Fewer are no basis for what is published. */
const FEWEST_ROUNDS = 5;

const rounds = Number(values.rounds ?? (values.full ? FEWEST_ROUNDS : 2));
const folder = fileURLToPath(new URL('../../bench', import.meta.url));

installPeers();
const redisIs = redisVersion();
const names = (values.only.split(',') as SubjectName[]).filter((name) => name !== 'bullmq-redis' || redisIs);
if (!redisIs)
  console.log('BullMQ on Redis is left out: there is no redis-server (apt-get install redis-server)');

const redis = names.includes('bullmq-redis') ? await startRedis() : undefined;
try {
  await withServer(async (server) => {
    const results = new Map<SubjectName, Result[]>(names.map((name) => [name, []]));
    const progress = new Progress(rounds * names.length);
    for (let round = 0; round < rounds; round++) {
      for (const name of turned(names, round)) {
        progress.begin(`round ${round + 1} of ${rounds}: ${SUBJECTS[name].label}`);
        results.get(name)?.push(await measureTwiceAtMost(name, server));
      }
    }
    progress.end();
    print(results);
    if (rounds >= FEWEST_ROUNDS && names.length >= Object.keys(SUBJECTS).length - 1)
      writeDocs(results, machine(versions()));
  });
} finally {
  await redis?.stop();
}
if (values.full) {
  await import('./load.js');
  await import('./size.js');
}

/** Nobody always comes first. */
function turned<T>(all: readonly T[], by: number): T[] {
  const start = by % all.length;
  return [...all.slice(start), ...all.slice(0, start)];
}

/** A machine that stands still for seconds makes anybody fail; who fails again is at fault. */
async function measureTwiceAtMost(name: SubjectName, server: BenchServer): Promise<Result> {
  try {
    return await measure(name, await placeFor(name, server));
  } catch (error) {
    console.log(`${SUBJECTS[name].label} failed and is measured again: ${messageOf(error)}`);
    return measure(name, await placeFor(name, server));
  }
}

async function placeFor(name: SubjectName, server: BenchServer): Promise<Place> {
  const ownServer = SUBJECTS[name].server === 'redis' ? redis?.pid : server.pid;
  return {
    databaseUrl: await server.freshDatabase(),
    redisUrl: redis?.url ?? '',
    serverPid: ownServer ?? server.pid,
  };
}

function installPeers(): void {
  if (existsSync(join(folder, 'node_modules', '.package-lock.json'))) return;
  console.log('Installing what Roundhouse is measured beside …');
  const { status } = spawnSync('npm', ['install', '--no-package-lock', '--ignore-scripts'], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('npm install failed in bench/');
}

function versions(): Record<string, string> {
  const peers = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const { version } = createRequire(import.meta.url)('pg-boss/package.json') as { version: string };
  return {
    Node: process.versions.node,
    'pg-boss': version,
    'graphile-worker': peers.dependencies['graphile-worker'] ?? '',
    BullMQ: peers.dependencies.bullmq ?? '',
    ...(redisIs ? { Redis: redisIs } : {}),
  };
}

function print(results: Map<SubjectName, Result[]>): void {
  console.log(`\n${machine(versions())}; medians of ${rounds} interleaved rounds\n`);
  const columns = (values: ReadonlyMap<SubjectName, unknown>, show: (value: never) => string) =>
    Object.fromEntries([...values].map(([name, value]) => [SUBJECTS[name].label, show(value as never)]));
  console.table(
    medians(results).map(({ measure: { label, unit }, values: of }) => ({
      [unit]: label,
      ...columns(of, figure),
    })),
  );
  console.log('Processor time of a job (µs): server + process');
  console.table(
    cpuPerJob(results).map(({ measure: { label }, values: of }) => ({
      measure: label,
      ...columns(
        of,
        ({ server: s, process: p }: { server: number; process: number }) => `${figure(s)} + ${figure(p)}`,
      ),
    })),
  );
  console.table(
    judge(results).map(({ label, wanted, reached, isReached }) => ({
      label,
      wanted,
      reached,
      '': isReached ? '✓' : '✗',
    })),
  );
}
