/** Statements on the limits themselves. */

/** Sets the limits ($2: JSON text, or null) of queue $1. */
export const UPDATE_LIMITS = `UPDATE queues SET limits = $2::jsonb, updated_at = now() WHERE name = $1`;

/** Jobs of queue $1 that run already count too; their ends are to make room for others. In the order in which settles lock them. */
export const MARK_RUNNING = `
  UPDATE jobs SET limited = true
  WHERE id = ANY (ARRAY(
    SELECT j.id FROM (SELECT k.* FROM jobs k WHERE k.status = 'PROCESSING' OFFSET 0) AS k
    JOIN jobs j ON j.id = k.id
    WHERE k.queue = $1 AND j.status = 'PROCESSING' AND NOT j.limited
    ORDER BY j.id
    FOR NO KEY UPDATE OF j))`;

/** The keys of queue $1 may have room by its new limits. */
export const OPEN_ALL_KEYS = `UPDATE limit_states SET ready_at = clock_timestamp() WHERE queue = $1 AND is_parked`;

/** Tickets that get their place in line again in one statement, which has less than three seconds. */
export const MOST_RELEASED = 5_000;

/**
 * Gives parked tickets of queue $1, whose keys have no limits any more, their place in line again: the first of those after
 * id $2, and past what somebody holds, who must hold up neither claims nor the change of limits.
 */
export const RELEASE_PARKED = `
  WITH parked AS MATERIALIZED (
    SELECT t.id FROM pgboss.job t
    WHERE t.name = $1 AND t.blocked AND t.id > $2
      AND NOT EXISTS (SELECT 1 FROM queues q WHERE q.name = $1 AND q.limits ->> 'per_key' IS NOT NULL)
    ORDER BY t.id
    LIMIT ${MOST_RELEASED}
    FOR UPDATE OF t SKIP LOCKED),
  released AS (
    UPDATE pgboss.job t SET blocked = false FROM parked p WHERE t.name = $1 AND t.id = p.id RETURNING t.id)
  SELECT count(*)::integer AS count, max(id::text) AS last FROM released`;

/** Queues whose keys have no limits any more, and tickets that may be parked all the same. */
export const SELECT_UNRELEASED = `
  SELECT DISTINCT s.queue FROM limit_states s JOIN queues q ON q.name = s.queue
  WHERE s.is_parked AND q.limits ->> 'per_key' IS NULL`;

/** Forgets the keys of queue $1, unless they have limits or tickets are parked still: these would be nobody's. */
export const FORGET_KEYS = `
  DELETE FROM limit_states s
  WHERE s.queue = $1 AND s.key <> ''
    AND NOT EXISTS (SELECT 1 FROM queues q WHERE q.name = $1 AND q.limits ->> 'per_key' IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM pgboss.job t WHERE t.name = $1 AND t.blocked)`;

/**
 * Of queues ($1, or all with limits when that is null) how many of their jobs run, and how a key ($2) stands. Running jobs
 * count as limits count them.
 */
export const SELECT_USAGE = `
  SELECT q.name, q.limits, clock_timestamp() AS now, (extract(epoch FROM s.tat) * 1000)::float8 AS tat,
         (SELECT count(*)::integer FROM (SELECT k.* FROM jobs k WHERE k.status = 'PROCESSING' OFFSET 0) AS j
          WHERE j.queue = q.name) AS running,
         (SELECT count(*)::integer FROM limit_states p WHERE p.queue = q.name AND p.is_parked) AS "keysHeldBack",
         (extract(epoch FROM k.tat) * 1000)::float8 AS "keyTat",
         (SELECT count(*)::integer FROM (SELECT k.* FROM jobs k WHERE k.status = 'PROCESSING' OFFSET 0) AS j
          WHERE j.queue = q.name AND j.limit_key = $2) AS "keyRunning"
  FROM queues q
  LEFT JOIN limit_states s ON s.queue = q.name AND s.key = ''
  LEFT JOIN limit_states k ON k.queue = q.name AND k.key = $2
  WHERE q.limits IS NOT NULL AND ($1::text IS NULL OR q.name = $1)`;
