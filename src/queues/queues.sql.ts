import { FINAL_STATUSES, IS_PAUSED } from '../queue/index.js';
import { workerState } from '../worker/index.js';

/** Queue $2, or all by name when that is null: settings, pause, and the workers that claim from it ($1: seconds of silence that make one lost). */
export const SELECT_QUEUES = `
  SELECT q.name, q.dead_letter_queue AS "deadLetterQueue", ${IS_PAUSED} AS "isPaused",
         q.paused_at AS "pausedAt", q.paused_by AS "pausedBy", q.pause_reason AS "pauseReason",
         q.paused_until AS "pausedUntil",
         (SELECT count(*)::int FROM workers w
          WHERE ${workerState('$1')} = 'running'
            AND (q.name = ANY(w.queues) OR '*' = ANY(w.queues))) AS "liveWorkers"
  FROM queues q
  WHERE $2::text IS NULL OR q.name = $2
  ORDER BY q.name`;

export const SELECT_QUEUE_NAMES = `SELECT name FROM queues`;

/** The settings of queue $1, locked. */
export const LOCK_SETTINGS = `
  SELECT dead_letter_queue AS "deadLetterQueue" FROM queues WHERE name = $1 FOR UPDATE`;

export const UPDATE_SETTINGS = `UPDATE queues SET dead_letter_queue = $2, updated_at = now() WHERE name = $1`;

/**
 * Jobs by queue and status; of those that may start now, how many there are and which has waited longest, and how
 * long (s). One statement, so that every job is counted once. The finished ones come from an index alone.
 */
export const COUNT_JOBS = `
  WITH states AS MATERIALIZED (
    SELECT j.queue, j.status, count(*)::float8 AS total,
           count(*) FILTER (WHERE j.status = 'PENDING' AND j.scheduled_at <= now())::float8 AS waiting,
           min(j.scheduled_at) FILTER (WHERE j.status = 'PENDING' AND j.scheduled_at <= now()) AS oldest_at
    FROM jobs j
    WHERE j.status IN ('BLOCKED', 'PENDING', 'PROCESSING')
    GROUP BY j.queue, j.status
    UNION ALL
    SELECT j.queue, j.status, count(*)::float8, 0, NULL
    FROM jobs j
    WHERE j.status IN ${FINAL_STATUSES}
    GROUP BY j.queue, j.status
  ),
  oldest AS (
    SELECT DISTINCT ON (j.queue) j.queue, j.id
    FROM jobs j
    JOIN states s ON s.queue = j.queue AND s.oldest_at = j.scheduled_at
    WHERE j.status = 'PENDING'
    ORDER BY j.queue, j.id
  )
  SELECT s.queue, s.status, s.total, s.waiting, o.id AS "oldestId",
         extract(epoch FROM now() - s.oldest_at)::float8 AS "oldestAge"
  FROM states s
  LEFT JOIN oldest o ON o.queue = s.queue AND s.oldest_at IS NOT NULL`;

/**
 * Jobs submitted, completed and failed in the last minute and the last five, by queue. Those submitted are found
 * by their ids, which begin with the time, from $1 on.
 */
export const COUNT_RECENT_JOBS = `
  SELECT q.name AS queue, ended.*, submitted.*
  FROM queues q
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE j.status = 'COMPLETED' AND j.finished_at > now() - interval '1 minute')::float8 AS "completed1",
           count(*) FILTER (WHERE j.status = 'COMPLETED')::float8 AS "completed5",
           count(*) FILTER (WHERE j.status = 'FAILED' AND j.finished_at > now() - interval '1 minute')::float8 AS "failed1",
           count(*) FILTER (WHERE j.status = 'FAILED')::float8 AS "failed5"
    FROM jobs j
    WHERE j.queue = q.name AND j.status IN ('COMPLETED', 'FAILED')
      AND j.finished_at > now() - interval '5 minutes') AS ended
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE j.created_at > now() - interval '1 minute')::float8 AS "submitted1",
           count(*)::float8 AS "submitted5"
    FROM jobs j
    WHERE j.queue = q.name AND j.id >= $1 AND j.created_at > now() - interval '5 minutes') AS submitted`;
