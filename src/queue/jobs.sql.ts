import { SUSPECT_AFTER } from './suspicion.js';

/** Every statement on `jobs` that moves a job. Times are cut to milliseconds, never rounded up: a job that is
 *  due "now" must not lie a fraction in the future. */

/** A row as the Job entity names its columns. */
export const JOB_COLUMNS = `
  j.id, j.type, j.queue, j.status, j.priority, j.payload, j.result, j.error_message AS "errorMessage",
  j.attempts, j.max_attempts AS "maxAttempts", j.base_max_attempts AS "baseMaxAttempts", j.interruptions,
  j.interruptions_alone AS "interruptionsAlone",
  j.timeout, j.backoff, j.idempotency_key AS "idempotencyKey", j.lock, j.unique_key AS "uniqueKey",
  j.unique_while AS "uniqueWhile", j.tags,
  j.workflow_id AS "workflowId", j.depends_on AS "dependsOn", j.open_dependencies AS "openDependencies",
  j.has_dependents AS "hasDependents",
  j.ticketed, j.worker_id AS "workerId", j.lease_expires_at AS "leaseExpiresAt",
  j.cancel_requested_at AS "cancelRequestedAt", j.created_by AS "createdBy", j.created_at AS "createdAt",
  j.updated_at AS "updatedAt", j.scheduled_at AS "scheduledAt", j.started_at AS "startedAt",
  j.finished_at AS "finishedAt", j.last_event AS "lastEvent", j.last_error AS "lastError",
  j.error_fingerprint AS "errorFingerprint", j.last_actor AS "lastActor"`;

export const CLOCK = `clock AS MATERIALIZED (SELECT date_trunc('milliseconds', clock_timestamp()) AS now)`;

/**
 * Stores new jobs ($1: JSON rows of StoredJob); those that may start within $2 ms get their ticket in the same
 * transaction, of jobs with a lock only those that hold it.
 */
export const INSERT_JOBS = `
  WITH ${CLOCK}
  INSERT INTO jobs AS j (id, type, queue, status, priority, payload, max_attempts, base_max_attempts, backoff,
                         timeout, tags, created_by, idempotency_key, lock, unique_key, unique_while, depends_on,
                         open_dependencies, has_dependents, created_at, updated_at, scheduled_at, ticketed)
  SELECT i.id, i.type, i.queue, i.status, i.priority, i.payload, i.max_attempts, i.max_attempts, i.backoff,
         i.timeout, i.tags, i.created_by, i.idempotency_key, i.lock, i.unique_key, i.unique_while, i.depends_on,
         i.open_dependencies, i.has_dependents, clock.now, clock.now, due.at,
         i.may_line_up AND due.at <= clock.now + $2 * interval '1 ms'
  FROM json_to_recordset($1::json) AS i (
         id uuid, type text, queue text, status job_status, priority smallint, payload jsonb, max_attempts integer,
         backoff jsonb, timeout integer, tags text[], created_by text, idempotency_key text, lock text,
         unique_key text, unique_while text, depends_on uuid[], open_dependencies integer, has_dependents boolean,
         may_line_up boolean, scheduled_at timestamptz, delay_ms double precision)
  CROSS JOIN clock
  CROSS JOIN LATERAL (
    SELECT greatest(clock.now, i.scheduled_at, clock.now + i.delay_ms * interval '1 ms') AS at) AS due
  ORDER BY i.id
  ON CONFLICT (id) DO NOTHING
  RETURNING ${JOB_COLUMNS}`;

export const SELECT_JOBS = `SELECT ${JOB_COLUMNS} FROM jobs j WHERE j.id = ANY($1)`;

/** The same, locked. */
export const LOCK_JOBS = `
  SELECT ${JOB_COLUMNS} FROM jobs j WHERE j.id = ANY($1) ORDER BY j.id FOR NO KEY UPDATE`;

/** Which of the jobs ($1) nobody has locked; from here on we have. */
export const LOCK_FREE_JOBS = `
  SELECT j.id FROM jobs j WHERE j.id = ANY($1) ORDER BY j.id FOR NO KEY UPDATE SKIP LOCKED`;

/** Jobs that are gone, as the forget_jobs trigger kept them ($1: a JSON array). */
export const SELECT_PURGED_JOBS = `SELECT ${JOB_COLUMNS} FROM jsonb_populate_recordset(NULL::jobs, $1::jsonb) j`;

/**
 * Takes jobs ($1: ids of consumed tickets) of queue $2 for worker $3, until $4 when it is an external one; of those that
 * must run alone only $5.
 */
