/** Forgets bulk operations ($1: days) whose jobs have been deleted. */
export const DELETE_OLD_BULK_OPERATIONS = `
  DELETE FROM bulk_operations o
  WHERE coalesce(o.completed_at, o.updated_at) < now() - $1 * interval '1 day'
    AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = o.id)`;

/** Forgets what operators made ($1: days ago) of errors that no job has any more. */
export const DELETE_OLD_ERROR_GROUPS = `
  DELETE FROM error_groups g
  WHERE g.changed_at < now() - $1 * interval '1 day'
    AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.status = 'FAILED' AND j.error_fingerprint = g.fingerprint)`;

/** Forgets what came of occurrences, but for the newest 100 of each schedule; only its key tells which they are. */
export const DELETE_OLD_SCHEDULE_RUNS = `
  DELETE FROM schedule_runs r
  USING schedules s, LATERAL (SELECT n.occurrence FROM schedule_runs n WHERE n.schedule_id = s.id
                              ORDER BY n.occurrence DESC OFFSET 99 LIMIT 1) AS oldest
  WHERE r.schedule_id = s.id AND r.occurrence < oldest.occurrence`;
