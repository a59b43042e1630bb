import { JOBS_OF_KIND, kindsOf } from '../counts/kinds.sql.js';
import { FINAL_STATUSES } from '../job-status.sql.js';
import { PLACE_COLUMNS } from './mending.sql.js';

/** Statements that find locks, and jobs behind locks and parents, that do not fit together. */

/** Whether job j may hold its lock: it runs, or is in line and not scheduled for later, or its retry waits. */
const IS_ENTITLED = `
  (j.status = 'PROCESSING' OR (j.status = 'PENDING' AND (
     j.attempts > 0 OR (j.ticketed AND j.scheduled_at <= now() + interval '2 minutes'))))`;

/** What runs comes first, then what ran before, then the oldest. */
const BEST_ENTITLED = `(j.status = 'PROCESSING') DESC, (j.attempts > 0) DESC, j.created_at, j.id`;

/** Jobs with a lock that are not in the line behind it; there are few of them for each lock. */
const MAY_HOLD = `j.lock IS NOT NULL AND j.status IN ('PENDING', 'PROCESSING') AND ${IS_ENTITLED}`;

/** Gives locks ($1: at most) that have no row the holder that is entitled to it. */
export const RESTORE_LOCKS = `
  INSERT INTO job_locks (lock_hash, holder)
  SELECT DISTINCT ON (hashtextextended(j.lock, 0)) hashtextextended(j.lock, 0), j.id
  FROM jobs j
  WHERE ${MAY_HOLD}
    AND NOT EXISTS (SELECT 1 FROM job_locks l WHERE l.lock_hash = hashtextextended(j.lock, 0))
  ORDER BY hashtextextended(j.lock, 0), ${BEST_ENTITLED}
  LIMIT $1
  ON CONFLICT DO NOTHING
  RETURNING holder AS id`;

const IS_WRONG_HOLDER = `
  (j.id IS NULL OR j.lock IS NULL OR hashtextextended(j.lock, 0) <> l.lock_hash OR NOT ${IS_ENTITLED})`;

/** Locks ($1: at most) whose holder is gone, has ended, waits behind it, or has another lock. */
export const SELECT_WRONG_HOLDERS = `
  SELECT l.lock_hash AS "lockHash"
  FROM job_locks l LEFT JOIN jobs j ON j.id = l.holder
  WHERE ${IS_WRONG_HOLDER}
  LIMIT $1`;

export const TAKE_LOCKS = `SELECT 1 FROM job_locks WHERE lock_hash = ANY($1) ORDER BY lock_hash FOR UPDATE`;

/**
 * Of locks ($1) that this transaction has taken, those whose holder is a wrong one still, and who should have it. In a
 * statement after the one that took them: what becomes entitled to a lock takes it first.
 */
export const SELECT_HEIRS = `
  SELECT l.lock_hash AS "lockHash", l.holder AS "id", (
    SELECT j.id FROM jobs j
    WHERE hashtextextended(j.lock, 0) = l.lock_hash AND ${MAY_HOLD}
    ORDER BY ${BEST_ENTITLED} LIMIT 1) AS heir
  FROM job_locks l LEFT JOIN jobs j ON j.id = l.holder
  WHERE l.lock_hash = ANY($1) AND ${IS_WRONG_HOLDER}`;

/** Jobs j in line without their lock, which another job has. One that runs is let run. */
const HAS_JUMPED = `
  j.lock IS NOT NULL AND j.status IN ('PENDING', 'PROCESSING') AND j.status = 'PENDING' AND j.ticketed
  AND j.scheduled_at <= now() + interval '2 minutes'
  AND EXISTS (SELECT 1 FROM job_locks l WHERE l.lock_hash = hashtextextended(j.lock, 0) AND l.holder <> j.id)`;

/** At most $1 of them. A limit within would tempt the planner to walk all waiting jobs in the order of their ids. */
export const SELECT_JUMPED = `
  WITH jumped AS MATERIALIZED (SELECT j.id, j.queue FROM jobs j WHERE ${HAS_JUMPED})
  SELECT id, queue FROM jumped ORDER BY id LIMIT $1`;

/** Those of them ($1) that are so still, their tickets being gone; locked. */
export const LOCK_JUMPED = `
  SELECT ${PLACE_COLUMNS} FROM jobs j
  WHERE j.id = ANY($1) AND ${HAS_JUMPED} ORDER BY j.id FOR NO KEY UPDATE OF j SKIP LOCKED`;

