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

/** Gives all parked tickets of queue $1 their place in line again. */
export const UNPARK_ALL = `UPDATE pgboss.job t SET blocked = false WHERE t.name = $1 AND t.blocked`;

export const FORGET_KEYS = `DELETE FROM limit_states WHERE queue = $1 AND key <> ''`;

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
