/** Forgets bulk operations ($1: days) whose jobs have been deleted. */
export const DELETE_OLD_BULK_OPERATIONS = `
  DELETE FROM bulk_operations o
  WHERE coalesce(o.completed_at, o.updated_at) < now() - $1 * interval '1 day'
    AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = o.id)`;

/**
 * Forgets deliveries of events from before the id $1 that have ended, or whose jobs have; at most $2. Ids hold the time, and
 * are an index.
 */
export const DELETE_OLD_DELIVERIES = `
  DELETE FROM webhook_deliveries d
  WHERE d.id IN (
    SELECT o.id FROM webhook_deliveries o
    WHERE o.id < $1::uuid
      AND (o.status <> 'pending'
           OR NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = o.id AND j.finished_at IS NULL))
    ORDER BY o.id LIMIT $2)`;

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

/** Keys whose last start holds nobody back, with nothing parked; those that somebody claims of just now stay. */
export const DELETE_IDLE_LIMIT_KEYS = `
  DELETE FROM limit_states s
  USING (
    SELECT i.queue, i.key FROM limit_states i
    WHERE i.key <> '' AND NOT i.is_parked AND i.ready_at < now() - interval '1 minute'
      AND (i.tat IS NULL OR i.tat < now() - interval '1 minute')
    LIMIT 10000
    FOR UPDATE SKIP LOCKED) AS idle
  WHERE s.queue = idle.queue AND s.key = idle.key`;
