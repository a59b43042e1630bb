import type { Prepared } from '../../database/index.js';
import { CLOCK } from '../jobs.sql.js';
import { LINE } from '../line/ticket.sql.js';
import { ALONE, SUSPECT_AFTER } from '../suspicion.js';

/** What a claim by worker $3, until $4 when it is an external one, writes into a job's row. */
export const STARTED = `
  status = 'PROCESSING', attempts = j.attempts + 1, worker_id = $3, lease_expires_at = $4, ticketed = false,
  started_at = clock.now, updated_at = clock.now, last_event = 'started', last_error = NULL, last_actor = NULL`;

/** The columns of a ClaimedJob. */
export const CLAIMED = `
  j.id, j.type, j.queue, j.priority, j.payload, j.attempts, j.max_attempts AS "maxAttempts", j.interruptions,
  j.interruptions_alone AS "interruptionsAlone", j.timeout, j.backoff, j.created_at AS "createdAt",
  j.scheduled_at AS "scheduledAt", j.started_at AS "startedAt", j.trace_parent AS "traceParent"`;

/** Takes jobs ($1: ids of consumed tickets) of queue $2; of those that must run alone only $5. */
export const CLAIM_JOBS = `
  WITH ${CLOCK}
  UPDATE jobs j
  SET ${STARTED}
  FROM clock
  WHERE j.id = ANY($1) AND j.queue = $2 AND j.status = 'PENDING' AND j.scheduled_at <= clock.now
    AND (j.interruptions < ${SUSPECT_AFTER} OR j.id = ANY($5))
  RETURNING ${CLAIMED}`;

/**
 * A whole claim: takes up to $1 tickets of queue $2 out of the line and starts their jobs; only of kinds $5, unless that
 * is null, and of those that must run alone only the $6 oldest. It waits for no row longer than $7 ms. All or nothing:
 * it fails with UNEQUAL when the job of a ticket may not start after all.
 *
 * The line is looked at only when the queue is open, which is asked, and waited for, first; it fails with LIMITED when the
 * queue has limits.
 */
export const CLAIM_FROM_LINE: Prepared = {
  name: 'claim_from_line',
  text: `
  WITH ${CLOCK},
  gate AS MATERIALIZED (
    SELECT enter_line($2) AS is_open, set_config('lock_timeout', $7::text, true)),
  head AS MATERIALIZED (
    SELECT t.ctid AS place, t.id, starts_with(t.group_id, '${ALONE}') AS is_alone
    FROM ${LINE} t
    WHERE (SELECT is_open FROM gate)
      AND t.name = $2 AND t.state < 'active' AND NOT t.blocked AND t.start_after <= now()
      AND ($5::text[] IS NULL OR t.group_id = ANY($5)) AND ($6 > 0 OR NOT starts_with(t.group_id, '${ALONE}'))
    ORDER BY t.priority DESC, t.created_on
    LIMIT $1
    FOR UPDATE SKIP LOCKED),
  taken AS MATERIALIZED (
    DELETE FROM ${LINE} t
    WHERE t.ctid = ANY (ARRAY(
      (SELECT place FROM head WHERE NOT is_alone)
      UNION ALL
      (SELECT place FROM head WHERE is_alone ORDER BY id LIMIT $6)))
    RETURNING t.id, starts_with(t.group_id, '${ALONE}') AS is_alone),
  started AS MATERIALIZED (
    UPDATE jobs j
    SET ${STARTED}
    FROM (SELECT * FROM taken ORDER BY id) t CROSS JOIN clock
    WHERE j.id = t.id AND j.queue = $2 AND j.status = 'PENDING' AND j.scheduled_at <= clock.now
      AND (t.is_alone OR j.interruptions < ${SUSPECT_AFTER})
    RETURNING ${CLAIMED})
  SELECT * FROM started WHERE refuse_unequal((SELECT count(*) FROM taken), (SELECT count(*) FROM started))`,
};
