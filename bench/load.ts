import { setTimeout as pause } from 'node:timers/promises';
import autocannon from 'autocannon';
import type { Client } from 'pg';
import { RemoteSubject } from './remote-subject.js';
import { SUBJECT_ENVIRONMENT } from './round.js';
import { type BenchServer, withClient, withServer } from './server.js';
import { SUBJECTS } from './subjects.js';
import { usageOf } from './usage.js';

/** One API process and one worker process, as they are run: what they make of a steady load, and what they cost at rest. */
const RATES = [500, 1_000, 2_000, 4_000];
const SECONDS = 10;
const REST_SECONDS = 20;
const DELAYED = 300;
const MILLION = 1_000_000;
const QUEUES = ['default', 'first', 'second', 'third', 'fourth'];

interface Pair {
  readonly url: string;
  readonly api: RemoteSubject;
  readonly worker: RemoteSubject;
  readonly client: Client;
}

async function withPair<T>(server: BenchServer, work: (pair: Pair) => Promise<T>): Promise<T> {
  const environment = { ...SUBJECT_ENVIRONMENT, DATABASE_URL: await server.freshDatabase() };
  const [api, worker] = [0, 1].map(() => RemoteSubject.start(SUBJECTS.roundhouse.file, environment)) as [
    RemoteSubject,
    RemoteSubject,
  ];
  try {
    await api.ask('prepare');
    const { result: url } = await api.ask('serve');
    await worker.ask('work');
    return await withClient(environment.DATABASE_URL, (client) => work({ url, api, worker, client }));
  } finally {
    await Promise.all([api.end(), worker.end()]);
  }
}

async function underLoad({ url, client }: Pair, rate: number) {
  const send = (seconds: number) =>
    autocannon({
      url: `${url}/jobs`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ payload: { hello: 'world', filler: 'x'.repeat(60) } }),
      connections: 64,
      overallRate: rate,
      duration: seconds,
    });
  await send(2);
  const { rows: begun } = await client.query<{ at: Date }>('SELECT clock_timestamp() AS at');
  const { latency, requests, non2xx, errors } = await send(SECONDS);
  await drained(client);
  const { rows } = await client.query<{ p50: number; p99: number }>(STARTS, [begun[0]?.at]);
  return {
    'submissions/s': rate,
    reached: Math.round(requests.average),
    refused: non2xx + errors,
    'answer p50': latency.p50,
    'answer p99': latency.p99,
    'start p50': Number(rows[0]?.p50.toFixed(1)),
    'start p99': Number(rows[0]?.p99.toFixed(1)),
  };
}

/** From the moment the database took the job to the one at which it was claimed. */
const STARTS = `
  SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::float8 AS p50,
         percentile_cont(0.99) WITHIN GROUP (ORDER BY ms)::float8 AS p99
  FROM (SELECT extract(epoch FROM started_at - created_at) * 1000 AS ms FROM jobs WHERE created_at >= $1) AS starts`;

async function lateness({ url, client }: Pair) {
  const submit = (delay: number) =>
    fetch(`${url}/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ payload: {}, schedule_in: delay }),
    });
  // The first time, code is compiled.
  for (const _ of ['warm-up', 'measured']) {
    await client.query('TRUNCATE jobs');
    await Promise.all(Array.from({ length: DELAYED }, (_, index) => submit(2 + index * 0.02)));
    await drained(client);
  }
  const { rows } = await client.query<{ p50: number; p99: number }>(LATENESS);
  return rows.map(({ p50, p99 }) => ({ p50: Number(p50.toFixed(1)), p99: Number(p99.toFixed(1)) }));
}

const LATENESS = `
  SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::float8 AS p50,
         percentile_cont(0.99) WITHIN GROUP (ORDER BY ms)::float8 AS p99
  FROM (SELECT extract(epoch FROM started_at - scheduled_at) * 1000 AS ms FROM jobs) AS starts`;

async function atRest({ url, api, worker, client }: Pair) {
  for (const queue of QUEUES)
    await fetch(`${url}/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ payload: {}, queue }),
    });
  await drained(client);
  await pause(5_000);
  const before = {
    statements: await transactions(client),
    usage: [api, worker].map(({ pid }) => usageOf(pid)),
  };
  await pause(REST_SECONDS * 1_000);
  const statements = await transactions(client);
  return [api, worker].map(({ pid }, index) => {
    const { cpuMs, rssMib } = usageOf(pid);
    const used = cpuMs - (before.usage[index]?.cpuMs ?? NaN);
    return {
      process: ['API', 'worker'][index],
      'processor (%)': Number((used / (REST_SECONDS * 10)).toFixed(2)),
      'memory (MiB)': Math.round(rssMib),
      'transactions/s of both': Number(((statements - before.statements) / REST_SECONDS).toFixed(1)),
    };
  });
}

async function aMillion({ api, worker, client }: Pair) {
  const rows = [];
  for (let done = 0; done <= MILLION; done += MILLION / 10) {
    if (done > 0) {
      await api.ask('submitInBulk', MILLION / 10);
      await drained(client);
    }
    rows.push({
      jobs: done,
      'API (MiB)': Math.round(usageOf(api.pid).rssMib),
      'worker (MiB)': Math.round(usageOf(worker.pid).rssMib),
    });
  }
  return rows;
}

async function drained(client: Client): Promise<void> {
  for (;;) {
    const { rowCount } = await client.query(
      `SELECT FROM jobs WHERE status IN ('PENDING', 'PROCESSING') LIMIT 1`,
    );
    if (rowCount === 0) return;
    await pause(100);
  }
}

async function transactions(client: Client): Promise<number> {
  const { rows } = await client.query<{ n: string }>(
    'SELECT xact_commit + xact_rollback AS n FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(rows[0]?.n);
}

await withServer(async (server) => {
  const rows = [];
  for (const rate of RATES) rows.push(await withPair(server, (pair) => underLoad(pair, rate)));
  console.log(`A steady load over HTTP for ${SECONDS} s, a worker beside it (ms)`);
  console.table(rows);
  console.log(`${DELAYED} jobs with a delay, one every 20 ms: how late they start (ms)`);
  console.table(await withPair(server, lateness));
  console.log(`At rest, ${QUEUES.length} queues, ${REST_SECONDS} s`);
  console.table(await withPair(server, atRest));
  console.log('A million jobs, one after the other');
  console.table(await withPair(server, aMillion));
});
