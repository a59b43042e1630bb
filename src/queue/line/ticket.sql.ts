/** Statements that look at the engine's line itself, which its public API has no call for. */

import { IS_PAUSED } from '../claim/queues.sql.js';

/** Where the tickets are of queues that were created as ours are. */
export const LINE = 'pgboss.job_common';

/** SQLSTATE of a statement that takes itself back: it found more tickets than jobs for them, or the reverse. */
export const UNEQUAL = 'RH001';

/** Of each queue in which jobs may start now: how many may, which of them has waited longest, and how long (s). */
export const SELECT_WAITING_LINES = `
  WITH lines AS MATERIALIZED (
    SELECT t.name AS queue, count(*)::float8 AS jobs, min(t.start_after) AS oldest_at
    FROM pgboss.job t
    WHERE t.state < 'active' AND t.start_after <= now()
    GROUP BY t.name)
  SELECT l.queue, l.jobs, oldest.id AS "oldestId", extract(epoch FROM now() - l.oldest_at)::float8 AS "oldestAge"
  FROM lines l
  CROSS JOIN LATERAL (
    SELECT t.id FROM pgboss.job t
    WHERE t.name = l.queue AND t.state < 'active' AND t.start_after = l.oldest_at
    ORDER BY t.id LIMIT 1) AS oldest`;

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

/** The queues that are not paused and have a ticket that is due: one look at the engine's own index for each. */
export const SELECT_READY_QUEUES = `
  SELECT q.name FROM queues q
  WHERE NOT ${IS_PAUSED}
    AND EXISTS (SELECT 1 FROM pgboss.job t
                WHERE t.name = q.name AND t.state < 'active' AND NOT t.blocked AND t.start_after <= now())`;

/**
 * Every job leaves two dead tickets behind, in a table as small as the line: claims read past them until it is
 * vacuumed, at full speed, when they are a hundredth of it.
 */
export const VACUUM_LINE_OFTEN = `
  ALTER TABLE pgboss.job_common SET (
    autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)`;
