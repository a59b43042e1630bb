const NOW = `date_trunc('milliseconds', clock_timestamp())`;

/** A row of webhooks as `Webhook` names its columns; the secrets stay where they are. */
const COLUMNS = `
  w.id, w.url, w.description, w.events, w.queues, w.types, w.enabled, w.disabled_at AS "disabledAt",
  w.disabled_reason AS "disabledReason", w.failures, w.failing_since AS "failingSince",
  CASE WHEN w.previous_secret_expires_at > ${NOW} THEN w.previous_secret_expires_at END AS "previousSecretExpiresAt",
  w.created_at AS "createdAt", w.updated_at AS "updatedAt"`;

/** Every endpoint, the newest first. */
export const SELECT_WEBHOOKS = `SELECT ${COLUMNS} FROM webhooks w ORDER BY w.id DESC`;

export const SELECT_WEBHOOK = `SELECT ${COLUMNS} FROM webhooks w WHERE w.id = $1`;

/** The same, locked; no stronger than an update takes it. */
export const LOCK_WEBHOOK = `${SELECT_WEBHOOK} FOR NO KEY UPDATE`;

/**
 * Stores an endpoint: $1 id, $2 url, $3 description, $4 events, $5 queues, $6 types, $7 sealed secret, $8 who; nothing
 * when there are $9 already. Two at the same moment may make one more, which does no harm.
 */
export const INSERT_WEBHOOK = `
  INSERT INTO webhooks AS w (id, url, description, events, queues, types, secret, created_by, created_at, updated_at)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, clock.now, clock.now
  FROM (SELECT ${NOW} AS now) AS clock
  WHERE (SELECT count(*) FROM webhooks) < $9
  RETURNING ${COLUMNS}`;

/** Changes an endpoint: $1 id, $2 url, $3 description, $4 events, $5 queues, $6 types. Another URL has not failed yet. */
export const UPDATE_WEBHOOK = `
  UPDATE webhooks w
  SET url = $2, description = $3, events = $4, queues = $5, types = $6,
      failures = CASE WHEN w.url = $2 THEN w.failures ELSE 0 END,
      failing_since = CASE WHEN w.url = $2 THEN w.failing_since END,
      held_until = CASE WHEN w.url = $2 THEN w.held_until END,
      updated_at = ${NOW}
  WHERE w.id = $1
  RETURNING ${COLUMNS}`;

/** Endpoint $1 gets another secret ($2); the present one signs too, for $3 seconds. */
export const ROTATE_SECRET = `
  UPDATE webhooks w
  SET previous_secret = w.secret, previous_secret_expires_at = ${NOW} + $3 * interval '1 s', secret = $2,
      updated_at = ${NOW}
  WHERE w.id = $1
  RETURNING ${COLUMNS}`;

/** Endpoint $1 hears of what happens from now on. */
export const ENABLE_WEBHOOK = `
  UPDATE webhooks w
  SET enabled = true, disabled_at = NULL, disabled_reason = NULL, failures = 0, failing_since = NULL,
      held_until = NULL, probed_until = NULL, updated_at = ${NOW}
  WHERE w.id = $1
  RETURNING ${COLUMNS}`;

/** Endpoint $1 hears of nothing from now on, because of $2; the first reason stays. */
export const DISABLE_WEBHOOK = `
  UPDATE webhooks w
  SET enabled = false, disabled_at = coalesce(w.disabled_at, ${NOW}),
      disabled_reason = coalesce(w.disabled_reason, $2),
      updated_at = CASE WHEN w.enabled THEN ${NOW} ELSE w.updated_at END
  WHERE w.id = $1
  RETURNING ${COLUMNS}`;

export const DELETE_WEBHOOK = `DELETE FROM webhooks w WHERE w.id = $1 RETURNING ${COLUMNS}`;
