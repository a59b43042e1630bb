const NOW = `date_trunc('milliseconds', clock_timestamp())`;

/** Delivery $1 with where it goes: an endpoint as it is now, or the URL that came with the job. */
export const SELECT_DUE_DELIVERY = `
  SELECT d.id, d.event_id AS "eventId", d.event, d.status, d.attempts, d.body, d.webhook_id AS "webhookId",
         d.callback_url AS "callbackUrl", w.url, coalesce(w.enabled, false) AS enabled,
         w.disabled_reason AS "disabledReason", w.secret,
         CASE WHEN w.previous_secret_expires_at > ${NOW} THEN w.previous_secret END AS "previousSecret",
         w.held_until IS NOT NULL AS "isHeld",
         coalesce(extract(epoch FROM w.held_until - ${NOW}), 0)::float8 AS "heldFor",
         coalesce(extract(epoch FROM ${NOW} - w.failing_since), 0)::float8 AS "failingFor"
  FROM webhook_deliveries d LEFT JOIN webhooks w ON w.id = d.webhook_id
  WHERE d.id = $1`;

/**
 * Of all who find that endpoint $1 has been left alone for long enough, one may try it, within $2 seconds, which is longer
 * than a try takes.
 */
export const TAKE_PROBE = `
  UPDATE webhooks SET probed_until = ${NOW} + $2 * interval '1 s'
  WHERE id = $1 AND held_until <= ${NOW} AND (probed_until IS NULL OR probed_until <= ${NOW})
  RETURNING id`;

/** What came of a try of delivery $1: its status $2, the answer's status $3 and body $4, ms $5, error $6. */
export const RECORD_ATTEMPT = `
  UPDATE webhook_deliveries
  SET status = $2, attempts = attempts + 1, response_status = $3, response_body = $4, duration_ms = $5, error = $6,
      attempted_at = ${NOW}, finished_at = CASE WHEN $2 <> 'pending' THEN ${NOW} END
  WHERE id = $1`;

/** Why delivery $1 could not be tried: $2. */
export const NOTE_HINDRANCE = `UPDATE webhook_deliveries SET error = $2 WHERE id = $1`;

/** Delivery $1 is not made, because of $2. */
export const CANCEL_DELIVERY = `
  UPDATE webhook_deliveries SET status = 'cancelled', error = $2, finished_at = ${NOW}
  WHERE id = $1 AND status <> 'delivered'`;

/** Endpoint $1 works; it mostly has before. */
export const RECORD_SUCCESS = `
  UPDATE webhooks SET failures = 0, failing_since = NULL, held_until = NULL, probed_until = NULL WHERE id = $1 AND failures > 0`;

/**
 * Endpoint $1 has failed once more. After $2 failures in a row it is left alone for $3 seconds, and twice as long after
 * each further one, up to $4. Answers with how long (s) it has been failing.
 */
export const RECORD_FAILURE = `
  UPDATE webhooks w
  SET failures = w.failures + 1, failing_since = coalesce(w.failing_since, ${NOW}), probed_until = NULL,
      held_until = CASE WHEN w.failures + 1 >= $2::integer
        THEN ${NOW} + least($4::float8, $3::float8 * 2 ^ least(w.failures + 1 - $2::integer, 20)) * interval '1 s' END
  WHERE w.id = $1
  RETURNING extract(epoch FROM ${NOW} - failing_since)::float8 AS "failingFor"`;
