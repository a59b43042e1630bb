/** What the database says at the end of a run, all of it. */

export const SELECT_JOBS = `
  SELECT id, type, status, payload ->> 'marker' AS marker, attempts, interruptions,
         extract(epoch FROM created_at)::float8 * 1000 AS "createdAt",
         extract(epoch FROM finished_at)::float8 * 1000 AS "finishedAt", lock, unique_key AS "uniqueKey",
         workflow_id AS workflow
  FROM jobs ORDER BY created_at, id`;

export const SELECT_WORKFLOWS = `
  SELECT id, name, jobs, open, failed, cancelled, finished_at IS NOT NULL AS "hasEnded" FROM workflows ORDER BY id`;

export const SELECT_EVENTS = `
  SELECT job_id AS job, attempt, event, extract(epoch FROM at)::float8 * 1000 AS at
  FROM job_events ORDER BY job_id, id`;

export const SELECT_EFFECTS = `SELECT job_id AS job, attempt FROM chaos_effects`;

/** Jobs that clients asked for and that have not ended. */
export const COUNT_UNFINISHED = `
  SELECT count(*)::integer AS count FROM jobs
  WHERE type LIKE 'chaos%' AND status NOT IN ('COMPLETED', 'FAILED', 'CANCELLED')`;
