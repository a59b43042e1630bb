import { IS_PAUSED } from '../queue/index.js';

/** Whether the database takes writes: a standby answers, and takes none. */
export const SELECT_WRITABLE = `SELECT NOT pg_is_in_recovery() AS "isWritable"`;

/** The queues: which are paused, and how many keys of each wait because of their limits. */
export const SELECT_QUEUE_STATES = `
  SELECT q.name AS queue, ${IS_PAUSED} AS "isPaused", coalesce(held.keys, 0)::float8 AS "keysHeldBack"
  FROM queues q
  LEFT JOIN (SELECT queue, count(*) AS keys FROM limit_states WHERE is_parked GROUP BY queue) AS held
    ON held.queue = q.name`;

/**
 * What stands around the jobs: schedules and how late (s) the latest of those is that are due, endpoints of webhooks, and
 * workflows that have not ended, of which an index has no others.
 */
export const SELECT_SURROUNDINGS = `
  SELECT s.*, w.*, (SELECT count(*)::float8 FROM workflows WHERE finished_at IS NULL) AS "workflowsRunning"
  FROM (
    SELECT count(*) FILTER (WHERE paused_at IS NULL AND last_error IS NULL)::float8 AS "schedulesSound",
           count(*) FILTER (WHERE paused_at IS NULL AND last_error IS NOT NULL)::float8 AS "schedulesFailing",
           count(*) FILTER (WHERE paused_at IS NOT NULL)::float8 AS "schedulesPaused",
           coalesce(greatest(0, extract(epoch FROM clock_timestamp() - min(due_at))), 0)::float8 AS "overdueSeconds"
    FROM schedules) AS s
  CROSS JOIN (
    SELECT count(*) FILTER (WHERE enabled AND failing_since IS NULL)::float8 AS "webhooksSound",
           count(*) FILTER (WHERE enabled AND failing_since IS NOT NULL)::float8 AS "webhooksFailing",
           count(*) FILTER (WHERE NOT enabled)::float8 AS "webhooksDisabled"
    FROM webhooks) AS w`;
