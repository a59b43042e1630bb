const NOW = `date_trunc('milliseconds', clock_timestamp())`;

/**
 * Deliveries as `Delivery` names their columns. What has become of one that is pending is for its job to say: that may
 * have been cancelled, or deleted, by hand.
 */
const DELIVERIES = `
  SELECT d.id, d.event_id AS "eventId", d.event, d.subject_id AS "subjectId", d.webhook_id AS "webhookId",
         coalesce(d.callback_url, w.url) AS url,
         CASE WHEN d.status <> 'pending' THEN d.status
              WHEN j.status = 'FAILED' THEN 'failed'
              WHEN j.id IS NULL OR j.status IN ('CANCELLED', 'COMPLETED') THEN 'cancelled'
              ELSE 'pending' END AS status,
         d.attempts, d.response_status AS "responseStatus", d.response_body AS "responseBody",
         d.duration_ms AS "durationMs", d.error, d.created_at AS "createdAt", d.attempted_at AS "attemptedAt",
         coalesce(d.finished_at, j.finished_at) AS "finishedAt",
         CASE WHEN d.status = 'pending' AND j.status = 'PENDING' THEN j.scheduled_at END AS "nextAttemptAt"
  FROM webhook_deliveries d
  LEFT JOIN jobs j ON j.id = d.id
  LEFT JOIN webhooks w ON w.id = d.webhook_id`;

/** At most $3 deliveries to endpoint $1 before the id $2 (null: the newest). */
export const SELECT_DELIVERIES_TO = `
  ${DELIVERIES} WHERE d.webhook_id = $1 AND ($2::uuid IS NULL OR d.id < $2::uuid) ORDER BY d.id DESC LIMIT $3`;

/** The same of those that tell of $1, a job or a workflow. */
export const SELECT_DELIVERIES_ABOUT = `
  ${DELIVERIES} WHERE d.subject_id = $1 AND ($2::uuid IS NULL OR d.id < $2::uuid) ORDER BY d.id DESC LIMIT $3`;

export const SELECT_DELIVERY = `${DELIVERIES} WHERE d.id = $1`;

/** Delivery $2 to endpoint $1 with all that it takes to make it again. */
export const SELECT_REPEATABLE = `
  SELECT d.event_id AS "eventId", d.event, d.subject_id AS "subjectId", d.body
  FROM webhook_deliveries d WHERE d.webhook_id = $1 AND d.id = $2`;

/**
 * Ends up to $4 deliveries to endpoint $1 that are still to be made, but $2, because of $3. Tests go on. Who ends the same
 * at the same time leaves them to each other.
 */
export const GIVE_UP_DELIVERIES = `
  UPDATE webhook_deliveries d
  SET status = 'cancelled', error = $3, finished_at = ${NOW}
  WHERE d.id IN (
    SELECT p.id FROM webhook_deliveries p
    WHERE p.webhook_id = $1 AND p.status = 'pending' AND p.event <> 'webhook.test' AND p.id <> $2
    ORDER BY p.id LIMIT $4 FOR UPDATE SKIP LOCKED)
  RETURNING d.id`;

/** Forgets what was delivered to endpoint $1, at most $2. */
export const FORGET_DELIVERIES_TO = `
  DELETE FROM webhook_deliveries d
  WHERE d.id IN (SELECT o.id FROM webhook_deliveries o WHERE o.webhook_id = $1 ORDER BY o.id LIMIT $2)`;
