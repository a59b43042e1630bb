import { IS_PAUSED } from '../queue/index.js';

/** Tickets of a queue that are counted one by one: some ten milliseconds. */
const MOST_COUNTED = 20_000;

/**
 * The queues ($1 names; null = all), with the jobs that could start: not those that the limit of their key holds back, nor
 * those of types whose circuits are open. Above a number they are estimated, by what the statistics say of the line, in
 * which there is nothing but jobs of the next minute, and by how many jobs of the queue wait in all ($2 names, $3 jobs).
 */
export const SELECT_BACKLOGS = `
  SELECT q.name, ${IS_PAUSED} AS "isPaused", q.limits, q.objective,
         CASE WHEN b.jobs < ${MOST_COUNTED} THEN b.jobs
              ELSE greatest(b.jobs, least(p.pending, pg_stat_get_live_tuples('pgboss.job_common'::regclass))) END::float8 AS backlog
  FROM queues q
  LEFT JOIN unnest($2::text[], $3::float8[]) AS p (name, pending) ON p.name = q.name
  CROSS JOIN LATERAL (
    SELECT count(*) AS jobs
    FROM (
      SELECT FROM pgboss.job t
      WHERE t.name = q.name AND t.state < 'active' AND NOT t.blocked AND t.start_after <= now()
        AND t.group_id <> ALL (ARRAY(SELECT c.type FROM circuits c WHERE c.state <> 'closed'))
      LIMIT ${MOST_COUNTED}) AS first) AS b
  WHERE $1::text[] IS NULL OR q.name = ANY($1)
  ORDER BY q.name`;
