import { FINAL_STATUSES, IS_PAUSED, SUSPECT_AFTER } from '../../queue/index.js';

/**
 * A job ($1) and all around it that may keep it from running, in one snapshot: the first $2 jobs that it waits for,
 * who holds its lock and how many wait for that before it (counted up to $3), the first $2 of the jobs that run alone, whether
 * its queue is paused, and whether its type was declared for external workers.
 */
export const SELECT_CIRCUMSTANCES = `
  SELECT date_trunc('milliseconds', clock_timestamp()) AS now,
         j.id, j.type, j.queue, j.status, j.attempts, j.max_attempts AS "maxAttempts", j.ticketed, j.lock,
         j.limit_key AS "limitKey", EXISTS (SELECT FROM job_types d WHERE d.type = j.type) AS "isDeclared",
         j.worker_id AS "workerId", j.error_message AS "errorMessage", j.open_dependencies AS "openDependencies",
         j.cancel_requested_at AS "cancelRequestedAt", j.scheduled_at AS "scheduledAt",
         j.started_at AS "startedAt", j.finished_at AS "finishedAt", j.last_event AS "lastEvent",
         j.last_actor AS "lastActor", j.interruptions,
         s.jobs AS "runningAlone",
         p.jobs AS parents,
         l.holder AS "lockHolder", h.status AS "lockHolderStatus", a.ahead AS "lockAhead",
         q.paused_at AS "pausedAt", q.paused_until AS "pausedUntil", q.paused_by AS "pausedBy",
         q.pause_reason AS "pauseReason"
  FROM jobs j
  LEFT JOIN queues q ON q.name = j.queue AND ${IS_PAUSED}
  LEFT JOIN job_locks l ON l.lock_hash = hashtextextended(j.lock, 0) AND l.holder <> j.id
  LEFT JOIN jobs h ON h.id = l.holder
  CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_strip_nulls(json_build_object(
             'job_id', o.id, 'status', o.status, 'ref', o.ref, 'on_failure', o.on_failure))), '[]') AS jobs
    FROM (
      SELECT p.id, p.status, p.workflow_ref AS ref, (
        SELECT d.on_failure FROM job_dependencies d
        WHERE d.parent_id = p.id AND d.child_id = j.id AND d.on_failure = 'continue') AS on_failure
      FROM jobs p
      WHERE p.id = ANY(j.depends_on) AND p.status NOT IN ${FINAL_STATUSES}
      ORDER BY p.id LIMIT $2) AS o) AS p
  CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object('job_id', o.id, 'status', o.status)), '[]') AS jobs
    FROM (
      SELECT r.id, r.status FROM jobs r
      WHERE r.status = 'PROCESSING' AND r.interruptions >= ${SUSPECT_AFTER} AND j.interruptions >= ${SUSPECT_AFTER}
      ORDER BY r.id LIMIT $2) AS o) AS s
  CROSS JOIN LATERAL (
    SELECT count(*)::integer AS ahead
    FROM (
      SELECT 1 FROM jobs b
      WHERE hashtextextended(b.lock, 0) = hashtextextended(j.lock, 0) AND b.lock IS NOT NULL
        AND b.status = 'BLOCKED' AND b.open_dependencies = 0 AND (b.created_at, b.id) < (j.created_at, j.id)
      LIMIT $3) AS before) AS a
  WHERE j.id = $1`;
