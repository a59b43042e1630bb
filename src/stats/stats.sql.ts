import { FINAL_STATUSES } from '../queue/index.js';

export const COUNT_JOKES_BY_CATEGORY = `
  SELECT coalesce(category, 'uncategorized') AS name, count(*)::float8 AS total
  FROM jokes GROUP BY 1 ORDER BY 2 DESC, 1`;

/**
 * The first id of an hour ago: a bound that keeps a search for jobs accepted since to that hour, since an id begins
 * with the milliseconds at which it was made; a minute is for clocks that differ.
 */
const FIRST_ID_OF_THE_HOUR = `
  (SELECT (lpad(to_hex(floor(extract(epoch FROM now() - interval '61 minutes') * 1000)::bigint), 12, '0')
           || '70008000000000000000')::uuid)`;

/** Jobs accepted in the last hour. */
export const COUNT_RECENT_JOBS = `
  SELECT count(*)::float8 AS total
  FROM jobs
  WHERE created_at >= now() - interval '1 hour' AND id >= ${FIRST_ID_OF_THE_HOUR}`;

/** Jobs submitted, completed and failed in the last minute, five minutes and hour. */
export const COUNT_THROUGHPUT = `
  SELECT submitted.*, ended.*
  FROM (
    SELECT count(*) FILTER (WHERE created_at > now() - interval '1 minute')::float8 AS "submitted1",
           count(*) FILTER (WHERE created_at > now() - interval '5 minutes')::float8 AS "submitted5",
           count(*)::float8 AS "submitted60"
    FROM jobs
    WHERE created_at > now() - interval '1 hour' AND id >= ${FIRST_ID_OF_THE_HOUR}) AS submitted
  CROSS JOIN (
    SELECT ${endedSince('COMPLETED', 1)} AS "completed1", ${endedSince('COMPLETED', 5)} AS "completed5",
           ${endedSince('COMPLETED', 60)} AS "completed60",
           ${endedSince('FAILED', 1)} AS "failed1", ${endedSince('FAILED', 5)} AS "failed5",
           ${endedSince('FAILED', 60)} AS "failed60"
    FROM queues q
    CROSS JOIN LATERAL (
      SELECT j.status, j.finished_at
      FROM jobs j
      WHERE j.queue = q.name AND j.status IN ('COMPLETED', 'FAILED')
        AND j.finished_at > now() - interval '1 hour') AS j) AS ended`;

function endedSince(status: 'COMPLETED' | 'FAILED', minutes: number): string {
  return `count(*) FILTER (WHERE j.status = '${status}' AND j.finished_at > now() - interval '${minutes} minutes')::float8`;
}

/**
 * Percentiles (s) of how long jobs waited and ran, by queue, over those that ended in the last hour, at most the
 * latest $1 of each queue. The index gives the latest of a status, so the latest of both are among twice as many.
 */
export const SELECT_DURATIONS = `
  SELECT q.name AS "queueName", d.*
  FROM queues q
  CROSS JOIN LATERAL (
    SELECT count(*)::float8 AS jobs,
           percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY t.waited) AS wait,
           percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY t.ran) AS run
    FROM (
      SELECT greatest(0, extract(epoch FROM j.started_at - greatest(j.created_at, j.scheduled_at)))::float8 AS waited,
             extract(epoch FROM j.finished_at - j.started_at)::float8 AS ran
      FROM (VALUES ('COMPLETED'::job_status), ('FAILED')) AS s (status)
      CROSS JOIN LATERAL (
        SELECT j.created_at, j.scheduled_at, j.started_at, j.finished_at
        FROM jobs j
        WHERE j.queue = q.name AND j.status = s.status AND j.status IN ${FINAL_STATUSES}
          AND j.finished_at > now() - interval '1 hour' AND j.started_at IS NOT NULL
        ORDER BY j.finished_at DESC
        LIMIT $1) AS j
      ORDER BY j.finished_at DESC
      LIMIT $1) AS t) AS d
  WHERE d.jobs > 0
  ORDER BY q.name`;

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
