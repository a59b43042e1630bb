import { IS_PAUSED, OPENED_AT } from '../claim/queues.sql.js';

/** What was done is kept by the minute. */
const MINUTE = `'1 minute'::interval`;

/**
 * What the rows of a table of changes tell of the work done: how many jobs started for the first time and how many of those
 * late, as the objective of their queue has it; how many executions ended, and how long (s) those had held their slots. A
 * pause is not the workers' fault, so a wait counts from its end on; nor is a limit, so what starts late in a queue that has
 * one is left out.
 * @param within the seconds of queues without an objective of their own, an SQL expression; null = they have none
 */
export function workDone(changes: string, within: string): string {
  return `
    SELECT c.queue, date_bin(${MINUTE}, c.at, 'epoch') AS slot,
           coalesce(w.starts, 0) AS starts, coalesce(w.late, 0) AS late,
           CASE WHEN c.run_seconds IS NULL THEN 0 ELSE -c.jobs END AS ends, coalesce(c.run_seconds, 0) AS run_seconds
    FROM ${changes} c
    LEFT JOIN queues q ON q.name = c.queue
    LEFT JOIN LATERAL (
      SELECT count(*) FILTER (WHERE NOT is_late OR q.limits IS NULL) AS starts,
             count(*) FILTER (WHERE is_late AND q.limits IS NULL) AS late
      FROM (
        SELECT least(u.ms, CASE WHEN ${OPENED_AT} <= c.at THEN extract(epoch FROM c.at - ${OPENED_AT}) * 1000 END)
               > 1000 * coalesce((q.objective ->> 'startWithin')::float8, ${within}::float8) AS is_late
        FROM unnest(c.waits) AS u (ms)) AS each
      WHERE is_late IS NOT NULL) AS w ON true
    WHERE c.waits IS NOT NULL OR c.run_seconds IS NOT NULL`;
}

/**
 * The same by queue over spans of time, each to the minute ($1: as `within`).
 * @param spans in seconds
 */
export function selectWork(spans: readonly number[]): string {
  const first = Math.max(...spans);
  const over = (column: string) =>
    `ARRAY[${spans.map((span) => `coalesce(sum(${column}) FILTER (WHERE slot > ${ago(span)}), 0)`).join(', ')}]::float8[]`;
  return `
    SELECT queue, ${over('starts')} AS starts, ${over('late')} AS late, ${over('ends')} AS ends,
           ${over('run_seconds')} AS "runSeconds"
    FROM (
      SELECT queue, slot, starts, late, ends, run_seconds FROM queue_minutes WHERE slot > ${ago(first)}
      UNION ALL
      SELECT queue, slot, starts, late, ends, run_seconds FROM (${workDone('job_count_changes', '$1')}) AS recent
    ) AS each
    GROUP BY queue`;
}

/** The first minute whose middle lies within so many seconds comes after this. */
function ago(seconds: number): string {
  return `now() - interval '${seconds + 30} seconds'`;
}

/**
 * How many jobs of queues ($1 names, $2 the seconds that their objectives give a start) wait for their first start and are
 * late already. Not those of a paused queue, and since the end of a pause at the earliest; nor those that the limit of their
 * key holds back.
 */
export const COUNT_LATE = `
  SELECT q.name AS queue, count(*)::float8 AS late
  FROM unnest($1::text[], $2::float8[]) AS o (name, within)
  JOIN queues q ON q.name = o.name
  JOIN pgboss.job t ON t.name = o.name
  WHERE NOT ${IS_PAUSED} AND t.state < 'active' AND NOT t.blocked AND t.priority % 2 = 0
    AND greatest(t.start_after, t.created_on, ${OPENED_AT}) < now() - o.within * interval '1 second'
  GROUP BY q.name`;
