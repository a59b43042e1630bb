import { takesNothing, workerState } from '../worker/index.js';

/** An external worker may hold more than it asks for at a time; nobody reads on. */
const MOST_LEASED = 1_000;

/** Workers with their state ($1: seconds of silence that make one lost; $2: seconds in which one must be able to take jobs) and the jobs they run, at most as many as they have slots. */
const WORKERS = `
  SELECT w.id, w.is_external AS "isExternal", w.hostname, w.pid, w.version, w.queues, w.slots,
         CASE WHEN w.is_external THEN cardinality(h.ids) ELSE w.busy END AS busy, w.stuck, w.types,
         w.started_at AS "startedAt", w.last_seen_at AS "lastSeenAt", ${workerState('$1')} AS state,
         ${takesNothing('$1', '$2')} AS "takesNothing", h.ids AS "jobIds"
  FROM workers w
  CROSS JOIN LATERAL (
    SELECT ARRAY(SELECT j.id FROM jobs j
                 WHERE j.worker_id = w.id AND j.status = 'PROCESSING'
                 ORDER BY j.id LIMIT CASE WHEN w.is_external THEN ${MOST_LEASED} ELSE w.slots END) AS ids) AS h`;

/** The worker $3. */
export const SELECT_WORKER = `${WORKERS} WHERE w.id = $3`;

/** At most $3 workers, the newest first, from the one that started at $4 with the id $5 on. */
export const LIST_WORKERS = `${WORKERS}
  WHERE $4::timestamptz IS NULL OR (w.started_at, w.id) < ($4, $5::uuid)
  ORDER BY w.started_at DESC, w.id DESC
  LIMIT $3`;

/** Asks the worker $2, one of our own, to drain, unless it has ended ($1: seconds of silence that make it lost). */
export const REQUEST_DRAIN = `
  UPDATE workers w
  SET drain_requested_at = coalesce(w.drain_requested_at, date_trunc('milliseconds', clock_timestamp()))
  WHERE w.id = $2 AND NOT w.is_external AND ${workerState('$1')} IN ('running', 'draining')`;
