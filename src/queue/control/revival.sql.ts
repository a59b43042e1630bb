import { selectBelow } from '../blocking/dependencies.sql.js';
import { DEPENDENCY_FAILED } from '../blocking/fates.js';

/** Cancelled because of a parent, as `hasFallen` has it. */
const HAS_FALLEN = `
  j.status = 'CANCELLED' AND j.last_event = 'cancelled' AND j.cancel_requested_at IS NULL
  AND j.last_error ->> 'name' = '${DEPENDENCY_FAILED}'`;

/** All that was cancelled because of jobs ($1). */
export const SELECT_FOLLOWERS = selectBelow(HAS_FALLEN);

/** How jobs ($1) stand right now, held by nobody. */
export const SELECT_STATUSES = `SELECT j.id, j.status FROM jobs j WHERE j.id = ANY($1)`;
