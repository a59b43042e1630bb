export const COUNT_JOKES_BY_CATEGORY = `
  SELECT coalesce(category, 'uncategorized') AS name, count(*)::float8 AS total
  FROM jokes GROUP BY 1 ORDER BY 2 DESC, 1`;

/**
 * Jobs accepted in the last hour. There is no index on the time, so a bound on the ids, whose first 48 bits are
 * the milliseconds at which they were made, keeps the scan to that hour; a minute of it is for clocks that differ.
 */
export const COUNT_RECENT_JOBS = `
  SELECT count(*)::float8 AS total
  FROM jobs
  WHERE created_at >= now() - interval '1 hour'
    AND id >= (SELECT (lpad(to_hex(floor(extract(epoch FROM now() - interval '61 minutes') * 1000)::bigint), 12, '0')
                       || '70008000000000000000')::uuid)`;

export const COUNT_JOBS_BY_STATUS = `SELECT status::text AS name, count(*)::float8 AS total FROM jobs GROUP BY status`;

export const COUNT_JOBS_BY_TYPE = `
  SELECT type AS name, count(*)::float8 AS total FROM jobs GROUP BY type ORDER BY type`;

export const AVERAGE_ATTEMPTS_OF_FAILED = `
  SELECT coalesce(round(avg(attempts), 2), 0)::float8 AS average FROM jobs WHERE status = 'FAILED'`;

/** The jobs that failed for good, those of late first; at most $1. */
export const SELECT_RECENT_FAILURES = `
  SELECT id, type, error_message AS error, attempts, coalesce(finished_at, updated_at) AS "failedAt"
  FROM jobs WHERE status = 'FAILED'
  ORDER BY 5 DESC, id DESC
  LIMIT $1`;
