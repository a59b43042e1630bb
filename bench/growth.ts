import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { createApi } from '../src/api-application.js';
import { loadConfig } from '../src/config/index.js';
import { startEmbeddedPostgres } from '../src/database/embedded/index.js';
import { migrateDatabase } from '../src/migrate.js';
import { Keys, Mender, QueueService, Retention } from '../src/queue/index.js';

/**
 * A month of work, one day after the other without a pause: every day so many jobs come, run and end, and those of the
 * day that is `retention` days back are deleted. Prints how large tables and indexes are at the end of each day.
 * Autovacuum has seconds for what it has a day for elsewhere, so the sizes are those of a bad case.
 */
const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '30' },
    jobs: { type: 'string', default: '20000' },
    retention: { type: 'string', default: '7' },
  },
});
const days = Number(values.days);
const jobsPerDay = Number(values.jobs);
const retention = Number(values.retention);
const BATCH = 500;
const DAY_MS = 86_400_000;

const SIZES = `
  SELECT n.nspname || '.' || c.relname AS name, c.relkind = 'i' AS "isIndex", pg_relation_size(c.oid)::float8 / 1048576 AS mib
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('public', 'pgboss') AND c.relkind IN ('r', 'i')`;

interface Size {
  readonly name: string;
  readonly isIndex: boolean;
  readonly mib: number;
}

const home = await mkdtemp(join(tmpdir(), 'roundhouse-growth-'));
const server = await startEmbeddedPostgres({
  home,
  log: () => undefined,
  settings: { autovacuum_naptime: '1s' },
});
try {
  // A key outlives its job by a minute, not by a week.
  Object.assign(process.env, { DATABASE_URL: server.url, IDEMPOTENCY_TTL: '60', LOG_LEVEL: 'silent' });
  const config = loadConfig();
  await migrateDatabase(config);
  const api = await createApi(config);
  await api.init();
  const client = new pg.Client(server.url);
  client.on('error', () => undefined);
  await client.connect();
  const parts = [QueueService, Keys, Retention, Mender] as const;
  const [queue, keys, old, mender] = parts.map((part) => api.get(part as never, { strict: false })) as [
    QueueService,
    Keys,
    Retention,
    Mender,
  ];
  const ends: number[] = [];
  const history: Map<string, Size>[] = [];
  let mended = 0;
  for (let day = 1; day <= days; day++) {
    for (let done = 0; done < jobsPerDay; done += BATCH)
      await work(queue, done, Math.min(BATCH, jobsPerDay - done));
    ends.push(Date.now());
    const end = ends[day - retention - 1];
    if (end !== undefined)
      while (
        (await patiently(() =>
          old.purge(['COMPLETED', 'CANCELLED', 'FAILED'], (Date.now() - end) / DAY_MS),
        )) > 0
      );
    for (let round = 0; round < 4; round++) await keys.sweep();
    mended += await mender.mend();
    const { rows } = await client.query<Size>(SIZES);
    history.push(new Map(rows.map((row) => [row.name, row])));
    const { rows: counted } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM jobs');
    console.log(`day ${day}: ${counted[0]?.n} jobs, ${summary([...(history.at(-1)?.values() ?? [])])}`);
  }
  console.log(`mended ${mended}`);
  compare(history[retention] ?? new Map(), history.at(-1) ?? new Map());
  await client.end();
  await api.close();
} finally {
  await server.stop();
  await rm(home, { recursive: true, force: true });
}

/** One in fifty fails for good, one in ten has a lock, one in twenty a key; one in ten is given back once. */
async function work(queue: QueueService, from: number, count: number): Promise<void> {
  const jobs = Array.from({ length: count }, (_, index) => ({
    type: 'echo',
    payload: { number: from + index, filler: 'x'.repeat(100) },
    ...(index % 10 === 0 ? { lock: `lock ${index % 50}` } : {}),
    ...(index % 20 === 1 ? { idempotency: { key: randomUUID(), fingerprint: 'f' } } : {}),
  }));
  await patiently(() => queue.enqueue(jobs));
  const claimant = { workerId: randomUUID() };
  for (;;) {
    const claimed = await patiently(() => queue.claim('default', BATCH, claimant));
    if (claimed.length === 0) return;
    const outcomes = claimed.map((claim, index) => ({ claim, outcome: outcomeOf(index, claim.attempts) }));
    await patiently(() => queue.settle(outcomes));
  }
}

/** On a machine that has other things to do a statement may be cut off; all of these may be made again. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === 10) throw error;
    }
  }
}

function outcomeOf(index: number, attempt: number) {
  if (attempt === 1 && index % 10 === 3) return { kind: 'released' } as const;
  if (index % 50 === 7)
    return { kind: 'failed', error: { name: 'Error', message: 'no' }, permanent: true } as const;
  return { kind: 'completed', result: { number: index } } as const;
}

function summary(sizes: readonly Size[]): string {
  const sum = (wanted: (size: Size) => boolean) =>
    sizes
      .filter(wanted)
      .reduce((total, { mib }) => total + mib, 0)
      .toFixed(1);
  const tables = [
    'public.jobs',
    'public.job_events',
    'public.job_keys',
    'public.job_locks',
    'pgboss.job_common',
  ];
  const each = tables.map((table) => `${table} ${sum(({ name }) => name === table)}`);
  return `MiB: ${each.join(', ')}, indexes ${sum(({ isIndex }) => isIndex)}, all ${sum(() => true)}`;
}

/** What has grown since the first day on which as much was deleted as came. */
function compare(before: ReadonlyMap<string, Size>, after: ReadonlyMap<string, Size>): void {
  const rows = [...after.values()]
    .filter(({ mib }) => mib >= 0.5)
    .sort((a, b) => b.mib - a.mib)
    .map(({ name, mib }) => ({
      name,
      [`day ${retention + 1}`]: round(before.get(name)?.mib ?? 0),
      [`day ${days}`]: round(mib),
    }));
  console.table(rows);
}

function round(mib: number): number {
  return Number(mib.toFixed(1));
}
