/** Every statement on `jobs` that moves a job. Times are cut to milliseconds, never rounded up: a job that is
 *  due "now" must not lie a fraction in the future. */

/** A row as the Job entity names its columns. */
export const JOB_COLUMNS = `
  j.id, j.type, j.queue, j.status, j.priority, j.payload, j.result, j.error_message AS "errorMessage",
  j.attempts, j.max_attempts AS "maxAttempts", j.base_max_attempts AS "baseMaxAttempts", j.interruptions,
  j.interruptions_alone AS "interruptionsAlone",
  j.timeout, j.backoff, j.idempotency_key AS "idempotencyKey", j.lock, j.unique_key AS "uniqueKey",
  j.unique_while AS "uniqueWhile", j.limit_key AS "limitKey", j.limited, j.tags, j.workflow_id AS "workflowId",
  j.workflow_ref AS "workflowRef", j.depends_on AS "dependsOn", j.open_dependencies AS "openDependencies",
  j.has_dependents AS "hasDependents",
  j.ticketed, j.worker_id AS "workerId", j.lease_expires_at AS "leaseExpiresAt",
  j.cancel_requested_at AS "cancelRequestedAt", j.created_by AS "createdBy", j.created_at AS "createdAt",
  j.updated_at AS "updatedAt", j.scheduled_at AS "scheduledAt", j.started_at AS "startedAt",
  j.finished_at AS "finishedAt", j.last_event AS "lastEvent", j.last_error AS "lastError",
  j.error_fingerprint AS "errorFingerprint", j.last_actor AS "lastActor", j.callback_url AS "callbackUrl",
  j.trace_parent AS "traceParent"`;

export const CLOCK = `clock AS MATERIALIZED (SELECT date_trunc('milliseconds', clock_timestamp()) AS now)`;

export const SELECT_JOBS = `SELECT ${JOB_COLUMNS} FROM jobs j WHERE j.id = ANY($1)`;

/** The same, locked. */
export const LOCK_JOBS = `
  SELECT ${JOB_COLUMNS} FROM jobs j WHERE j.id = ANY($1) ORDER BY j.id FOR NO KEY UPDATE`;

/** Which of the jobs ($1) nobody has locked; from here on we have. */
export const LOCK_FREE_JOBS = `
  SELECT j.id FROM jobs j WHERE j.id = ANY($1) ORDER BY j.id FOR NO KEY UPDATE SKIP LOCKED`;

/** Jobs that are gone, as the forget_jobs trigger kept them ($1: a JSON array). */
export const SELECT_PURGED_JOBS = `SELECT ${JOB_COLUMNS} FROM jsonb_populate_recordset(NULL::jobs, $1::jsonb) j`;

/** Jobs ($1) of queue $2 whose ticket was consumed although they may not start yet: they need another one. */
export const SELECT_WAITING = `
  SELECT j.id, j.queue, j.type, j.priority, j.attempts, j.interruptions, j.scheduled_at AS "scheduledAt"
  FROM jobs j WHERE j.id = ANY($1) AND j.queue = $2 AND j.status = 'PENDING'`;

/** When a leased attempt must end. A job that says nothing of it has the longest timeout there is. */
const TIME_IS_UP = `(j.started_at + coalesce(j.timeout, 86400) * interval '1 second')`;

/**
 * Prolongs the leases of attempts ($1 ids, $2 attempts) to end in $3 seconds, but never beyond the attempt's timeout;
 * answers with those still held. One that is to be cancelled keeps its end: it is over then, whatever its worker does.
 */
export const EXTEND_LEASES = `
  UPDATE jobs j
  SET lease_expires_at =
        CASE WHEN j.cancel_requested_at IS NOT NULL THEN j.lease_expires_at
             ELSE least(date_trunc('milliseconds', clock_timestamp()) + $3 * interval '1 second', ${TIME_IS_UP}) END
  FROM unnest($1::uuid[], $2::integer[]) AS i (id, attempt)
  WHERE j.id = i.id AND j.attempts = i.attempt AND j.status = 'PROCESSING' AND j.lease_expires_at IS NOT NULL
    AND ${TIME_IS_UP} > clock_timestamp()
  RETURNING j.id, j.lease_expires_at AS "leaseExpiresAt", j.cancel_requested_at IS NOT NULL AS "cancelRequested"`;

/** now() and not clock_timestamp(), which no index can be searched for. */
const promotable = (which: string) => `
  SELECT ${JOB_COLUMNS}
  FROM jobs j
  WHERE j.status = 'PENDING' AND NOT j.ticketed AND ${which}
  ORDER BY j.scheduled_at
  LIMIT $1
  FOR UPDATE SKIP LOCKED`;

/** The next $1 jobs without lock and ticket that are due within $2 ms, the earliest first; their rows are locked. */
export const SELECT_PROMOTABLE = promotable(
  `j.lock IS NULL AND j.scheduled_at <= now() + $2 * interval '1 ms'`,
);

/** The next $1 jobs with a lock, but none of $2, and without ticket that are due now. */
export const SELECT_PROMOTABLE_LOCKED = promotable(
  'j.scheduled_at <= now() AND j.lock IS NOT NULL AND j.lock <> ALL($2)',
);

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
         j.lease_expires_at AS "leaseExpiresAt", j.cancel_requested_at AS "cancelRequestedAt", j.interruptions,
         j.interruptions_alone AS "interruptionsAlone", j.lease_expires_at >= ${TIME_IS_UP} AS "isOverdue"
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
