import { FINAL_STATUSES } from '../job-status.sql.js';
import { CLOCK } from '../jobs.sql.js';
import { WORKFLOW_EVENTS } from '../settle/webhook-event.js';

/** Statements on workflows. A job is of a workflow when it has a name there (`workflow_ref`). */

/** Stores a workflow, or waits for whoever stores one of the same id or key, and then stores none. */
export const INSERT_WORKFLOW = `
  INSERT INTO workflows (id, name, kind, tags, jobs, open, on_finished, created_by, idempotency_key, fingerprint,
                         callback_url, created_at)
  VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, date_trunc('milliseconds', clock_timestamp()))
  ON CONFLICT DO NOTHING
  RETURNING id`;

/** The workflow of this id ($1), or of this key ($2) of this caller ($3). */
export const SELECT_SAME_WORKFLOW = `
  SELECT w.id, w.fingerprint FROM workflows w
  WHERE w.id = $1 OR (w.idempotency_key = $2 AND coalesce(w.created_by, '') = coalesce($3, ''))
  LIMIT 1`;

/** The jobs of a workflow ($1) under their names there, in the order they were sent or, of a workflow, can start. */
export const SELECT_MEMBERS = `
  SELECT j.id, j.workflow_ref AS ref, j.status FROM jobs j
  WHERE j.workflow_id = $1 AND j.workflow_ref IS NOT NULL ORDER BY j.id`;

/** Locks workflows ($1) in the order in which everybody does. */
export const LOCK_WORKFLOWS = `
  SELECT 1 FROM workflows w WHERE w.id = ANY($1) ORDER BY w.id FOR NO KEY UPDATE`;

/** Whether anybody may want to hear of the end of workflow w. A function, as every count would plan a look into webhooks. */
const IS_HEARD = `(w.callback_url IS NOT NULL OR is_listened_to('{${WORKFLOW_EVENTS.join(',')}}'))`;

/**
 * Counts jobs of workflows ($1) that have ended ($2 in all, $3 failed, $4 cancelled; below 0: that wait again). Whoever
 * brings a counter to 0 ends the workflow: nobody else does, since the row is locked from here on.
 */
export const COUNT_JOBS = `
  WITH ${CLOCK}
  UPDATE workflows w
  SET open = w.open - i.ended, failed = w.failed + i.failed, cancelled = w.cancelled + i.cancelled,
      finished_at = CASE WHEN w.open = i.ended THEN clock.now END,
      ends = w.ends + (w.open = i.ended)::integer
  FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::integer[]) AS i (id, ended, failed, cancelled)
  CROSS JOIN clock
  WHERE w.id = i.id
  RETURNING w.id, w.open, CASE WHEN w.open = 0 THEN w.on_finished END AS finisher,
            CASE WHEN w.open = 0 THEN ${IS_HEARD} ELSE false END AS "isHeard"`;

/** Notes which jobs ($2) follow the end of workflows ($1), in pairs. */
export const NOTE_FINISHERS = `
  UPDATE workflows w SET on_finished_job = i.job
  FROM unnest($1::uuid[], $2::uuid[]) AS i (id, job)
  WHERE w.id = i.id`;

const UNFINISHED = `j.workflow_ref IS NOT NULL AND j.status IN ('BLOCKED', 'PENDING', 'PROCESSING')`;

/**
 * Workflows ($1: at most) whose counter is not the number of their unfinished jobs. A job's end and its counting are
 * one transaction, so that one snapshot never shows this.
 */
export const SELECT_MISCOUNTED = `
  WITH actual AS MATERIALIZED (
    SELECT j.workflow_id AS id, count(*)::integer AS open FROM jobs j
    WHERE ${UNFINISHED} GROUP BY j.workflow_id)
  SELECT w.id FROM workflows w LEFT JOIN actual a ON a.id = w.id
  WHERE w.finished_at IS NULL AND w.open IS DISTINCT FROM coalesce(a.open, 0)
  UNION
  SELECT w.id FROM actual a JOIN workflows w ON w.id = a.id WHERE w.open <> a.open
  LIMIT $1`;

/** Counters of workflows ($1), locked. */
export const LOCK_COUNTERS = `
  SELECT w.id, w.jobs, w.open, w.failed, w.cancelled FROM workflows w
  WHERE w.id = ANY($1) ORDER BY w.id FOR NO KEY UPDATE`;

/** The jobs of locked workflows ($1), counted. A statement of its own: what is counted from now on waits for us. */
export const COUNT_MEMBERS = `
  SELECT w.id, count(j.id) FILTER (WHERE j.status NOT IN ${FINAL_STATUSES})::integer AS open,
         count(j.id) FILTER (WHERE j.status = 'FAILED')::integer AS failed,
         count(j.id) FILTER (WHERE j.status = 'CANCELLED')::integer AS cancelled,
         count(j.id) FILTER (WHERE j.status = 'COMPLETED')::integer AS completed
  FROM unnest($1::uuid[]) AS w (id)
  LEFT JOIN jobs j ON j.workflow_id = w.id AND j.workflow_ref IS NOT NULL
  GROUP BY w.id`;

/** Sets the counters of locked workflows ($1 ids, $2 open, $3 failed, $4 cancelled). */
export const SET_COUNTERS = `
  WITH ${CLOCK}
  UPDATE workflows w
  SET open = i.open, failed = i.failed, cancelled = i.cancelled,
      finished_at = CASE WHEN i.open > 0 THEN NULL ELSE coalesce(w.finished_at, clock.now) END,
      ends = w.ends + (i.open = 0 AND w.open > 0)::integer
  FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::integer[]) AS i (id, open, failed, cancelled)
  CROSS JOIN clock
  WHERE w.id = i.id
  RETURNING w.id, w.on_finished AS finisher, ${IS_HEARD} AS "isHeard"`;

/** Forgets workflows that ended more than $1 days, and $2 seconds, ago and have no job any more. */
export const DELETE_OLD_WORKFLOWS = `
  DELETE FROM workflows w
  WHERE w.finished_at < now() - greatest($1 * interval '1 day', $2 * interval '1 second')
    AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.workflow_id = w.id)`;
