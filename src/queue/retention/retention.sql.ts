import { FINAL_STATUSES } from '../job-status.sql.js';

export const SELECT_FORGETFUL_QUEUES = `SELECT name FROM queues WHERE retention = 'none'`;

/**
 * Deletes jobs in one of the states $1 that finished more than $2 days ago, at most $3; a trigger takes their history
 * along and keeps their idempotency keys. Those that an unfinished job depends on stay, and those whose unique key is
 * held for a time, and those of a workflow that has not ended. Queue by queue, since that is how the index of finished jobs is sorted; only of queues of retention
 * $4, unless that is null.
 */
export const DELETE_FINISHED = `
  WITH old AS MATERIALIZED (
    SELECT finished.id
    FROM queues q
    CROSS JOIN unnest($1::job_status[]) AS s (status)
    CROSS JOIN LATERAL (
      SELECT j.id FROM jobs j
      WHERE j.queue = q.name AND j.status = s.status AND j.status IN ${FINAL_STATUSES}
        AND j.finished_at < now() - $2 * interval '1 day'
        AND NOT (j.has_dependents AND EXISTS (
          SELECT 1 FROM job_dependencies d JOIN jobs c ON c.id = d.child_id
          WHERE d.parent_id = j.id AND c.status IN ('PENDING', 'BLOCKED', 'PROCESSING')))
        AND NOT (j.unique_while = 'seconds' AND EXISTS (
          SELECT 1 FROM job_keys k
          WHERE k.kind = 'unique' AND k.key = j.unique_key AND k.owner = '' AND k.job_id = j.id AND k.expires_at > now()))
        AND NOT (j.workflow_ref IS NOT NULL AND EXISTS (
          SELECT 1 FROM workflows w WHERE w.id = j.workflow_id AND w.finished_at IS NULL))
      ORDER BY j.finished_at
      LIMIT $3
      FOR UPDATE OF j SKIP LOCKED
    ) AS finished
    WHERE $4::text IS NULL OR q.retention = $4
    LIMIT $3
  ), gone AS (
    DELETE FROM jobs j USING old WHERE j.id = old.id RETURNING j.status
  )
  SELECT status, count(*)::integer AS count FROM gone GROUP BY status ORDER BY status`;
