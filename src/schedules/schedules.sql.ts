/** The columns of a schedule as `Schedule` names them. */
const SCHEDULE = `
  s.id, s.name, s.version, s.cron, s.rrule, s.dtstart, s.timezone, s.missed, s.target_kind AS "targetKind", s.target,
  s.paused_at AS "pausedAt", s.paused_by AS "pausedBy", s.pause_reason AS "pauseReason",
  s.next_run_at AS "nextRunAt", s.last_run_at AS "lastRunAt", s.last_job_id AS "lastJobId",
  s.last_workflow_id AS "lastWorkflowId", s.last_error AS "lastError", s.last_error_at AS "lastErrorAt",
  s.created_at AS "createdAt", s.updated_at AS "updatedAt"`;

/** The time of the database, which alone says what has passed. */
export const READ_CLOCK = `SELECT clock_timestamp()::timestamptz(3) AS now`;

/**
 * Schedule $2 named $3, unless the name is taken: $4 cron, $5 rule, $6 its start, $7 time zone, $8 policy, $9 kind,
 * $10 body, $11 job type and $12 job types of its target, $13 next time. Made at $1, from which the next time was worked out.
 */
export const INSERT_SCHEDULE = `
  INSERT INTO schedules (id, name, cron, rrule, dtstart, timezone, missed, target_kind, target, job_type, job_types,
                         next_run_at, due_at, created_at, updated_at)
  VALUES ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $1, $1)
  ON CONFLICT (name) DO NOTHING`;

export const SELECT_SCHEDULE = `SELECT ${SCHEDULE} FROM schedules s WHERE s.name = $1`;

/** Schedules after name $1, $2 at most. */
export const SELECT_SCHEDULES = `SELECT ${SCHEDULE} FROM schedules s WHERE s.name > $1 ORDER BY s.name LIMIT $2`;

/** Names near which a misspelt one may lie. */
export const SELECT_SCHEDULE_NAMES = `SELECT name FROM schedules ORDER BY name LIMIT 1000`;

/** Schedule $1, held from the workers that may be firing it, and the time at which that was granted. */
export const LOCK_SCHEDULE = `
  WITH held AS MATERIALIZED (SELECT * FROM schedules WHERE name = $1 FOR UPDATE)
  SELECT ${SCHEDULE}, clock_timestamp()::timestamptz(3) AS now FROM held s`;

/** What an edit changes of schedule $2 at $1, in the order of INSERT_SCHEDULE from $3 on; its target stays where $8 is null. */
export const UPDATE_SCHEDULE = `
  UPDATE schedules
  SET cron = $3, rrule = $4, dtstart = $5, timezone = $6, missed = $7,
      target_kind = coalesce($8, target_kind), target = coalesce($9, target),
      job_type = CASE WHEN $8 IS NULL THEN job_type ELSE $10 END,
      job_types = CASE WHEN $8 IS NULL THEN job_types ELSE $11::text[] END,
      next_run_at = $12, due_at = CASE WHEN next_run_at = $12 THEN due_at ELSE $12 END,
      version = version + 1, updated_at = $1
  WHERE id = $2`;

/** Pauses schedule $2 at $1 by $3 for reason $4; what comes due meanwhile is not missed. */
export const PAUSE_SCHEDULE = `
  UPDATE schedules
  SET paused_at = coalesce(paused_at, $1), paused_by = $3, pause_reason = $4, next_run_at = NULL, due_at = NULL,
      updated_at = $1
  WHERE id = $2`;

/** Schedule $2 goes on at $1 with its next time, $3. */
export const RESUME_SCHEDULE = `
  UPDATE schedules
  SET paused_at = NULL, paused_by = NULL, pause_reason = NULL, next_run_at = $3, due_at = $3, updated_at = $1
  WHERE id = $2`;

/** With it goes what came of its occurrences; what it has started stays. */
export const DELETE_SCHEDULE = `DELETE FROM schedules WHERE name = $1 RETURNING id`;

/** What came of the latest occurrences of schedule $1, $2 at most. */
export const SELECT_RUNS = `
  SELECT occurrence, job_id AS "jobId", workflow_id AS "workflowId", error, made_up AS "madeUp", fired_at AS "firedAt"
  FROM schedule_runs
  WHERE schedule_id = $1
  ORDER BY occurrence DESC
  LIMIT $2`;
