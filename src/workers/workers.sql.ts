import { workerState } from '../worker/index.js';

/** Workers with their state ($1: seconds of silence that make one lost) and the jobs they run, at most as many as they have slots. */
const WORKERS = `
  SELECT w.id, w.hostname, w.pid, w.version, w.queues, w.slots, w.busy, w.stuck, w.types,
         w.started_at AS "startedAt", w.last_seen_at AS "lastSeenAt", ${workerState('$1')} AS state,
         ARRAY(SELECT j.id FROM jobs j
               WHERE j.worker_id = w.id AND j.status = 'PROCESSING'
               ORDER BY j.id LIMIT w.slots) AS "jobIds"
  FROM workers w`;

/** The worker $2. */
export const SELECT_WORKER = `${WORKERS} WHERE w.id = $2`;

/** At most $2 workers, the newest first, from the one that started at $3 with the id $4 on. */
export const LIST_WORKERS = `${WORKERS}
  WHERE $3::timestamptz IS NULL OR (w.started_at, w.id) < ($3, $4::uuid)
  ORDER BY w.started_at DESC, w.id DESC
  LIMIT $2`;

/** Asks the worker $2 to drain, unless it has ended ($1: seconds of silence that make it lost). */
export const REQUEST_DRAIN = `
  UPDATE workers w
  SET drain_requested_at = coalesce(w.drain_requested_at, date_trunc('milliseconds', clock_timestamp()))
  WHERE w.id = $2 AND ${workerState('$1')} IN ('running', 'draining')`;
