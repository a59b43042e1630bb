import type pg from 'pg';
import { Client } from '../support/http.js';
import { insertFailedJobs } from '../support/failed-jobs.js';
import { insertPastJobs } from '../support/past-jobs.js';
import type { App } from '../support/start-app.js';
import type { FuzzRequest } from './requests.js';

type Kind =
  | 'job'
  | 'worker'
  | 'operation'
  | 'webhook'
  | 'delivery'
  | 'workflow'
  | 'fingerprint'
  | 'queue'
  | 'schedule'
  | 'cursor'
  | 'etag';

/** So many jobs of each status are there, for requests to hit. */
const ENOUGH = 5;

const LONG_AGO = new Date('2026-01-01');

/** Everything a submission may write; what is refused must change none of it. */
const WRITTEN = `
  SELECT (SELECT count(*) FROM jobs) AS jobs, (SELECT max(updated_at) FROM jobs) AS updated,
         (SELECT count(*) FROM job_events) AS events, (SELECT count(*) FROM job_keys) AS keys,
         (SELECT count(*) FROM job_locks) AS locks, (SELECT count(*) FROM pgboss.job) AS tickets,
         (SELECT count(*) FROM error_groups) AS groups, (SELECT count(*) FROM bulk_operations) AS operations,
         (SELECT json_agg(w ORDER BY w.id) FROM webhooks w)::text AS webhooks,
         (SELECT count(*) FROM webhook_deliveries) AS deliveries, (SELECT count(*) FROM workflows) AS workflows,
         (SELECT count(*) FROM queues) AS queues, (SELECT count(*) FROM pgboss.queue) AS lines,
         (SELECT count(*) FROM schedules) AS schedules`;

const POOLS: Record<Exclude<Kind, 'cursor' | 'etag'>, string> = {
  job: `SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY status ORDER BY random()) AS n FROM jobs) j
        WHERE n <= 20 ORDER BY n`,
  worker: `SELECT id FROM workers ORDER BY started_at DESC LIMIT 5`,
  operation: `SELECT id FROM bulk_operations ORDER BY random() LIMIT 20`,
  webhook: `SELECT id FROM webhooks ORDER BY random() LIMIT 20`,
  delivery: `SELECT id FROM webhook_deliveries ORDER BY random() LIMIT 20`,
  workflow: `SELECT id FROM workflows ORDER BY random() LIMIT 20`,
  fingerprint: `SELECT DISTINCT error_fingerprint AS id FROM jobs WHERE error_fingerprint IS NOT NULL LIMIT 20`,
  queue: `SELECT name AS id FROM queues ORDER BY random() LIMIT 20`,
  schedule: `SELECT name AS id FROM schedules ORDER BY random() LIMIT 20`,
};

/** What is there for requests to name: jobs of every status, workers, operations, cursors and versions. */
export class World {
  private pools = new Map<Kind, readonly string[]>();

  constructor(private readonly app: App) {}

  private get pool(): pg.Pool {
    return this.app.database.pool;
  }

  /** Makes what is missing and looks up what there is. */
  async refresh(): Promise<void> {
    await this.fill();
    for (const [kind, statement] of Object.entries(POOLS)) {
      const { rows } = await this.pool.query<{ id: string }>(statement);
      this.pools.set(
        kind as Kind,
        rows.map(({ id }) => id),
      );
    }
    const lists = [
      '/jobs',
      '/workflows',
      '/workers',
      '/bulk-operations',
      '/dead-letters',
      '/dead-letters/groups',
    ];
    const client = new Client(this.app.api.ready);
    const pages = await Promise.all(lists.map((path) => client.get(`${path}?limit=1`)));
    this.pools.set(
      'cursor',
      pages.map(({ body }) => body.next_cursor as string | null).filter((cursor) => cursor !== null),
    );
    const { headers } = await client.get('/queues/default');
    this.pools.set('etag', [headers.get('etag') ?? '*', '*']);
  }

