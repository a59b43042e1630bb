import { CLOCK, JOB_COLUMNS } from '../jobs.sql.js';

/** Statements on jobs that wait for other jobs. */

/** Parents ($1), held as they are until this transaction ends: none of them ends meanwhile. */
export const LOCK_PARENTS = `
  SELECT j.id, j.status FROM jobs j WHERE j.id = ANY($1) ORDER BY j.id FOR NO KEY UPDATE`;

/** Parents ($1) learn that somebody waits for them; whoever ends them looks for dependents only then. */
export const MARK_PARENTS = `UPDATE jobs SET has_dependents = true WHERE id = ANY($1) AND NOT has_dependents`;

export const INSERT_DEPENDENCIES = `
  INSERT INTO job_dependencies (parent_id, child_id)
  SELECT * FROM unnest($1::uuid[], $2::uuid[])
  ON CONFLICT DO NOTHING`;

/** The jobs that wait for parents ($1), locked. A statement of its own, after the parents have ended. */
export const LOCK_DEPENDENTS = `
  SELECT ${JOB_COLUMNS}
  FROM jobs j
  WHERE j.id IN (SELECT d.child_id FROM job_dependencies d WHERE d.parent_id = ANY($1))
    AND j.status = 'BLOCKED' AND j.open_dependencies > 0
  ORDER BY j.id
  FOR NO KEY UPDATE`;

/** Counts down the open dependencies of locked rows ($1 ids, $2 how many are left). No event: they still wait. */
export const COUNT_DOWN = `
  UPDATE jobs j SET open_dependencies = i.open
  FROM unnest($1::uuid[], $2::integer[]) AS i (id, open)
  WHERE j.id = i.id`;

/** Cancels locked rows ($1: JSON rows) because of the job that each of them waited for. */
export const CANCEL_DEPENDENTS = `
  WITH ${CLOCK}
  UPDATE jobs j
  SET status = 'CANCELLED', open_dependencies = 0, ticketed = false, error_message = i.error ->> 'message',
      finished_at = clock.now, updated_at = clock.now, last_event = 'cancelled', last_error = i.error,
      last_actor = NULL
  FROM json_to_recordset($1::json) AS i (id uuid, error jsonb)
  CROSS JOIN clock
  WHERE j.id = i.id
  RETURNING ${JOB_COLUMNS}`;
