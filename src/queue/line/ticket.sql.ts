/** Statements that look at the engine's line itself, which its public API has no call for. */

/**
 * When the first ticket of queue $1 that was not due at $2 comes due, or the queue's pause ends, and the time of this
 * look. Asked only when nothing in the queue may start now, so few rows are read.
 */
export const NEXT_DUE_TICKET = `
  SELECT now() AS "lookedAt", least(
    (SELECT min(start_after) FROM pgboss.job
     WHERE name = $1 AND state < 'active' AND NOT blocked AND start_after > $2),
    (SELECT paused_until FROM queues
     WHERE name = $1 AND paused_at IS NOT NULL AND paused_until > $2)) AS at`;

/**
 * Counts the tickets of queue $1 that go before the one of job $2, up to $3; no row when it has none. In two halves,
 * each a range of the engine's own index, so that it costs what it counts and not what waits behind.
 */
export const COUNT_TICKETS_AHEAD = `
  SELECT (
    SELECT count(*)::integer FROM (
      (SELECT 1 FROM pgboss.job t
       WHERE t.name = $1 AND t.state < 'active' AND NOT t.blocked AND t.start_after <= now()
         AND t.priority > mine.priority
       LIMIT $3)
      UNION ALL
      (SELECT 1 FROM pgboss.job t
       WHERE t.name = $1 AND t.state < 'active' AND NOT t.blocked AND t.start_after <= now()
         AND t.priority = mine.priority AND t.created_on <= mine.created_on
         AND (t.created_on, t.id) < (mine.created_on, mine.id)
       LIMIT $3)
      LIMIT $3) AS ahead) AS ahead
  FROM pgboss.job mine
  WHERE mine.name = $1 AND mine.id = $2 AND mine.state < 'active'`;

/** Lets one process at a time look after the line; the others leave it to that one. */
export const TRY_MENDING_LOCK = `SELECT pg_try_advisory_xact_lock(7046029255) AS "isOurs"`;

/** Due jobs that believe they have a ticket and have none ($1: at most), locked. */
export const SELECT_LOST_TICKETS = `
  SELECT j.id, j.queue, j.type, j.priority, j.attempts, j.interruptions, j.scheduled_at AS "scheduledAt",
         j.updated_at AS "updatedAt", j.status, j.lock
  FROM jobs j
  WHERE j.status = 'PENDING' AND j.ticketed
    AND j.scheduled_at < now() - interval '5 seconds'
    AND j.updated_at < now() - interval '5 seconds'
    AND NOT EXISTS (SELECT 1 FROM pgboss.job t WHERE t.name = j.queue AND t.id = j.id)
  ORDER BY j.id
  LIMIT $1
  FOR UPDATE OF j SKIP LOCKED`;

/**
 * Tickets whose job does not wait (any more), by queue ($1: at most), locked: a settle that is about to replace
 * one waits, so that its new ticket cannot be taken for the old one.
 */
export const SELECT_STRAY_TICKETS = `
  SELECT t.name AS queue, t.id
  FROM pgboss.job t
  LEFT JOIN jobs j ON j.id = t.id
  WHERE t.created_on < now() - interval '5 seconds'
    AND t.name NOT LIKE '\\_\\_%'
    AND (j.id IS NULL OR j.status <> 'PENDING' OR j.queue <> t.name)
  LIMIT $1
  FOR UPDATE OF t SKIP LOCKED`;
