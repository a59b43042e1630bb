import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type pg from 'pg';
import { createApi } from '../src/api-application.js';
import { loadConfig } from '../src/config/index.js';
import { Postgres } from '../src/database/index.js';
import { toJobFilter } from '../src/jobs/list/job-filter.js';
import { selectStretch } from '../src/jobs/list/list.sql.js';
import { migrateDatabase } from '../src/migrate.js';
import { QueueService } from '../src/queue/index.js';
import { withClient, withServer } from './server.js';

/**
 * What the size of the tables costs: the same calls with a thousand jobs in them, and after millions have come. A call
 * that takes longer then, grows.
 */
const { values } = parseArgs({
  strict: false,
  options: {
    jobs: { type: 'string', default: '5000000' },
    only: { type: 'string', default: '' },
    explain: { type: 'boolean', default: false },
  },
});
const MANY = Number(values.jobs);
const CALLS = 60;
const FEW = 1_000;
const CLAIMED = 10;

/** Median and 99th percentile (ms) of each call. */
type Figures = Map<string, readonly [p50: number, p99: number]>;

interface Scenario {
  readonly name: string;
  /** Jobs it fills in, when it is another number than what was asked for. */
  readonly jobs?: number;
  fill(site: Site, from: number, to: number): Promise<void>;
}

interface Site {
  readonly client: pg.Client;
  readonly queue: QueueService;
  readonly api: NestFastifyApplication;
}

/** Rows as the product would have left them, without their history: the calls do not read it. */
const FILL = (status: string, more: { scheduled?: string; priority?: number } = {}) => `
  INSERT INTO jobs (id, type, queue, status, priority, payload, max_attempts, base_max_attempts, attempts, scheduled_at,
                    ticketed, started_at, finished_at, last_event)
  SELECT (lpad(to_hex(1700000000000 + n), 12, '0') || '7000800000000000' || lpad(to_hex(n % 65536), 4, '0'))::uuid,
         'type ' || n % 5, CASE WHEN n % 2 = 0 THEN 'default' ELSE 'second' END, '${status}', ${more.priority ?? 5},
         jsonb_build_object('n', n, 'filler', repeat('x', 100)), 3, 3, ${status === 'PENDING' ? 0 : 1},
         ${more.scheduled ?? "now() - interval '1 hour'"}, ${status === 'PENDING' && !more.scheduled},
         ${status === 'PENDING' ? 'NULL, NULL' : "now() - interval '2 hours', now() - interval '2 hours'"},
         '${status === 'PENDING' ? 'submitted' : 'completed'}'
  FROM generate_series($1::bigint, $2::bigint) n`;

const FILL_LINE = `
  INSERT INTO pgboss.job (id, name, priority, start_after, created_on, keep_until, group_id, policy, expire_seconds,
                          deletion_seconds, retry_limit, retry_delay, retry_backoff)
  SELECT j.id, j.queue, 12, j.scheduled_at, now(), now() + interval '10 years', j.type, 'standard', 900, 0, 0, 0, false
  FROM jobs j WHERE j.ticketed AND j.id BETWEEN $1 AND $2`;

const SCENARIOS: readonly Scenario[] = [
  { name: 'waiting', fill: (site, ...range) => fill(site, FILL('PENDING'), range, true) },
  {
    name: 'due tomorrow, of higher priority',
    fill: (site, ...range) =>
      fill(site, FILL('PENDING', { scheduled: "now() + interval '1 day'", priority: 1 }), range),
  },
  { name: 'completed', fill: (site, ...range) => fill(site, FILL('COMPLETED'), range) },
  { name: 'behind locks', jobs: 100_000, fill: ({ queue }, from, to) => fillLocks(queue, from, to) },
];

const LOCKS = 10_000;

/** Lists whose plans are shown. */
const LISTS = [{}, { status: 'COMPLETED' }, { type: 'echo' }, { queue: 'second' }] as const;

/** Jobs settled while a snapshot from before them is held, and those of the first and the last part. */
const PINNED = 60_000;
const PINNED_PART = 10_000;

for (const scenario of SCENARIOS.filter(({ name }) => name.startsWith(String(values.only))))
  await run(scenario);
if (values.only === '' || values.only === 'pinned') await pinned();

async function run({ name, fill: fillUp, jobs = MANY }: Scenario): Promise<void> {
  await withServer(async ({ url }) => {
    await withSite(url, async (site) => {
      await submit(site.queue, FEW);
      // The engine must know a queue before tickets are put into it behind its back.
      await site.queue.enqueue([{ type: 'echo', payload: {}, queue: 'second' }]);
      await fillUp(site, 1, FEW);
      await site.client.query('VACUUM ANALYZE');
      const before = await figures(site);
      console.log(`${name}: filling up with ${jobs.toLocaleString('en-US')} jobs …`);
      await fillUp(site, FEW + 1, FEW + jobs);
      await site.client.query('VACUUM ANALYZE');
      await submit(site.queue, FEW);
      report(`${jobs.toLocaleString('en-US')} more that are ${name}`, before, await figures(site));
      if (values.explain) await explain(site);
    });
  });
}

async function withSite(url: string, work: (site: Site) => Promise<void>): Promise<void> {
  Object.assign(process.env, { DATABASE_URL: url, LOG_LEVEL: 'error', PORT: '0' });
  const config = loadConfig();
  await migrateDatabase(config);
  const api = await createApi(config);
  await api.init();
  await api.getHttpAdapter().getInstance().ready();
  try {
    await withClient(url, (client) => work({ client, queue: api.get(QueueService), api }));
  } finally {
    await api.close();
  }
}