/** Blocked jobs ($1: at most) that nothing blocks: no open dependency, and a lock that nobody else holds, or none. */
export const SELECT_FORGOTTEN = `
  SELECT ${PLACE_COLUMNS}
  FROM (${kindsOf(["k.status = 'BLOCKED'"])}) AS k JOIN jobs j ON ${JOBS_OF_KIND}
  WHERE j.status = 'BLOCKED' AND j.open_dependencies = 0
    AND (j.lock IS NULL OR NOT EXISTS (
      SELECT 1 FROM job_locks l WHERE l.lock_hash = hashtextextended(j.lock, 0) AND l.holder <> j.id))
  ORDER BY j.id
  LIMIT $1
  FOR NO KEY UPDATE OF j SKIP LOCKED`;

/** Its predicate is that of an index. */
const HAS_PARENTS = `(j.open_dependencies > 0 OR j.depends_on <> '{}') AND j.status IN ('PENDING', 'BLOCKED')`;

/** A parent p that had failed, after which job j went on, may run again: who has gone on does not wait once more. */
const IS_PASSED = `
  EXISTS (SELECT 1 FROM job_dependencies d
          WHERE d.parent_id = p.id AND d.child_id = j.id AND d.on_failure = 'continue')
  AND EXISTS (SELECT 1 FROM job_events e WHERE e.job_id = p.id AND e.event IN ('retried', 'revived'))`;

/** Jobs j that would start before a parent of theirs has ended, or that would not be told when it does. */
const HAS_LOST_PARENT = `
  ${HAS_PARENTS} AND (j.status = 'BLOCKED' OR j.attempts = 0)
  AND EXISTS (
    SELECT 1 FROM (
      SELECT count(*) AS unfinished,
             count(*) FILTER (WHERE NOT EXISTS (
               SELECT 1 FROM job_dependencies d WHERE d.parent_id = p.id AND d.child_id = j.id)) AS unlinked
      FROM jobs p WHERE p.id = ANY(j.depends_on) AND p.id <> j.id AND p.status NOT IN ${FINAL_STATUSES}
        AND NOT (${IS_PASSED})) AS parents
    WHERE parents.unfinished > j.open_dependencies OR parents.unlinked > 0)`;

/** At most $1 of them. */
export const SELECT_LOST_PARENTS = `
  WITH lost AS MATERIALIZED (
    SELECT j.id, j.queue, j.depends_on AS "dependsOn" FROM jobs j WHERE ${HAS_LOST_PARENT})
  SELECT * FROM lost ORDER BY id LIMIT $1`;

/** Those of them ($1) that are so still, their tickets being gone and their parents being held; locked. */
export const LOCK_LOST_PARENTS = `
  SELECT ${PLACE_COLUMNS} FROM jobs j
  WHERE j.id = ANY($1) AND ${HAS_LOST_PARENT} ORDER BY j.id FOR NO KEY UPDATE OF j SKIP LOCKED`;

/**
 * Jobs ($1: at most) that wait for others although all of those have ended, or one of them badly that they do not go on after,
 * locked. Whoever ends
 * a job tells its dependents in the same transaction, so that one snapshot never shows this.
 */
export const SELECT_FORGOTTEN_DEPENDENTS = `
  SELECT ${PLACE_COLUMNS}, failed.id AS "failedParent", failed.status AS "failedStatus"
  FROM jobs j
  LEFT JOIN LATERAL (
    SELECT p.id, p.status FROM jobs p
    WHERE p.id = ANY(j.depends_on) AND p.status IN ('FAILED', 'CANCELLED')
      AND NOT EXISTS (SELECT 1 FROM job_dependencies d
                      WHERE d.parent_id = p.id AND d.child_id = j.id AND d.on_failure = 'continue')
    LIMIT 1) AS failed ON true
  WHERE ${HAS_PARENTS} AND j.status = 'BLOCKED' AND j.open_dependencies > 0
    AND (failed.id IS NOT NULL OR NOT EXISTS (
      SELECT 1 FROM jobs p WHERE p.id = ANY(j.depends_on) AND p.id <> j.id AND p.status NOT IN ${FINAL_STATUSES}))
  ORDER BY j.id
  LIMIT $1
  FOR NO KEY UPDATE OF j SKIP LOCKED`;
