import { knows, takesNothing, workerState } from './worker-state.sql.js';

/** What the locks of living workers have in common; any number would do, as long as all use the same. */
export const LEASE_CLASS = 704_602_926;

/** Which start of the server this is. Not as a time, which each session would write in a zone of its own. */
const SERVER_START = `extract(epoch FROM pg_postmaster_start_time())::text`;

/**
 * Announces a worker ($1 id, $2 hostname, $3 pid, $4 version, $5 queues, $6 slots, $7 types) and answers with the key of
 * its lease.
 */
export const INSERT_WORKER = `
  INSERT INTO workers (id, hostname, pid, version, queues, slots, types) VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (id) DO UPDATE SET last_seen_at = now(), stopped_at = NULL
  RETURNING lease_key AS "leaseKey"`;

/** Takes the lock ($1 class, $2 key) that this session holds to its end, unless another one has it. */
export const TRY_LEASE = `SELECT pg_try_advisory_lock($1, $2) AS "isOurs"`;

/** The worker $1 holds its lock on this start of the server. */
export const RENEW_LEASE = `
  UPDATE workers SET leased_on = ${SERVER_START}, last_seen_at = now() WHERE id = $1 AND stopped_at IS NULL`;

/**
 * A sign of life ($1 id, $2 jobs running, $3 handlers stuck, $4 for how long, in ms, it could not take jobs). Answers
 * whether it is to drain; changes no row when somebody deleted the worker's.
 */
export const BEAT = `
  UPDATE workers
  SET last_seen_at = now(), busy = $2, stuck = $3, could_claim_at = now() - $4::float8 * interval '1 ms'
  WHERE id = $1
  RETURNING drain_requested_at IS NOT NULL AS "isToDrain"`;

export const LEAVE = `UPDATE workers SET stopped_at = now(), last_seen_at = now(), busy = 0 WHERE id = $1`;

/** What a worker holds, as the database sees it. */
export const SELECT_HELD = `
  SELECT id, type, queue, attempts, max_attempts AS "maxAttempts", backoff,
         cancel_requested_at IS NOT NULL AS "isCancelled"
  FROM jobs WHERE worker_id = $1 AND status = 'PROCESSING'`;

/** Which of the attempts ($2 ids, $3 numbers) are not the worker's ($1) any more; one it has completed still is. */
export const SELECT_LOST = `
  SELECT a.id, a.attempts FROM unnest($2::uuid[], $3::int[]) a (id, attempts)
  WHERE NOT EXISTS (
    SELECT FROM jobs j WHERE j.id = a.id AND j.attempts = a.attempts
      AND (j.status = 'COMPLETED' OR j.status = 'PROCESSING' AND coalesce(j.worker_id, $1) = $1))`;

/** What a worker holds that is to be cancelled. */
export const SELECT_CANCELLED_HERE = `
  SELECT id, attempts
  FROM jobs WHERE worker_id = $1 AND status = 'PROCESSING' AND cancel_requested_at IS NOT NULL`;

/**
 * Everybody who holds jobs, and by what signs they live, beside which start of the server this is and whether there are
 * running jobs that nobody's signs can speak for ($1: the class of the leases). Walks the index of running jobs from
 * worker to worker, so that it costs what there are workers, not jobs. Who has no lock is looked for among the
 * connections, as connectionName() calls them. An external worker holds by lease: without one it holds nothing.
 */