  /** The request with names of what is there in the place of its marks. */
  resolve(request: FuzzRequest): FuzzRequest {
    const name = (text: string) =>
      text.replace(/@@(\w+):(\d+)@@/g, (_, kind: Kind, number: string) => {
        const pool = this.pools.get(kind) ?? [];
        return pool[Number(number) % pool.length] ?? 'none';
      });
    return {
      ...request,
      url: name(request.url),
      headers: Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key, name(value)])),
      body: typeof request.body === 'string' ? name(request.body) : request.body,
    };
  }

  /** What there is, in words. */
  async counts(): Promise<string> {
    const { rows } = await this.pool.query(WRITTEN);
    return JSON.stringify(rows[0]);
  }

  private async fill(): Promise<void> {
    const { rows } = await this.pool.query<{ status: string; n: number }>(
      'SELECT status, count(*)::integer AS n FROM jobs GROUP BY status',
    );
    const missing = (status: string) =>
      Math.max(0, ENOUGH - (rows.find((row) => row.status === status)?.n ?? 0));
    const submit = async (job: object, count: number) => {
      for (let made = 0; made < count; made++)
        await this.app.client.post('/jobs', { payload: { a: made }, ...job });
    };
    await submit({ schedule_in: { days: 30 }, tags: ['fuzz'] }, missing('PENDING'));
    await submit({ queue: 'elsewhere', lock: 'fuzz' }, missing('BLOCKED') > 0 ? ENOUGH : 0);
    for (const status of ['FAILED', 'CANCELLED', 'COMPLETED'])
      await insertFailedJobs(this.pool, missing(status), {
        status,
        failedAt: LONG_AGO,
        fingerprint: 'fa11ed0000000000',
      });
    if (missing('PROCESSING') > 0)
      await insertPastJobs(this.app.database, {
        queue: 'elsewhere',
        status: 'PROCESSING',
        count: ENOUGH,
        started: 5,
      });
    for (const [name, target] of [
      ['weekday-report', { job: { payload: { a: 1 } } }],
      ['nightly', { workflow: { jobs: [{ ref: 'a', payload: { a: 1 } }] } }],
    ] as const)
      await this.app.client.post('/schedules', { name, cron: '0 3 1 1 *', ...target });
    await this.fillWebhooks();
    const { rows: workflows } = await this.pool.query('SELECT 1 FROM workflows LIMIT 1');
    if (workflows.length === 0)
      for (const days of [0, 30])
        await this.app.client.post('/workflows', {
          jobs: [
            { ref: 'a', payload: {}, schedule_in: { days } },
            { ref: 'b', payload: {}, depends_on: ['a'] },
          ],
        });
    await this.pool.query(`INSERT INTO jokes (joke_id, value) VALUES ('fuzz', 'x') ON CONFLICT DO NOTHING`);
  }

  /** One is enough, with a delivery; the requests make more, and hundreds would tell of every job. */
  private async fillWebhooks(): Promise<void> {
    await this.pool.query(
      'DELETE FROM webhooks WHERE id NOT IN (SELECT id FROM webhooks ORDER BY id LIMIT 5)',
    );
    const { rows } = await this.pool.query<{ id: string }>('SELECT id FROM webhooks LIMIT 1');
    const hook = { url: 'https://hooks.example/jobs', events: ['job.failed'] };
    const id = rows[0]?.id ?? (await this.app.client.post('/webhooks', hook)).body.webhook_id;
    await this.app.client.post(`/webhooks/${id}/test`);
  }
}

const FAULTS = `
  SELECT 'a job that is due has no ticket' AS fault, j.id::text FROM jobs j
  LEFT JOIN job_locks l ON j.lock IS NOT NULL AND l.lock_hash = hashtextextended(j.lock, 0)
  WHERE j.status = 'PENDING' AND j.scheduled_at < now() - interval '1 s' AND (j.lock IS NULL OR l.holder = j.id)
    AND NOT EXISTS (SELECT 1 FROM pgboss.job t WHERE t.id = j.id AND t.name = j.queue)
  UNION ALL SELECT 'a ticket without a job that waits', t.id::text FROM pgboss.job t
  WHERE NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = t.id AND j.status = 'PENDING')
  UNION ALL SELECT 'a lock whose holder has ended', l.holder::text FROM job_locks l
  WHERE NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = l.holder AND j.finished_at IS NULL)
  UNION ALL SELECT 'a job that waits for nothing', j.id::text FROM jobs j
  WHERE j.status = 'BLOCKED' AND j.open_dependencies = 0
    AND NOT EXISTS (SELECT 1 FROM job_locks l WHERE l.lock_hash = hashtextextended(j.lock, 0) AND l.holder <> j.id)
  UNION ALL SELECT 'an end without a time, or the other way round: ' || j.status, j.id::text FROM jobs j
  WHERE (j.finished_at IS NULL) = (j.status IN ('COMPLETED', 'FAILED', 'CANCELLED'))
  UNION ALL SELECT 'attempts that the ledger does not know', j.id::text FROM jobs j
  WHERE j.created_by IS NOT NULL
    AND j.attempts <> (SELECT count(*) FROM job_events e WHERE e.job_id = j.id AND e.event = 'started')
  LIMIT 20`;

/** What is wrong with the rows themselves, whatever was asked of the API. */
export async function brokenRows(pool: pg.Pool): Promise<unknown[]> {
  return (await pool.query(FAULTS)).rows;
}
