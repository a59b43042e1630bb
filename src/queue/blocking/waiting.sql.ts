import { CLOCK, JOB_COLUMNS } from '../jobs.sql.js';

/** Statements on jobs that wait: their rows are locked first, in the order of their ids, then decided on. */

/** Locks jobs ($1) that are still behind a lock and nothing else. */
export const LOCK_BLOCKED = `
  SELECT j.id FROM jobs j
  WHERE j.id = ANY($1) AND j.status = 'BLOCKED' AND j.open_dependencies = 0
  ORDER BY j.id
  FOR UPDATE`;

/** Lets locked rows ($1) into the line: nothing is in their way any more. */
export const UNBLOCK_JOBS = `
  WITH ${CLOCK}
  UPDATE jobs j
  SET status = 'PENDING', ticketed = true, updated_at = clock.now, last_event = 'unblocked', last_error = NULL,
      last_actor = NULL
  FROM clock
  WHERE j.id = ANY($1)
  RETURNING ${JOB_COLUMNS}`;

/**
 * Puts waiting jobs, whose rows this transaction has locked ($1: JSON rows of Placing), where they belong. What is
 * null stays as it is; a time that has passed means now.
 */
export const PLACE_JOBS = `
  WITH ${CLOCK}
  UPDATE jobs j
  SET status = i.status,
      ticketed = i.ticketed,
      queue = coalesce(i.queue, j.queue),
      priority = coalesce(i.priority, j.priority),
      payload = coalesce(i.payload, j.payload),
      scheduled_at = CASE WHEN i.scheduled_at IS NULL THEN j.scheduled_at ELSE greatest(clock.now, i.scheduled_at) END,
      open_dependencies = i.open_dependencies,
      max_attempts = j.max_attempts + i.raise,
      interruptions = CASE WHEN i.starts_over THEN 0 ELSE j.interruptions END,
      interruptions_alone = CASE WHEN i.starts_over THEN 0 ELSE j.interruptions_alone END,
      cancel_requested_at = NULL,
      finished_at = NULL,
      error_fingerprint = NULL,
      updated_at = clock.now,
      last_event = i.event,
      last_error = NULL,
      last_actor = i.actor
  FROM json_to_recordset($1::json) AS i (
         id uuid, status job_status, ticketed boolean, queue text, priority smallint, payload jsonb,
         scheduled_at timestamptz, open_dependencies integer, raise integer, starts_over boolean, event text, actor text)
  CROSS JOIN clock
  WHERE j.id = i.id
  RETURNING ${JOB_COLUMNS}`;