export const CLAIM_JOBS = `
  WITH ${CLOCK}
  UPDATE jobs j
  SET status = 'PROCESSING', attempts = j.attempts + 1, worker_id = $3, lease_expires_at = $4, ticketed = false,
      started_at = clock.now, updated_at = clock.now, last_event = 'started', last_error = NULL, last_actor = NULL
  FROM clock
  WHERE j.id = ANY($1) AND j.queue = $2 AND j.status = 'PENDING' AND j.scheduled_at <= clock.now
    AND (j.interruptions < ${SUSPECT_AFTER} OR j.id = ANY($5))
  RETURNING ${JOB_COLUMNS}`;

/** Jobs ($1) of queue $2 whose ticket was consumed although they may not start yet: they need another one. */
export const SELECT_WAITING = `
  SELECT j.id, j.queue, j.type, j.priority, j.attempts, j.interruptions, j.scheduled_at AS "scheduledAt"
  FROM jobs j WHERE j.id = ANY($1) AND j.queue = $2 AND j.status = 'PENDING'`;

/**
 * Writes outcomes ($1: JSON rows of Settlement), each only over the attempt that earned it; a job that is to be
 * cancelled ends so whatever its outcome. The fence is made of join columns: a constant status would make the plan
 * quadratic on a table without statistics. From here on the transaction waits for no row longer than $3 ms, unless
 * that is null; set on the way, because a statement of its own would cost every settle a round trip.
 */
export const SETTLE_JOBS = `
  WITH clock AS MATERIALIZED (
    SELECT date_trunc('milliseconds', clock_timestamp()) AS now,
           CASE WHEN $3::text IS NOT NULL THEN set_config('lock_timeout', $3, true) END)
  UPDATE jobs j
  SET status = CASE WHEN j.cancel_requested_at IS NULL THEN i.status ELSE 'CANCELLED' END,
      result = CASE WHEN j.cancel_requested_at IS NULL THEN i.result END,
      error_message = CASE WHEN i.status = 'COMPLETED' AND j.cancel_requested_at IS NULL THEN NULL
                           ELSE coalesce(i.error ->> 'message', j.error_message) END,
      error_fingerprint = CASE WHEN j.cancel_requested_at IS NULL THEN i.fingerprint END,
      max_attempts = j.max_attempts + CASE WHEN j.cancel_requested_at IS NULL THEN i.raise ELSE 0 END,
      interruptions = j.interruptions + i.interruptions,
      interruptions_alone = j.interruptions_alone + i.interruptions_alone,
      scheduled_at = CASE WHEN i.status = 'PENDING' AND j.cancel_requested_at IS NULL
                          THEN clock.now + i.delay_ms * interval '1 ms' ELSE j.scheduled_at END,
      ticketed = i.status = 'PENDING' AND j.cancel_requested_at IS NULL AND i.delay_ms <= $2,
      finished_at = CASE WHEN i.status = 'PENDING' AND j.cancel_requested_at IS NULL THEN NULL ELSE clock.now END,
      lease_expires_at = NULL,
      updated_at = clock.now,
      last_event = CASE WHEN j.cancel_requested_at IS NULL THEN i.event ELSE 'cancelled' END,
      last_error = i.error,
      last_actor = NULL
  FROM json_to_recordset($1::json) AS i (
         id uuid, held job_status, attempt integer, status job_status, event text, result jsonb, error jsonb,
         fingerprint text, delay_ms double precision, raise integer, interruptions integer,
         interruptions_alone integer)
  CROSS JOIN clock
  WHERE j.id = i.id AND j.status = i.held AND j.attempts = i.attempt
  RETURNING j.id, j.queue, j.type, j.status, j.priority, j.attempts, j.interruptions, j.ticketed, j.lock,
            j.has_dependents AS "hasDependents", j.created_at AS "createdAt", j.updated_at AS "updatedAt",
            j.scheduled_at AS "scheduledAt", j.started_at AS "startedAt", j.finished_at AS "finishedAt",
            j.last_event AS outcome`;

/**
 * Which of the outcomes ($1 ids, $2 attempts, $3 events) the ledger holds already, as the end of that attempt: their
 * answer was lost. A cancel takes the place of any; one that came after the attempt had ended does not.
 */
export const SELECT_RECORDED_OUTCOMES = `
  SELECT DISTINCT a.job_id AS id
  FROM unnest($1::uuid[], $2::integer[], $3::text[]) AS i (id, attempt, event)
  JOIN job_attempts a ON a.job_id = i.id AND a.attempt = i.attempt AND a.outcome IN (i.event, 'cancelled')`;

