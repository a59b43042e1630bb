/** Statements on `queues`: the list of them, and which are paused. */

/** Enters queue $1 in the list. */
export const REGISTER_QUEUE = `INSERT INTO queues (name) VALUES ($1) ON CONFLICT DO NOTHING`;

/**
 * Whether jobs of queue $1 may be claimed; until this transaction ends no pause begins. It fails with LIMITED when the
 * queue has limits. From here on it waits for no row longer than $2 ms; set on the way, because a statement of its own
 * would cost every claim a round trip.
 */
export const ENTER_QUEUE = `SELECT enter_line($1) AS "isOpen", set_config('lock_timeout', $2::text, true)`;

/** Waits for the claims of queue $1 that are under way; others wait for this transaction to end. */
export const BAR_QUEUE = `SELECT bar_queue($1)`;

/** Whether the pause of a row q of `queues` is in force. */
export const IS_PAUSED = `(q.paused_at IS NOT NULL AND (q.paused_until IS NULL OR q.paused_until > clock_timestamp()))`;

/** Since when the queue of a row q of `queues` is open, after its latest pause; null = it was never paused. */
export const OPENED_AT = `
  greatest(q.opened_at, CASE WHEN q.paused_until <= clock_timestamp() THEN q.paused_until END)`;

/** Whether and why queue $1 is paused, locked. */
export const LOCK_PAUSE = `
  SELECT ${IS_PAUSED} AS "isPaused", q.pause_reason AS reason, q.paused_until AS until
  FROM queues q WHERE q.name = $1 FOR UPDATE`;

/** Pauses queue $1, by $2, because of $3, until $4; one that is paused already stays so since its first pause. */
export const PAUSE_QUEUE = `
  UPDATE queues q
  SET paused_at = CASE WHEN ${IS_PAUSED} THEN q.paused_at ELSE date_trunc('milliseconds', clock_timestamp()) END,
      paused_by = $2, pause_reason = $3, paused_until = $4, updated_at = now()
  WHERE q.name = $1`;

/** Ends the pause of queue $1, and keeps in mind since when its jobs may start again. */
export const RESUME_QUEUE = `
  UPDATE queues q
  SET opened_at = CASE WHEN ${IS_PAUSED} THEN date_trunc('milliseconds', clock_timestamp()) ELSE ${OPENED_AT} END,
      paused_at = NULL, paused_by = NULL, pause_reason = NULL, paused_until = NULL, updated_at = now()
  WHERE q.name = $1`;
