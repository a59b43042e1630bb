import type pg from 'pg';

interface Wanted {
  readonly type?: string;
  readonly queue?: string;
  readonly status?: string;
  readonly fingerprint?: string;
  /** When the first of them failed; each of the others a millisecond later. */
  readonly failedAt?: Date;
  /** When they are to start. */
  readonly scheduledAt?: Date;
  readonly payload?: object;
}

/** Stores jobs as if they had failed after one attempt, many at a time; answers with their ids, the oldest first. */
export async function insertFailedJobs(pool: pg.Pool, count: number, wanted: Wanted = {}): Promise<string[]> {
  const { type = 'echo', queue = 'default', status = 'FAILED', fingerprint = 'f'.repeat(16) } = wanted;
  const { failedAt = new Date(Date.now() - 60_000), scheduledAt = failedAt, payload = {} } = wanted;
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO jobs (id, type, queue, status, payload, attempts, max_attempts, base_max_attempts, error_message,
                       last_error, error_fingerprint, created_at, updated_at, scheduled_at, started_at, finished_at)
     SELECT (lpad(to_hex((extract(epoch FROM t.at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0')
             || '8' || substr(md5(random()::text), 1, 15))::uuid,
            $2, $3, $4::job_status, $5, 1, 1, 1, 'failure ' || n,
            jsonb_build_object('name', 'Error', 'message', 'failure ' || n), $6, t.at, t.at, $8, t.at,
            CASE WHEN $4 IN ('FAILED', 'CANCELLED', 'COMPLETED') THEN t.at END
     FROM generate_series(0, $1 - 1) AS n
     CROSS JOIN LATERAL (SELECT $7::timestamptz + n * interval '1 ms' AS at) AS t
     ORDER BY n RETURNING id`,
    [count, type, queue, status, payload, fingerprint, failedAt, scheduledAt],
  );
  return rows.map((row) => row.id);
}