async function fill(
  { client }: Site,
  statement: string,
  [first, last]: readonly [number, number],
  inLine = false,
): Promise<void> {
  const step = 250_000;
  for (let from = first; from <= last; from += step) {
    const to = Math.min(last, from + step - 1);
    await client.query(statement, [from, to]);
    const id = (n: number) => (1_700_000_000_000 + n).toString(16).padStart(12, '0');
    if (inLine)
      await client.query(FILL_LINE, [`${id(from)}70008000000000000000`, `${id(to)}7000800000000000ffff`]);
  }
}

async function fillLocks(queue: QueueService, from: number, to: number): Promise<void> {
  for (let done = from; done <= to; done += 1_000)
    await queue.enqueue(
      Array.from({ length: 1_000 }, (_, index) => ({
        type: 'echo',
        payload: { n: 1 },
        queue: 'locked',
        lock: `lock ${(done + index) % LOCKS}`,
      })),
    );
}

/** How much slower jobs go through while somebody holds a snapshot, so that nothing of what has ended can be cleaned up. */
async function pinned(): Promise<void> {
  await withServer(async ({ url }) => {
    await withSite(url, async ({ queue }) => {
      await submit(queue, 2_000);
      await drain(queue, 2_000);
      for (let done = 0; done < PINNED; done += 10_000) await submit(queue, 10_000);
      await withClient(url, async (holder) => {
        await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM jobs LIMIT 1');
        const first = await drain(queue, PINNED_PART);
        await drain(queue, PINNED - 2 * PINNED_PART);
        const last = await drain(queue, PINNED_PART);
        await holder.query('COMMIT');
        console.log(`\nBehind a pinned snapshot: ${PINNED.toLocaleString('en-US')} jobs`);
        console.table([
          {
            'first jobs/s': Math.round(first),
            'last jobs/s': Math.round(last),
            ratio: Number((last / first).toFixed(2)),
          },
        ]);
      });
    });
  });
}

/** Claims and ends so many jobs, some hundreds at a time. @returns jobs a second */
async function drain(queue: QueueService, jobs: number): Promise<number> {
  const startedAt = performance.now();
  const claimant = { workerId: randomUUID() };
  for (let done = 0; done < jobs;) {
    const claimed = await queue.claim('default', Math.min(200, jobs - done), claimant);
    if (claimed.length === 0) throw new Error('The line is shorter than it was made');
    await queue.settle(
      claimed.map((claim) => ({ claim, outcome: { kind: 'completed', result: null } as const })),
    );
    done += claimed.length;
  }
  return (jobs / (performance.now() - startedAt)) * 1_000;
}

async function submit(queue: QueueService, jobs: number): Promise<void> {
  await queue.enqueue(Array.from({ length: jobs }, () => ({ type: 'echo', payload: { n: 1 }, priority: 3 })));
}

async function figures({ queue, api }: Site): Promise<Figures> {
  const claimant = { workerId: randomUUID() };
  const result: Figures = new Map();
  const claims: number[] = [];
  const settles: number[] = [];
  for (let call = 0; call < CALLS; call++) {
    const startedAt = performance.now();
    const jobs = await queue.claim('default', CLAIMED, claimant);
    const claimedAt = performance.now();
    await queue.settle(
      jobs.map((claim) => ({ claim, outcome: { kind: 'completed', result: null } as const })),
    );
    claims.push(claimedAt - startedAt);
    settles.push(performance.now() - claimedAt);
  }
  const locked = await times(async () => {
    await queue.claim('locked', 1, claimant);
    return { statusCode: 200 };
  });
  result.set('claim 1 with a lock', percentiles(locked));
  result.set(`claim ${CLAIMED}`, percentiles(claims));
  result.set(`settle ${CLAIMED}`, percentiles(settles));
  for (const path of [
    '/jobs',
    '/jobs?status=COMPLETED',
    '/jobs?status=PENDING',
    '/jobs?type=echo',
    '/jobs?queue=second',
    '/admin/stats',
    '/queues',
    '/metrics',
  ])
    result.set(`GET ${path}`, percentiles(await times(() => api.inject({ method: 'GET', url: path }))));
  return result;
}

/** How the lists are read, with the settings of the product's own connections. */
async function explain({ api }: Site): Promise<void> {
  for (const request of LISTS) {
    const { text, values: wanted } = selectStretch(toJobFilter(request), {
      before: undefined,
      length: 51,
      most: 51,
    });
    const { rows } = await api
      .get(Postgres, { strict: false })
      .query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) ${text}`, wanted);
    console.log(`\n${JSON.stringify(request)}\n${rows.map((row) => row['QUERY PLAN']).join('\n')}`);
  }
}

async function times(call: () => Promise<{ statusCode: number }>): Promise<number[]> {
  const taken: number[] = [];
  for (let index = 0; index < CALLS; index++) {
    const startedAt = performance.now();
    const { statusCode } = await call();
    if (statusCode !== 200) throw new Error(`The API answered ${statusCode}`);
    taken.push(performance.now() - startedAt);
  }
  return taken;
}

function percentiles(taken: readonly number[]): readonly [number, number] {
  // The first calls warm up.
  const sorted = taken.slice(5).toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? NaN;
  return [at(0.5), at(0.99)];
}

function report(what: string, before: Figures, after: Figures): void {
  console.log(`\n2,000 jobs, half of them of the same sort, and ${what} (ms: p50 / p99)`);
  const shown = (of: readonly [number, number] = [NaN, NaN]) =>
    of.map((value) => value.toFixed(1)).join(' / ');
  console.table(
    [...before].map(([call, figure]) => ({
      call,
      before: shown(figure),
      after: shown(after.get(call)),
      ratio: Number(((after.get(call)?.[0] ?? NaN) / figure[0]).toFixed(2)),
    })),
  );
}
