import { FINAL_STATUSES } from '../queue/index.js';

/** What must hold of everything that names a job: rows are what breaks it (`id`, `detail`). */

/** Places in line ($1 queues, $2 ids, in pairs) that belong to no job that waits there. */
export const TICKETS_FOR_NOBODY = `
  SELECT i.id, 'has a place in line of ' || i.queue || ' and is '
               || coalesce(j.status || ' in ' || j.queue, 'not there') AS detail
  FROM unnest($1::text[], $2::uuid[]) AS i (queue, id)
  LEFT JOIN jobs j ON j.id = i.id
  WHERE j.id IS NULL OR j.status <> 'PENDING' OR NOT j.ticketed OR j.queue <> i.queue`;

/** Locks ($1) whose holder has ended, is gone, or has another lock. */
export const LOCKS_OF_NOBODY = `
  SELECT l.holder AS id, 'holds lock ' || l.lock_hash || ' and is ' || coalesce(j.status::text, 'not there') AS detail
  FROM job_locks l
  LEFT JOIN jobs j ON j.id = l.holder
  WHERE l.lock_hash = ANY($1::bigint[])
    AND (j.id IS NULL OR j.status IN ${FINAL_STATUSES} OR j.status = 'BLOCKED'
      OR hashtextextended(j.lock, 0) IS DISTINCT FROM l.lock_hash)`;

/** Idempotency keys ($1 kinds, $2 keys, $3 owners, in pairs) of jobs that went without a trace or before their end. */
export const KEYS_OF_NOBODY = `
  SELECT k.job_id AS id,
         'is named by key ' || k.key || ' and was ' || coalesce('removed while it was ' || (k.purged_job ->> 'status'), 'never removed, but is not there') AS detail
  FROM unnest($1::text[], $2::text[], $3::text[]) AS i (kind, key, owner)
  JOIN job_keys k ON k.kind = i.kind AND k.key = i.key AND k.owner = i.owner
  LEFT JOIN jobs j ON j.id = k.job_id
  WHERE k.kind = 'idempotency' AND j.id IS NULL AND coalesce(k.purged_job ->> 'status', '') NOT IN ${FINAL_STATUSES}`;

/** Jobs ($1) that the ledger knows and that are not there: whoever deletes a job deletes its history with it. */
export const HISTORY_OF_NOBODY = `
  SELECT i.id, 'has a history and is not there' AS detail
  FROM unnest($1::uuid[]) AS i (id)
  WHERE NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = i.id)
    AND EXISTS (SELECT 1 FROM job_events e WHERE e.job_id = i.id)`;

/** Dependencies ($1 parents, $2 children, in pairs) of jobs that are not there. */
export const DEPENDENCIES_OF_NOBODY = `
  SELECT i.child AS id, 'depends on job ' || i.parent || ' and is not there' AS detail
  FROM unnest($1::uuid[], $2::uuid[]) AS i (parent, child)
  WHERE NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = i.child)`;

/** Workflows ($1) whose counter of unfinished jobs is not their number, or that have ended before it was 0. */
export const MISCOUNTED_WORKFLOWS = `
  SELECT w.id, 'counts ' || w.open || ' unfinished jobs, and has ' || j.open
               || CASE WHEN w.finished_at IS NULL THEN '' ELSE ' after its end' END AS detail
  FROM workflows w
  CROSS JOIN LATERAL (
    SELECT count(*) AS open FROM jobs j
    WHERE j.workflow_id = w.id AND j.workflow_ref IS NOT NULL
      AND j.status IN ('BLOCKED', 'PENDING', 'PROCESSING')) j
  WHERE w.id = ANY($1) AND (w.open <> j.open OR (w.finished_at IS NULL) <> (j.open > 0))`;

/**
 * Jobs that run under a worker that is gone, or under a lease that has run out, for half a minute longer than others
 * need to notice it ($1 seconds). After a start of the server workers have that time to come back.
 */
export const HELD_BY_NOBODY = `
  SELECT j.id, 'runs since ' || j.started_at || ' under worker ' || coalesce(j.worker_id::text, 'nobody') || ', which is gone' AS detail
  FROM jobs j
  LEFT JOIN workers w ON w.id = j.worker_id
  WHERE j.status = 'PROCESSING'
    AND pg_postmaster_start_time() < now() - ($1 + 30) * interval '1 second'
    AND CASE WHEN j.lease_expires_at IS NOT NULL THEN j.lease_expires_at < now() - interval '30 seconds'
             ELSE j.updated_at < now() - ($1 + 30) * interval '1 second'
               AND (w.id IS NULL OR w.last_seen_at < now() - ($1 + 30) * interval '1 second') END
  ORDER BY j.id
  LIMIT 1000`;

/** What somebody deleted before it had ended. */
export const REMOVED_BEFORE_THEIR_END = `
  SELECT coalesce(r.job_id::text, 'all jobs') AS id,
         CASE WHEN r.job_id IS NULL THEN 'the table was emptied' ELSE 'was ' || (r.job ->> 'status') END
         || ' when ' || r.removed_by || ' removed it at ' || r.removed_at AS detail
  FROM removed_jobs r
  ORDER BY r.id
  LIMIT 1000`;
