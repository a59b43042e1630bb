import { FINAL_STATUSES } from '../queue/index.js';

export const COUNT_JOKES_BY_CATEGORY = `
  SELECT coalesce(category, 'uncategorized') AS name, count(*)::float8 AS total
  FROM jokes GROUP BY 1 ORDER BY 2 DESC, 1`;

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

/** The jobs that failed for good, those of late first; at most $1. */
export const SELECT_RECENT_FAILURES = `
  SELECT id, type, error_message AS error, attempts, coalesce(finished_at, updated_at) AS "failedAt"
  FROM jobs WHERE status = 'FAILED'
  ORDER BY 5 DESC, id DESC
  LIMIT $1`;
