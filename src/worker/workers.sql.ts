/** Announces a worker ($1 id, $2 hostname, $3 pid, $4 version, $5 queues, $6 slots, $7 types). */
export const INSERT_WORKER = `
  INSERT INTO workers (id, hostname, pid, version, queues, slots, types) VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (id) DO UPDATE SET last_seen_at = now(), stopped_at = NULL`;

/**
 * A sign of life ($1 id, $2 jobs running, $3 handlers stuck); changes no row when somebody deleted the worker's.
 * Answers whether it is to drain.
 */
export const BEAT = `
  UPDATE workers SET last_seen_at = now(), busy = $2, stuck = $3 WHERE id = $1
  RETURNING drain_requested_at IS NOT NULL AS "isToDrain"`;

export const LEAVE = `UPDATE workers SET stopped_at = now(), last_seen_at = now(), busy = 0 WHERE id = $1`;

/** What a worker holds, as the database sees it. */
export const SELECT_HELD = `
  SELECT id, type, queue, attempts, max_attempts AS "maxAttempts", backoff,
         cancel_requested_at IS NOT NULL AS "isCancelled"
  FROM jobs WHERE worker_id = $1 AND status = 'PROCESSING'`;

/** What a worker holds that is to be cancelled. */
export const SELECT_CANCELLED_HERE = `
  SELECT id, attempts
  FROM jobs WHERE worker_id = $1 AND status = 'PROCESSING' AND cancel_requested_at IS NOT NULL`;

/**
 * Workers that still hold jobs and are gone: without a row, stopped, or (unless $2 says it is too early to
 * judge) silent for $1 seconds.
 */
export const SELECT_DEAD_WORKERS = `
  SELECT DISTINCT j.worker_id AS id
  FROM jobs j
  LEFT JOIN workers w ON w.id = j.worker_id
  WHERE j.status = 'PROCESSING' AND j.lease_expires_at IS NULL
    AND (w.id IS NULL OR w.stopped_at IS NOT NULL
         OR ($2 AND w.last_seen_at < clock_timestamp() - $1 * interval '1 second'))`;

/** Which start of which server this is: silence is judged only while the same one was watched. */
export const SELECT_SERVER_START = `SELECT pg_postmaster_start_time()::text AS started`;

/** Forgets workers nobody has seen for a day. */
export const DELETE_OLD_WORKERS = `
  DELETE FROM workers w
  WHERE w.last_seen_at < now() - interval '1 day'
    AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.worker_id = w.id AND j.status = 'PROCESSING')`;

/** Counts the workers that have not signed off and were seen in the last $1 seconds. */
export const COUNT_LIVE_WORKERS = `
  SELECT count(*)::integer AS total
  FROM workers
  WHERE stopped_at IS NULL AND last_seen_at > clock_timestamp() - $1 * interval '1 second'`;

/**
 * Of those, the ones that take jobs of queue $2, and those that know type $3; who leaves takes none. A worker of an
 * older build does not say what it knows and may know anything.
 */
export const COUNT_SERVING_WORKERS = `
  SELECT count(*)::integer AS workers,
         (count(*) FILTER (WHERE knows))::integer AS knowing,
         coalesce(sum(slots) FILTER (WHERE knows), 0)::integer AS slots
  FROM (
    SELECT slots, cardinality(types) = 0 OR $3 = ANY(types) AS knows
    FROM workers
    WHERE stopped_at IS NULL AND drain_requested_at IS NULL
      AND last_seen_at > clock_timestamp() - $1 * interval '1 second'
      AND (queues && ARRAY[$2, '*'])) AS serving`;
