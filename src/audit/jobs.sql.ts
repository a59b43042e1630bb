import { FINAL_STATUSES } from '../queue/index.js';

/**
 * What must hold of every job ($1: ids), each statement an invariant: rows are jobs that break it (`id`, `detail`).
 * All of it is kept inside the transactions that move jobs, so that one snapshot never shows it broken, under
 * whatever load. Somebody who changes a status by hand is on record (`edited`), and so is what was mended after him:
 * those histories are his.
 */

/** What an attempt can end as, as its worker or its successor says. */
const SETTLED = `('completed', 'failed', 'timed_out', 'interrupted', 'released', 'snoozed')`;

const BY_HAND = `('edited', 'mended')`;

const UNTOUCHED = `NOT EXISTS (SELECT 1 FROM job_events h WHERE h.job_id = j.id AND h.event IN ${BY_HAND})`;

export const ATTEMPTS_OFF_RECORD = `
  SELECT j.id, j.attempts || ' attempts, of which ' || e.started || ' are on record' AS detail
  FROM jobs j
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE e.event = 'started') AS started FROM job_events e WHERE e.job_id = j.id) e
  WHERE j.id = ANY($1) AND e.started <> j.attempts AND ${UNTOUCHED}`;

export const COMPLETED_TWICE = `
  SELECT j.id, 'completed ' || e.completed || ' times' AS detail
  FROM jobs j
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE e.event = 'completed') AS completed FROM job_events e WHERE e.job_id = j.id) e
  WHERE j.id = ANY($1) AND e.completed > 1 AND ${UNTOUCHED}`;

/** An attempt ends once: between two ends of whatever kind somebody has started the job. */
export const ENDED_TWICE = `
  SELECT j.id, 'attempt ' || e.attempt || ' ' || e.event || ' after it had ' || coalesce(e.before, 'never started') AS detail
  FROM jobs j
  CROSS JOIN LATERAL (
    SELECT e.attempt, e.event, lag(e.event) OVER w AS before, lag(e.attempt) OVER w AS "attemptBefore"
    FROM job_events e
    WHERE e.job_id = j.id AND e.event IN ('started', 'cancelled', 'completed', 'failed', 'timed_out', 'interrupted',
                                          'released', 'snoozed')
    WINDOW w AS (ORDER BY e.id)) e
  WHERE j.id = ANY($1) AND e.event IN ${SETTLED}
    AND (e.before IS DISTINCT FROM 'started' OR e."attemptBefore" IS DISTINCT FROM e.attempt) AND ${UNTOUCHED}`;

/** Of a running job the last attempt is open and no other; of any other job none is. */
export const ATTEMPTS_LEFT_OPEN = `
  SELECT j.id, j.status || ', with ' || e.open || ' open attempts' AS detail
  FROM jobs j
  CROSS JOIN LATERAL (
    SELECT count(*) AS open
    FROM (
      SELECT e.event, lead(e.event) OVER (ORDER BY e.id) AS after
      FROM job_events e
      WHERE e.job_id = j.id AND e.event IN ('started', 'cancelled', 'completed', 'failed', 'timed_out', 'interrupted',
                                            'released', 'snoozed')) e
    WHERE e.event = 'started' AND (e.after IS NULL OR e.after = 'started')) e
  WHERE j.id = ANY($1) AND e.open <> CASE WHEN j.status = 'PROCESSING' THEN 1 ELSE 0 END AND ${UNTOUCHED}`;

/** Only a retry, which somebody asked for, of it or of a parent it was cancelled with, makes a job run that had completed or been cancelled. */
export const REVIVED_BY_NOBODY = `
  SELECT j.id, 'attempt ' || e.attempt || ' started after the job had been ' || e.before AS detail
  FROM jobs j
  CROSS JOIN LATERAL (
    SELECT e.attempt, e.event, lag(e.event) OVER (ORDER BY e.id) AS before
    FROM job_events e
    WHERE e.job_id = j.id
      AND (e.event IN ('started', 'completed', 'cancelled') OR e.event IN ('retried', 'revived') AND e.actor IS NOT NULL)) e
  WHERE j.id = ANY($1) AND e.event = 'started' AND e.before IN ('completed', 'cancelled') AND ${UNTOUCHED}`;

