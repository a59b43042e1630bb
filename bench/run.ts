import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/database/embedded/index.js';
import { RemoteSubject } from './subject.js';

/**
 * Roundhouse beside bare pg-boss: the same machine, the same server, interleaved rounds. Absolute times say
 * little on a shared machine; the ratio of a pair of neighbouring runs says something.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    jobs: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '5' },
  },
});
const rounds = Number(values.rounds);
const jobs = Number(values.jobs);
const seconds = Number(values.seconds);
const LATENCY_SAMPLES = 200;

const NAMES = ['roundhouse', 'pg-boss'] as const;
type Name = (typeof NAMES)[number];

interface Round {
  readonly submissionsPerSecond: number;
  readonly drainedPerSecond: number;
  readonly p50: number;
  readonly p99: number;
}

const home = await mkdtemp(join(tmpdir(), 'roundhouse-bench-'));
const server = await startEmbeddedPostgres({ home, log: () => undefined });
try {
  const results: Record<Name, Round[]> = { roundhouse: [], 'pg-boss': [] };
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? NAMES : NAMES.toReversed();
    for (const name of order) results[name].push(await measure(name));
    console.log(`round ${round + 1} of ${rounds} done`);
  }
  report(results);
} finally {
  await server.stop();
  await rm(home, { recursive: true, force: true });
}

async function measure(name: Name): Promise<Round> {
  return {
    submissionsPerSecond: await onFreshDatabase(name, async (subject) =>
      submissions(await subject.ask('serve')),
    ),
    drainedPerSecond: await onFreshDatabase(name, async (subject) => {
      await subject.ask('preload', jobs);
      return (jobs / (await subject.ask('drain', jobs))) * 1000;
    }),
    ...(await onFreshDatabase(name, async (subject) =>
      percentiles(await subject.ask('latencies', LATENCY_SAMPLES)),
    )),
  };
}

async function onFreshDatabase<T>(name: Name, work: (subject: RemoteSubject) => Promise<T>): Promise<T> {
  const client = new pg.Client(server.url);
  await client.connect();
  await client.query('DROP DATABASE IF EXISTS bench WITH (FORCE)');
  await client.query('CREATE DATABASE bench');
  await client.end();
  const url = new URL(server.url);
  url.pathname = '/bench';
  const subject = RemoteSubject.start(name, url.href);
  try {
    await subject.ask('prepare');
    return await work(subject);
  } finally {
    await subject.end();
  }
}

async function submissions(url: string): Promise<number> {
  const { requests, non2xx, errors } = await autocannon({
    url: `${url}/jobs`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ payload: { hello: 'world', filler: 'x'.repeat(60) } }),
    connections: 64,
    duration: seconds,
  });
  if (non2xx + errors > 0) throw new Error(`${non2xx} answers were not 2xx, ${errors} requests failed`);
  return requests.average;
}

function percentiles(times: number[]): { p50: number; p99: number } {
  const sorted = times.slice(20).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

function report(results: Record<Name, Round[]>): void {
  const cpu = cpus()[0]?.model ?? 'unknown processor';
  console.log(
    `\n${availableParallelism()} cores (${cpu}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  );
  console.log(`Medians of ${rounds} interleaved rounds; each ratio is the median of the rounds' ratios.\n`);
  const rows = (
    [
      ['HTTP submissions/s, 64 connections', 'submissionsPerSecond'],
      [`jobs/s drained, ${jobs} no-op jobs, one worker`, 'drainedPerSecond'],
      ['submit → start, idle, p50 (ms)', 'p50'],
      ['submit → start, idle, p99 (ms)', 'p99'],
    ] as const
  ).map(([label, key]) => {
    const ours = results.roundhouse.map((round) => round[key]);
    const theirs = results['pg-boss'].map((round) => round[key]);
    const ratios = ours.map((value, index) => value / (theirs[index] ?? NaN));
    return {
      measure: label,
      roundhouse: rounded(median(ours), 1),
      'pg-boss': rounded(median(theirs), 1),
      ratio: rounded(median(ratios), 2),
    };
  });
  console.table(rows);
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
