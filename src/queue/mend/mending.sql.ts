import { JOBS_OF_KIND, kindsOf } from '../counts/kinds.sql.js';
import { FINAL_STATUSES } from '../job-status.sql.js';
import { ALONE, SUSPECT_AFTER } from '../suspicion.js';

/** Statements that find what a human hand or a fault has left behind. What they find is locked as far as they can. */

/** What has to be known of a job to give it another place; without the payload, which may be large. */
export const PLACE_COLUMNS = `
  j.id, j.queue, j.type, j.status, j.priority, j.attempts, j.interruptions, j.lock, j.ticketed, j.created_at AS "createdAt",
  j.updated_at AS "updatedAt", j.scheduled_at AS "scheduledAt", j.finished_at AS "finishedAt",
  j.open_dependencies AS "openDependencies", j.depends_on AS "dependsOn"`;

/** Its predicate is that of an index, which is empty as long as nobody changes a status by hand. */
const END_DOES_NOT_FIT = `((j.finished_at IS NULL) = (j.status IN ${FINAL_STATUSES}))`;

/** Jobs ($1: at most) that have ended without a time of it: whoever set them to an end told nobody else. */
export const FINISH_ENDED = `
  UPDATE jobs j
  SET finished_at = date_trunc('milliseconds', clock_timestamp()), lease_expires_at = NULL
  WHERE j.id IN (
    SELECT j.id FROM jobs j WHERE ${END_DOES_NOT_FIT} AND j.status IN ${FINAL_STATUSES}
    ORDER BY j.id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED)
  RETURNING j.id, j.queue, j.type, j.status, j.lock, j.has_dependents AS "hasDependents", j.workflow_id AS "workflowId",
    j.workflow_ref AS "workflowRef"`;

/** Jobs ($1: at most) that have ended and wait or run all the same: somebody wants them to run once more. */
export const REVIVE_ENDED = `
  UPDATE jobs j
  SET finished_at = NULL, error_fingerprint = NULL,
      cancel_requested_at = CASE WHEN j.status = 'PROCESSING' THEN j.cancel_requested_at END
  WHERE j.id IN (
    SELECT j.id FROM jobs j WHERE ${END_DOES_NOT_FIT} AND j.status NOT IN ${FINAL_STATUSES}
    ORDER BY j.id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED)
  RETURNING j.id`;

/**
 * Jobs ($1: at most) that run under nobody get back the worker that the ledger names, so that it, or whoever finds it
 * dead, ends the attempt. Of those that no worker has started the attempt never was: they wait again.
 */
export const RESTORE_WORKERS = `
  WITH lost AS (
    SELECT j.id FROM jobs j
    WHERE j.status = 'PROCESSING' AND j.worker_id IS NULL AND j.lease_expires_at IS NULL
    ORDER BY j.id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
  ), known AS (
    SELECT l.id, a.worker_id
    FROM lost l
    JOIN jobs j ON j.id = l.id
    LEFT JOIN job_attempts a ON a.job_id = l.id AND a.attempt = j.attempts AND a.worker_id IS NOT NULL
                            AND (a.outcome IS NULL OR a.outcome = 'edited')
  )
  UPDATE jobs j
  SET worker_id = k.worker_id,
      status = CASE WHEN k.worker_id IS NULL THEN 'PENDING'::job_status ELSE j.status END,
      ticketed = false,
      last_event = CASE WHEN k.worker_id IS NULL THEN 'mended' ELSE j.last_event END,
      last_actor = CASE WHEN k.worker_id IS NULL THEN NULL ELSE j.last_actor END,
      last_error = CASE WHEN k.worker_id IS NULL THEN NULL ELSE j.last_error END,
      updated_at = CASE WHEN k.worker_id IS NULL THEN date_trunc('milliseconds', clock_timestamp()) ELSE j.updated_at END
  FROM known k
  WHERE j.id = k.id
  RETURNING j.id`;

/**
 * Leases ($1: jobs at most) that end later than any that is given: the job would never be taken back from a worker
 * that died. One of our own workers needs none, and who else holds it has to ask again.
 */
export const END_LEASES = `
  UPDATE jobs j
  SET lease_expires_at = CASE WHEN NOT EXISTS (SELECT 1 FROM workers w WHERE w.id = j.worker_id AND NOT w.is_external) THEN now() END
  WHERE j.id IN (
    SELECT j.id FROM jobs j
    WHERE j.status = 'PROCESSING' AND j.lease_expires_at > now() + interval '1 day'
    ORDER BY j.id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED)
  RETURNING j.id`;

/** Gives unfinished jobs ($1: at most) the unique key back that is theirs, if no other job has it. */
export const RESTORE_KEYS = `
  INSERT INTO job_keys (kind, key, owner, job_id, held_while)
  SELECT 'unique', j.unique_key, '', j.id, j.unique_while
  FROM jobs j
  WHERE j.unique_key IS NOT NULL AND j.status IN ('PENDING', 'BLOCKED', 'PROCESSING')
    AND (j.unique_while = 'unfinished' OR (j.unique_while = 'waiting' AND j.attempts = 0 AND j.status <> 'PROCESSING'))
    AND NOT EXISTS (SELECT 1 FROM job_keys k WHERE k.kind = 'unique' AND k.key = j.unique_key AND k.owner = '')
  ORDER BY j.unique_key, j.id
  LIMIT $1
  ON CONFLICT DO NOTHING
  RETURNING job_id AS id`;