/** How a job ended stands in the ledger, too. */
export const ENDS_OFF_RECORD = `
  SELECT j.id, j.status || ', but the ledger''s last word is ' || coalesce(e.event, 'that it was submitted') AS detail
  FROM jobs j
  LEFT JOIN LATERAL (
    SELECT e.event FROM job_events e
    WHERE e.job_id = j.id AND (e.event IN ${SETTLED} OR e.event IN ('started', 'cancelled', 'retried', 'revived'))
    ORDER BY e.id DESC LIMIT 1) e ON true
  WHERE j.id = ANY($1) AND ${UNTOUCHED}
    AND (j.status = 'COMPLETED' AND e.event IS DISTINCT FROM 'completed'
      OR j.status = 'CANCELLED' AND e.event IS DISTINCT FROM 'cancelled'
      OR j.status = 'FAILED' AND coalesce(e.event, 'started') IN ('started', 'completed', 'cancelled', 'retried', 'revived')
      OR j.status NOT IN ${FINAL_STATUSES} AND e.event IN ('completed', 'cancelled'))`;

/**
 * A job that waits for its turn has a place in line; one that has none yet gets it in time, while there are workers to
 * give it: within a minute of the moment it is due.
 */
export const OUT_OF_LINE = `
  SELECT j.id, 'due since ' || j.scheduled_at || ', without a place in line' AS detail
  FROM jobs j
  WHERE j.id = ANY($1) AND j.status = 'PENDING'
    AND NOT EXISTS (SELECT 1 FROM pgboss.job t WHERE t.name = j.queue AND t.id = j.id)
    AND (j.ticketed
      OR greatest(j.scheduled_at, j.updated_at) < now() - interval '1 minute'
        AND EXISTS (SELECT 1 FROM workers w
                    WHERE NOT w.is_external AND w.stopped_at IS NULL AND w.started_at < now() - interval '1 minute'
                      AND w.last_seen_at > now() - interval '15 seconds'))`;

/** A job with a lock that is in line or runs holds it. */
export const WITHOUT_ITS_LOCK = `
  SELECT j.id, j.status || ' without its lock ' || j.lock AS detail
  FROM jobs j
  WHERE j.id = ANY($1) AND j.lock IS NOT NULL AND (j.status = 'PROCESSING' OR j.status = 'PENDING' AND j.ticketed)
    AND NOT EXISTS (SELECT 1 FROM job_locks l
                    WHERE l.lock_hash = hashtextextended(j.lock, 0) AND l.holder = j.id)`;

/** Something blocks every blocked job: parents that have not ended, each of which will tell it, or its lock. */
export const BLOCKED_BY_NOTHING = `
  SELECT j.id,
         CASE WHEN j.open_dependencies > 0
              THEN 'waits for ' || j.open_dependencies || ' jobs, of which ' || p.telling || ' will tell it'
              ELSE 'nobody holds what it waits for' END AS detail
  FROM jobs j
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE p.status NOT IN ${FINAL_STATUSES} AND p.has_dependents AND d.child_id IS NOT NULL) AS telling
    FROM unnest(j.depends_on) AS wanted (id)
    JOIN jobs p ON p.id = wanted.id
    LEFT JOIN job_dependencies d ON d.parent_id = p.id AND d.child_id = j.id) p
  WHERE j.id = ANY($1) AND j.status = 'BLOCKED'
    AND CASE WHEN j.open_dependencies > 0 THEN p.telling <> j.open_dependencies
             ELSE j.lock IS NULL OR NOT EXISTS (
               SELECT 1 FROM job_locks l WHERE l.lock_hash = hashtextextended(j.lock, 0) AND l.holder <> j.id) END`;

/** A job under a name in a workflow is of one that is there. */
export const OF_NO_WORKFLOW = `
  SELECT j.id, 'is of workflow ' || coalesce(j.workflow_id::text, 'none') || ', which is not there' AS detail
  FROM jobs j
  WHERE j.id = ANY($1) AND j.workflow_ref IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM workflows w WHERE w.id = j.workflow_id)`;

/** The idempotency key of a job names it for as long as it is there; a unique key does while the job holds it. */
export const WITHOUT_ITS_KEY = `
  SELECT j.id, 'its ' || k.kind || ' key names another job or none' AS detail
  FROM jobs j
  CROSS JOIN LATERAL (VALUES
    ('idempotency', j.idempotency_key, coalesce(j.created_by, ''), true),
    ('unique', j.unique_key, '',
     j.unique_while = 'unfinished' AND j.status NOT IN ${FINAL_STATUSES}
       OR j.unique_while = 'waiting' AND j.attempts = 0 AND j.status IN ('PENDING', 'BLOCKED'))
  ) AS k (kind, key, owner, "isHeld")
  WHERE j.id = ANY($1) AND k.key IS NOT NULL AND k."isHeld"
    AND NOT EXISTS (SELECT 1 FROM job_keys t
                    WHERE t.kind = k.kind AND t.key = k.key AND t.owner = k.owner AND t.job_id = j.id)`;
