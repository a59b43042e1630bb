/** Statements on `circuits`: what the workers know together of each job type that has one. */

/** Whoever took the right to probe claims its job within this time (s), or has lost the right. */
const PROBE_MUST_START_IN = 15;

/** Whether somebody may probe the circuit `c`: it has cooled down, and the last probe has ended, or never began. */
const MAY_PROBE = `
  (c.state = 'open' AND c.until <= clock_timestamp()
   OR c.state = 'half_open' AND c.probe_job IS NULL
      AND c.probe_taken_at < clock_timestamp() - interval '${PROBE_MUST_START_IN} s'
   OR c.state = 'half_open' AND c.probe_job IS NOT NULL AND NOT EXISTS (
      SELECT FROM jobs j
      WHERE j.id = c.probe_job AND j.attempts = c.probe_attempt AND j.status = 'PROCESSING'))`;

/** The columns of a Circuit. */
const CIRCUIT = `
  c.type, c.state, c.failures, c.openings, c.opened_at AS "openedAt", c.until,
  CASE WHEN c.probe_job IS NOT NULL
       THEN json_build_object('jobId', c.probe_job, 'attempt', c.probe_attempt) END AS probe`;

/** The circuits of types $1 that have a row, and whether somebody may probe them now. */
export const SELECT_CIRCUITS = `
  SELECT ${CIRCUIT}, ${MAY_PROBE} AS "mayProbe"
  FROM circuits c WHERE c.type = ANY($1)`;

/** Makes the circuit of type $1 if there is none, and locks it; what changes it has to be one after the other. */
export const LOCK_CIRCUIT = `
  INSERT INTO circuits AS c (type) VALUES ($1)
  ON CONFLICT (type) DO UPDATE SET type = excluded.type
  RETURNING ${CIRCUIT}, date_trunc('milliseconds', clock_timestamp()) AS now`;

/** Writes the circuit of type $1: state $2, failures $3, openings $4, opened at $5, until $6; no probe is under way. */
export const UPDATE_CIRCUIT = `
  UPDATE circuits
  SET state = $2, failures = $3, openings = $4, opened_at = $5, until = $6,
      probe = NULL, probe_taken_at = NULL, probe_job = NULL, probe_attempt = NULL
  WHERE type = $1`;

/** Takes the right to probe type $1, under the token $2; no row when somebody else has it, or it is not time yet. */
export const TAKE_PROBE = `
  UPDATE circuits c
  SET state = 'half_open', probe = $2, probe_taken_at = clock_timestamp(), probe_job = NULL, probe_attempt = NULL
  WHERE c.type = $1 AND ${MAY_PROBE}
  RETURNING c.type`;

/** Job $3 in attempt $4 is the probe of type $1 under the token $2; no row when the right was lost meanwhile. */
export const START_PROBE = `
  UPDATE circuits SET probe_job = $3, probe_attempt = $4
  WHERE type = $1 AND state = 'half_open' AND probe = $2 AND probe_job IS NULL
  RETURNING type`;

/** There was no job to probe type $1 with: gives the right under the token $2 back. */
export const RELEASE_PROBE = `
  UPDATE circuits SET state = 'open', probe = NULL, probe_taken_at = NULL
  WHERE type = $1 AND state = 'half_open' AND probe = $2 AND probe_job IS NULL`;
