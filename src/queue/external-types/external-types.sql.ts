import { JOBS_OF_KIND, kindsOf } from '../counts/kinds.sql.js';

/** Which types are declared, and in which revision. */
export const SELECT_REVISIONS = `SELECT type, revision FROM job_types`;

const COLUMNS = `
  type, description, queue, max_attempts AS "maxAttempts", backoff, timeout AS "timeoutSeconds",
  payload_schema AS schema, example, revision,
  coalesce((SELECT r.pointers FROM redactions r WHERE r.type = job_types.type), '{}') AS redact`;

/** The type $1. */
export const SELECT_TYPE = `SELECT ${COLUMNS} FROM job_types WHERE type = $1`;

/** Every type, by name. */
export const SELECT_TYPES = `SELECT ${COLUMNS} FROM job_types ORDER BY type`;

/** Which of the types ($1) are there; nobody removes one of them before this transaction ends. */
export const HOLD_TYPES = `SELECT type FROM job_types WHERE type = ANY($1) ORDER BY type FOR KEY SHARE`;

/** How many there are beside the type $1. */
export const COUNT_OTHERS = `SELECT count(*)::integer AS others FROM job_types WHERE type <> $1`;

/** Declares a type ($1 to $9), or says anew what it is. */
export const PUT_TYPE = `
  INSERT INTO job_types (type, description, queue, max_attempts, backoff, timeout, payload_schema, example, revision)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (type) DO UPDATE
  SET description = excluded.description, queue = excluded.queue, max_attempts = excluded.max_attempts,
      backoff = excluded.backoff, timeout = excluded.timeout, payload_schema = excluded.payload_schema,
      example = excluded.example, revision = excluded.revision, updated_at = now()
  RETURNING xmax = 0 AS "isNew"`;

/** Waits for whoever submits jobs of the type $1; no other begins before this transaction ends. */
export const LOCK_TYPE = `SELECT type FROM job_types WHERE type = $1 FOR UPDATE`;

/**
 * Whether the type $1 has jobs that have not ended, or is to follow the end of a workflow. One snapshot for those that
 * wait and those that run: a job that goes from the ones to the others is in one of them.
 */
export const HAS_UNFINISHED = `
  SELECT EXISTS (
           SELECT FROM (${kindsOf(['k.type = $1', "k.status IN ('PENDING', 'BLOCKED')"])}) AS k
           JOIN jobs j ON ${JOBS_OF_KIND})
         OR EXISTS (SELECT FROM jobs j WHERE j.status = 'PROCESSING' AND j.type = $1)
         OR EXISTS (SELECT FROM workflows w WHERE w.finished_at IS NULL AND w.on_finished ->> 'type' = $1) AS "isInUse"`;

/**
 * A schedule that starts a job of the type $1, in a workflow or by itself, or lets one follow a workflow. Its columns of
 * types name those of handlers alone.
 */
export const SELECT_SCHEDULE_OF = `
  SELECT s.name
  FROM schedules s
  CROSS JOIN LATERAL (
    SELECT s.target AS body
    UNION ALL SELECT s.target -> 'on_finished'
    UNION ALL SELECT jsonb_path_query(s.target, '$.jobs[*]')) AS job
  WHERE coalesce(job.body ->> 'type', job.body -> 'payload' ->> 'task') = $1
  ORDER BY s.name LIMIT 1`;

export const DELETE_TYPE = `DELETE FROM job_types WHERE type = $1`;
