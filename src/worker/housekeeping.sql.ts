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