export const SELECT_HOLDERS = `
  WITH RECURSIVE holders (id) AS (
    (SELECT worker_id FROM jobs
     WHERE status = 'PROCESSING' AND lease_expires_at IS NULL AND worker_id IS NOT NULL
     ORDER BY worker_id LIMIT 1)
    UNION ALL
    SELECT (SELECT j.worker_id FROM jobs j
            WHERE j.status = 'PROCESSING' AND j.lease_expires_at IS NULL AND j.worker_id > h.id
            ORDER BY j.worker_id LIMIT 1)
    FROM holders h WHERE h.id IS NOT NULL),
  leases AS MATERIALIZED (
    SELECT objid::bigint AS key FROM pg_locks
    WHERE locktype = 'advisory' AND classid = $1::oid AND objsubid = 2 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())),
  signs AS (
    SELECT h.id,
           w.id IS NULL OR w.stopped_at IS NOT NULL OR w.is_external AS "hasLeft",
           extract(epoch FROM clock_timestamp() - w.last_seen_at)::float8 * 1000 AS "silentMs",
           coalesce(w.leased_on = ${SERVER_START}, false) AS "isLeased",
           EXISTS (SELECT FROM leases l WHERE l.key = w.lease_key) AS "hasLease"
    FROM holders h
    LEFT JOIN workers w ON w.id = h.id
    WHERE h.id IS NOT NULL)
  SELECT ${SERVER_START} AS server,
         EXISTS (SELECT FROM jobs WHERE status = 'PROCESSING' AND lease_expires_at < now()) AS "hasExpired",
         (SELECT coalesce(json_agg(to_jsonb(s) || jsonb_build_object('isConnected', s."hasLease" OR EXISTS (
                   SELECT FROM pg_stat_activity a
                   WHERE a.application_name LIKE 'roundhouse worker ' || s.id || '%'))), '[]')
          FROM signs s) AS holders`;

/** Those of the workers $1 that were found gone are lost from now on, each until it shows itself again. */
export const MARK_LOST = `
  UPDATE workers SET lost_at = clock_timestamp(), busy = 0, stuck = 0
  WHERE id = ANY($1) AND NOT is_external AND stopped_at IS NULL
    AND (lost_at IS NULL OR lost_at < last_seen_at)`;

/** Forgets workers nobody has seen for a day. */
export const DELETE_OLD_WORKERS = `
  DELETE FROM workers w
  WHERE w.last_seen_at < now() - interval '1 day'
    AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.worker_id = w.id AND j.status = 'PROCESSING')`;

/** Counts our own workers that have not signed off and were seen in the last $1 seconds: only they look after the queue. */
export const COUNT_LIVE_WORKERS = `
  SELECT count(*)::integer AS total
  FROM workers w
  WHERE NOT w.is_external AND ${workerState('$1')} IN ('running', 'draining')`;

/** Of our own workers that are to take jobs ($1 as above), how many do, and how many could take none for $2 seconds. */
export const COUNT_ABLE_WORKERS = `
  SELECT (count(*) FILTER (WHERE NOT ${takesNothing('$1', '$2')}))::integer AS "takingJobs",
         (count(*) FILTER (WHERE ${takesNothing('$1', '$2')}))::integer AS "takingNothing"
  FROM workers w
  WHERE NOT w.is_external AND ${workerState('$1')} = 'running'`;

/** Of our own workers that take jobs ($1 as above) those that serve any of the queues $2, null = all; with their slots. */
export const COUNT_CAPACITY = `
  SELECT count(*)::integer AS workers, coalesce(sum(slots), 0)::integer AS slots
  FROM workers w
  WHERE NOT w.is_external AND ${workerState('$1')} = 'running'
    AND ($2::text[] IS NULL OR queues && ($2 || ARRAY['*']))`;

/**
 * Of those, the ones that take jobs of queue $2, and those that know type $3; who leaves takes none. A worker of an
 * older build does not say what it knows and may know anything; an external one that names no types takes all that are
 * declared.
 */
export const COUNT_SERVING_WORKERS = `
  SELECT count(*)::integer AS workers,
         (count(*) FILTER (WHERE knows))::integer AS knowing,
         coalesce(sum(slots) FILTER (WHERE knows), 0)::integer AS slots
  FROM (
    SELECT slots, ${knows('$3')} AS knows
    FROM workers w
    WHERE ${workerState('$1')} = 'running' AND (queues && ARRAY[$2, '*'])) AS serving`;