/** Enters queues that the engine has ($1: at most) in the list of queues; older builds enter new ones a moment later. */
export const RESTORE_QUEUES = `
  INSERT INTO queues (name)
  SELECT q.name FROM pgboss.queue q
  WHERE q.name NOT LIKE '\\_\\_%' AND q.created_on < now() - interval '1 minute'
    AND NOT EXISTS (SELECT 1 FROM queues o WHERE o.name = q.name)
  LIMIT $1
  ON CONFLICT DO NOTHING
  RETURNING name AS id`;

/** What is younger than this may belong to a transaction that commits just now; what is from the future does not. */
const SETTLED_LONG_AGO = (time: string) =>
  `(${time} < now() - interval '5 seconds' OR ${time} > now() + interval '5 seconds')`;

/** A ticket t that is out of line and that no key knows of, which would put it back. */
const IS_LOST_IN_PARKING = `
  (t.blocked AND NOT EXISTS (
     SELECT 1 FROM limit_states s WHERE s.queue = t.name AND s.key = j.limit_key AND s.key <> '' AND s.is_parked))`;

/** A ticket t is what tickets.ts makes of its job j; one of a job that is due in more than two minutes is too early. */
const DOES_NOT_FIT = `
  (j.id IS NULL OR j.status <> 'PENDING' OR NOT j.ticketed OR j.queue <> t.name
   OR t.state NOT IN ('created', 'retry') OR ${IS_LOST_IN_PARKING}
   OR t.group_id IS DISTINCT FROM CASE WHEN j.interruptions >= ${SUSPECT_AFTER} THEN '${ALONE}' ELSE '' END || j.type
   OR t.priority <> 2 * (11 - j.priority) + CASE WHEN j.attempts > 0 THEN 1 ELSE 0 END
   OR t.start_after > greatest(j.scheduled_at, now()) + interval '1 second'
   OR j.scheduled_at > now() + interval '2 minutes')`;

/**
 * Tickets ($1: at most) that are not the place of a waiting job. Compared as wholes: to look up a million tickets one
 * by one takes ten times as long, which a limit within would tempt the planner to.
 */
export const FIND_WRONG_TICKETS = `
  WITH wrong AS MATERIALIZED (
    SELECT t.name AS queue, t.id
    FROM pgboss.job t
    LEFT JOIN jobs j ON j.id = t.id AND j.status = 'PENDING' AND j.ticketed
    WHERE ${SETTLED_LONG_AGO('t.created_on')} AND ${DOES_NOT_FIT})
  SELECT id, queue FROM wrong LIMIT $1`;

/**
 * Those of them ($1 ids, $2 queues) that are so still, locked: a settle that is about to replace one waits, so that its
 * new ticket cannot be taken for the old one.
 */
export const LOCK_WRONG_TICKETS = `
  SELECT t.name AS queue, t.id
  FROM unnest($1::uuid[], $2::text[]) AS i (id, queue)
  JOIN pgboss.job t ON t.name = i.queue AND t.id = i.id
  LEFT JOIN jobs j ON j.id = t.id
  WHERE ${SETTLED_LONG_AGO('t.created_on')} AND ${DOES_NOT_FIT}
  FOR UPDATE OF t SKIP LOCKED`;

/** Tickets ($1 ids, $2 queues) in queues that are none of ours, such as the engine's own. */
export const DELETE_FOREIGN_TICKETS = `
  DELETE FROM pgboss.job t
  USING unnest($1::uuid[], $2::text[]) AS i (id, queue)
  WHERE t.id = i.id AND t.name = i.queue`;

/** Whether job j believes that it has a ticket and has none. */
const HAS_LOST_TICKET = `
  j.status = 'PENDING' AND j.ticketed AND ${SETTLED_LONG_AGO('j.updated_at')}
  AND NOT EXISTS (SELECT 1 FROM pgboss.job t WHERE t.name = j.queue AND t.id = j.id)`;

/** At most $1 of them; compared as wholes, too. */
export const FIND_LOST_TICKETS = `
  WITH lost AS MATERIALIZED (
    SELECT j.id, j.queue
    FROM (${kindsOf(["k.status = 'PENDING'"])}) AS k JOIN jobs j ON ${JOBS_OF_KIND}
    WHERE ${HAS_LOST_TICKET})
  SELECT id, queue FROM lost LIMIT $1`;

/**
 * Those of them ($1) that are so still, locked. Those whose time is more than $2 ms away, or that wait for a lock they
 * may only ask for then, get theirs later.
 */
export const LOCK_LOST_TICKETS = `
  SELECT ${PLACE_COLUMNS},
         j.scheduled_at <= now() OR (j.scheduled_at <= now() + $2 * interval '1 ms'
                                     AND (j.lock IS NULL OR j.attempts > 0)) AS "isSoon"
  FROM jobs j
  WHERE j.id = ANY($1) AND ${HAS_LOST_TICKET}
  ORDER BY j.id
  FOR UPDATE OF j SKIP LOCKED`;

/** Takes locked rows ($1) out of the line, and writes down that somebody had to. */
export const TAKE_OUT_OF_LINE = `
  UPDATE jobs
  SET ticketed = false, updated_at = date_trunc('milliseconds', clock_timestamp()), last_event = 'mended',
      last_error = NULL, last_actor = NULL
  WHERE id = ANY($1)`;
