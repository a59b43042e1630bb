import { FINAL_STATUSES } from '../job-status.sql.js';
import { CLOCK, JOB_COLUMNS } from '../jobs.sql.js';

/** Statements of those who intervene: cancel, discard. */

/** Cancels locked rows ($1: ids) that wait, because $2 wants it. */
export const CANCEL_WAITING = `
  WITH ${CLOCK}
  UPDATE jobs j
  SET status = 'CANCELLED', ticketed = false, open_dependencies = 0, cancel_requested_at = clock.now,
      finished_at = clock.now, updated_at = clock.now, last_event = 'cancelled', last_error = NULL, last_actor = $2
  FROM clock
  WHERE j.id = ANY($1)
  RETURNING ${JOB_COLUMNS}`;

/** Asks the workers of locked rows ($1: ids) to end them, because $2 wants it. */
export const REQUEST_CANCEL = `
  WITH ${CLOCK}
  UPDATE jobs j
  SET cancel_requested_at = clock.now, updated_at = clock.now, last_event = 'cancel_requested', last_error = NULL,
      last_actor = $2
  FROM clock
  WHERE j.id = ANY($1)
  RETURNING ${JOB_COLUMNS}`;

/** Deletes jobs ($1: ids) that have ended; a trigger takes their history along and keeps their idempotency keys. */
export const DELETE_ENDED = `
  DELETE FROM jobs j WHERE j.id = ANY($1) AND j.status IN ${FINAL_STATUSES}
  RETURNING ${JOB_COLUMNS}`;

/** Where the tickets of jobs ($1) are. */
export const SELECT_TICKETED = `
  SELECT j.id, j.queue FROM jobs j WHERE j.id = ANY($1) AND j.status = 'PENDING' AND j.ticketed`;
