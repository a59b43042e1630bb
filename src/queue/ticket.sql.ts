/** Statements that look at the engine's line itself, which its public API has no call for. */

/** When the next ticket of queue $1 comes due. Asked only when nothing in the queue may start now, so few rows are read. */
export const NEXT_DUE_TICKET = `
  SELECT min(start_after) AS at FROM pgboss.job WHERE name = $1 AND state < 'active' AND NOT blocked AND start_after > now()`;

/** Due jobs that believe they have a ticket and have none ($1: at most), locked. */
export const SELECT_LOST_TICKETS = `
  SELECT j.id, j.queue, j.type, j.priority, j.attempts, j.scheduled_at AS "scheduledAt",
         j.updated_at AS "updatedAt"
  FROM jobs j
  WHERE j.status = 'PENDING' AND j.ticketed
    AND j.scheduled_at < clock_timestamp() - interval '5 seconds'
    AND j.updated_at < clock_timestamp() - interval '5 seconds'
    AND NOT EXISTS (SELECT 1 FROM pgboss.job t WHERE t.name = j.queue AND t.id = j.id)
  ORDER BY j.id
  LIMIT $1
  FOR UPDATE OF j SKIP LOCKED`;

/** Tickets whose job does not wait (any more), by queue ($1: at most). */
export const SELECT_STRAY_TICKETS = `
  SELECT t.name AS queue, t.id
  FROM pgboss.job t
  LEFT JOIN jobs j ON j.id = t.id
  WHERE t.created_on < clock_timestamp() - interval '5 seconds'
    AND t.name NOT LIKE '\\_\\_%'
    AND (j.id IS NULL OR j.status <> 'PENDING' OR j.queue <> t.name)
  LIMIT $1`;
