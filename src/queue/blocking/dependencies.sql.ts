import { CLOCK } from '../jobs.sql.js';

/** Statements on jobs that wait for other jobs. */

/** What has to be known of a job that waits for others; without its payload, since a thousand may be told at once. */
const DEPENDENT_COLUMNS = `
  j.id, j.type, j.queue, j.status, j.lock, j.attempts, j.created_at AS "createdAt", j.scheduled_at AS "scheduledAt",
  j.open_dependencies AS "openDependencies", j.has_dependents AS "hasDependents", j.depends_on AS "dependsOn",
  j.workflow_id AS "workflowId", j.workflow_ref AS "workflowRef"`;

const WAITS_FOR_PARENTS = `j.status = 'BLOCKED' AND j.open_dependencies > 0`;

/** Parents ($1), held as they are until this transaction ends: none of them ends meanwhile. */
export const LOCK_PARENTS = `
  SELECT j.id, j.status FROM jobs j WHERE j.id = ANY($1) ORDER BY j.id FOR NO KEY UPDATE`;

/** Parents ($1) learn that somebody waits for them; whoever ends them looks for dependents only then. */
export const MARK_PARENTS = `UPDATE jobs SET has_dependents = true WHERE id = ANY($1) AND NOT has_dependents`;

/** Who ($2) waits for whom ($1), and what becomes of him when that one fails ($3). */
export const INSERT_DEPENDENCIES = `
  INSERT INTO job_dependencies (parent_id, child_id, on_failure)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[])
  ON CONFLICT DO NOTHING`;

/** Of parents ($1), those jobs that go on when they fail. */
export const SELECT_TOLERATED = `
  SELECT d.parent_id AS parent, d.child_id AS child FROM job_dependencies d
  WHERE d.parent_id = ANY($1) AND d.on_failure = 'continue'`;

/**
 * All jobs j that depend on jobs ($1) by edges that cancel, over jobs of this condition only, however far down: one
 * statement for a chain of a thousand, and not three for each of its links. Without the fences (OFFSET 0) the planner
 * reads all dependencies again at every link. Not locked; whoever acts on it looks again.
 */
export const selectBelow = (condition: string) => `
  WITH RECURSIVE above (id) AS (
    SELECT unnest($1::uuid[])
    UNION
    SELECT c.id
    FROM above a
    CROSS JOIN LATERAL (
      SELECT d.child_id FROM job_dependencies d
      WHERE d.parent_id = a.id AND d.on_failure = 'cancel' OFFSET 0) AS e
    CROSS JOIN LATERAL (SELECT j.id FROM jobs j WHERE j.id = e.child_id AND ${condition} OFFSET 0) AS c)
  SELECT id FROM above WHERE id <> ALL($1)`;

/** All that the failure of jobs ($1) cancels. */
export const SELECT_DOOMED = selectBelow(WAITS_FOR_PARENTS);

/** The jobs that depend on parents ($1). A statement of its own, after the parents have ended: from then on none comes. */
export const SELECT_CHILDREN = `SELECT DISTINCT d.child_id AS id FROM job_dependencies d WHERE d.parent_id = ANY($1)`;

/** Those of jobs ($1) that wait for others, locked. */
export const LOCK_DEPENDENTS = `
  SELECT ${DEPENDENT_COLUMNS}
  FROM jobs j
  WHERE j.id = ANY($1) AND ${WAITS_FOR_PARENTS}
  ORDER BY j.id
  FOR NO KEY UPDATE`;

/** Sets the open dependencies of locked rows ($1 ids, $2 how many there are now). No event: they still wait. */
export const SET_OPEN = `
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
  RETURNING ${DEPENDENT_COLUMNS}`;
