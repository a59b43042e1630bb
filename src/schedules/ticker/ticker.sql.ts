/** Whether the types of what schedule s starts are all among $1. */
const IS_KNOWN = `(s.job_type IS NULL OR s.job_type = ANY($1::text[])) AND (s.job_types IS NULL OR s.job_types <@ $1::text[])`;

/** How long (s) a worker leaves an occurrence to those who know the types of its jobs. */
const DEFERENCE_S = 5;

/**
 * The schedules that are due, $2 at most, held until the transaction ends; those that somebody else holds are in good
 * hands. The database's clock decides. Jobs of types that are not among $1 are left to other builds for a while.
 */
export const TAKE_DUE = `
  SELECT id, name, cron, rrule, dtstart, timezone, missed, target_kind AS "targetKind", target,
         next_run_at AS "nextRunAt", due_at AS "dueAt",
         statement_timestamp()::timestamptz(3) AS now
  FROM schedules s
  WHERE due_at <= statement_timestamp()
    AND (${IS_KNOWN}
      OR due_at <= statement_timestamp() - interval '${DEFERENCE_S} seconds')
  ORDER BY due_at, id
  LIMIT $2
  FOR UPDATE SKIP LOCKED`;

/** How many milliseconds until the next one of $1 is due. */
export const NEXT_DUE = `
  SELECT extract(epoch FROM due_at - clock_timestamp()) * 1000 AS ms
  FROM schedules s
  WHERE due_at IS NOT NULL AND ${IS_KNOWN}
  ORDER BY due_at
  LIMIT 1`;

/** Of the occurrences ($1 schedules, $2 times, in pairs) those that have been fired, whoever turned the time back. */
export const SELECT_FIRED = `
  SELECT r.schedule_id AS id
  FROM unnest($1::uuid[], $2::timestamptz[]) AS i (schedule_id, occurrence)
  JOIN schedule_runs r USING (schedule_id, occurrence)`;

/** Another schedule must not wait for what somebody holds for one of them. */
export const SET_PATIENCE = `SELECT set_config('lock_timeout', '200ms', true)`;

/**
 * What came of due schedules ($1): the run of each occurrence that was fired, and the next time. "due" differs from it
 * when the same occurrence must be tried again. In one statement: the two are true together or not at all.
 */
export const RECORD = `
  WITH given AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb)
      AS g (id uuid, occurrence timestamptz, job_id uuid, workflow_id uuid, error text, made_up boolean, next timestamptz, due timestamptz)),
  runs AS (
    INSERT INTO schedule_runs (schedule_id, occurrence, job_id, workflow_id, error, made_up, fired_at)
    SELECT id, occurrence, job_id, workflow_id,
           CASE WHEN job_id IS NULL AND workflow_id IS NULL THEN error END, made_up, clock_timestamp()
    FROM given WHERE occurrence IS NOT NULL)
  UPDATE schedules s
  SET next_run_at = g.next,
      due_at = g.due,
      last_run_at = coalesce(g.occurrence, s.last_run_at),
      last_job_id = CASE WHEN num_nonnulls(g.job_id, g.workflow_id) = 0 THEN s.last_job_id ELSE g.job_id END,
      last_workflow_id = CASE WHEN num_nonnulls(g.job_id, g.workflow_id) = 0 THEN s.last_workflow_id ELSE g.workflow_id END,
      last_error = CASE WHEN g.occurrence IS NULL AND g.error IS NULL THEN s.last_error ELSE g.error END,
      last_error_at = CASE WHEN g.occurrence IS NULL AND g.error IS NULL THEN s.last_error_at
                           WHEN g.error IS NOT NULL THEN clock_timestamp() END
  FROM given g
  WHERE s.id = g.id`;