/**
 * Keeps on record, once, what came too late of attempts that had lost their claim ($1 ids, $2 attempts, $3 how they
 * ended). As evidence only: it changes nothing, and ends no attempt.
 */
export const RECORD_REFUSALS = `
  INSERT INTO job_events (job_id, attempt, event, at, worker_id, error)
  SELECT i.id, i.attempt, 'result_refused', date_trunc('milliseconds', clock_timestamp()), s.worker_id,
         jsonb_build_object('name', 'LeaseLost', 'message',
           'The attempt ended as ' || i.event || ' after its job had been taken over or ended')
  FROM unnest($1::uuid[], $2::integer[], $3::text[]) AS i (id, attempt, event)
  JOIN jobs j ON j.id = i.id
  JOIN LATERAL (
    SELECT e.worker_id FROM job_events e
    WHERE e.job_id = i.id AND e.attempt = i.attempt AND e.event = 'started' LIMIT 1) s ON true
  WHERE NOT EXISTS (
    SELECT FROM job_events e WHERE e.job_id = i.id AND e.attempt = i.attempt AND e.event = 'result_refused')
  ORDER BY i.id`;

/** Prolongs the leases of attempts ($1 ids, $2 attempts) by $3 seconds; answers with those still held. */
export const EXTEND_LEASES = `
  UPDATE jobs j
  SET lease_expires_at = date_trunc('milliseconds', clock_timestamp()) + $3 * interval '1 second'
  FROM unnest($1::uuid[], $2::integer[]) AS i (id, attempt)
  WHERE j.id = i.id AND j.attempts = i.attempt AND j.status = 'PROCESSING' AND j.lease_expires_at IS NOT NULL
  RETURNING j.id, j.lease_expires_at AS "leaseExpiresAt", j.cancel_requested_at IS NOT NULL AS "cancelRequested"`;

/**
 * The next jobs without a ticket that are due within $1 ms, of those with a lock only the ones that are due now,
 * locked; at most $2, the earliest first. now() and not clock_timestamp(), which no index can be searched for.
 */
export const SELECT_PROMOTABLE = `
  SELECT ${JOB_COLUMNS}
  FROM jobs j
  WHERE j.status = 'PENDING' AND NOT j.ticketed AND j.scheduled_at <= now() + $1 * interval '1 ms'
    AND (j.lock IS NULL OR j.scheduled_at <= now())
  ORDER BY j.scheduled_at
  LIMIT $2
  FOR UPDATE SKIP LOCKED`;

/** Marks locked rows ($1). One that has ended before waits again by a human hand, and is not to end at once. */
export const MARK_TICKETED = `
  UPDATE jobs
  SET ticketed = true, finished_at = NULL,
      cancel_requested_at = CASE WHEN finished_at IS NULL THEN cancel_requested_at END,
      error_fingerprint = CASE WHEN finished_at IS NULL THEN error_fingerprint END
  WHERE id = ANY($1)`;

/**
 * Milliseconds until the next job without a ticket is to get one: $1 ms before it is due, or with a lock when it is;
 * null when there is none.
 */
export const NEXT_PROMOTION = `
  SELECT extract(epoch FROM least(
           (SELECT min(scheduled_at) - $1 * interval '1 ms' FROM jobs
            WHERE status = 'PENDING' AND NOT ticketed AND lock IS NULL),
           (SELECT min(scheduled_at) FROM jobs WHERE status = 'PENDING' AND NOT ticketed AND lock IS NOT NULL)
         ) - clock_timestamp()) * 1000 AS ms`;

const STALLED = `
  SELECT j.id, j.type, j.queue, j.attempts, j.max_attempts AS "maxAttempts", j.backoff, j.worker_id AS "workerId",
         j.lease_expires_at AS "leaseExpiresAt", j.cancel_requested_at AS "cancelRequestedAt"
  FROM jobs j
  WHERE j.status = 'PROCESSING'`;

/**
 * What dead workers ($1: their ids) and expired leases still hold; at most $2 of each. Without the payloads: five
 * hundred of a megabyte each would not fit. A job that runs under nobody is the mender's: its worker may be well.
 */
export const SELECT_STALLED = `
  (${STALLED} AND j.lease_expires_at IS NULL AND j.worker_id = ANY($1) ORDER BY j.id LIMIT $2)
  UNION ALL
  (${STALLED} AND j.lease_expires_at < now() ORDER BY j.id LIMIT $2)`;
