import type { ClientBase } from 'pg';
import type { TestDatabase } from './database.js';

/** Jobs as they would stand in the table after a time of work; times are seconds before now. */
export interface PastJobs {
  readonly queue: string;
  readonly status: string;
  readonly count?: number;
  readonly created?: number;
  readonly scheduled?: number;
  readonly started?: number;
  readonly finished?: number;
}

/** Writes jobs as they would stand in the tables, behind the product's back; answers with their ids. */
export async function insertPastJobs({ pool }: TestDatabase, jobs: PastJobs): Promise<string[]> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const ids = await insert(client, jobs);
    await date(client, jobs);
    await client.query('COMMIT');
    return ids;
  } finally {
    client.release();
  }
}

async function insert(client: ClientBase, jobs: PastJobs): Promise<string[]> {
  const { queue, status, count = 1, created = 0, scheduled = created, started, finished } = jobs;
  await client.query('INSERT INTO queues (name) VALUES ($1) ON CONFLICT DO NOTHING', [queue]);
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO jobs (id, type, queue, status, payload, attempts, created_at, scheduled_at, started_at, finished_at)
     SELECT (lpad(to_hex((extract(epoch FROM now() - $4 * interval '1 s') * 1000)::bigint), 12, '0')
             || '70008' || substr(md5(random()::text), 1, 15))::uuid,
            'echo', $1, $2::job_status, '{}', 1, now() - $4 * interval '1 s', now() - $5 * interval '1 s',
            now() - $6::float8 * interval '1 s', now() - $7::float8 * interval '1 s'
     FROM generate_series(1, $3)
     RETURNING id`,
    [queue, status, count, created, scheduled, started, finished],
  );
  return rows.map(({ id }) => id);
}

/** What counts jobs by time has taken them for new ones. */
async function date(
  client: ClientBase,
  { queue, status, count = 1, created = 0, finished }: PastJobs,
): Promise<void> {
  await client.query(
    `UPDATE job_count_changes SET at = now() - $1 * interval '1 s' WHERE xmin = pg_current_xact_id()::xid`,
    [created],
  );
  if (finished === undefined) return;
  await client.query(
    `INSERT INTO job_count_changes (at, queue, type, status, jobs, failed_attempts, is_submission)
     SELECT now() - $1 * interval '1 s', $2, 'echo', $3, n * $4::int, 0, false FROM (VALUES (1), (-1)) AS way (n)`,
    [finished, queue, status, count],
  );
}
