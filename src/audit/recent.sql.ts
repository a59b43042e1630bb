import { FINAL_STATUSES } from '../queue/index.js';

/**
 * The jobs in which something has happened lately: created since id $1, ended since $2, or running; at most $3 of each.
 * What ended is found queue by queue, as the index has it.
 */
export const SELECT_RECENT = `
  SELECT id FROM (SELECT id FROM jobs WHERE id > $1::uuid ORDER BY id DESC LIMIT $3) created
  UNION
  SELECT id FROM (
    SELECT id FROM (SELECT id FROM jobs WHERE status = 'PROCESSING' OFFSET 0) AS j ORDER BY id LIMIT $3) running
  UNION
  SELECT id FROM (
    SELECT j.id
    FROM queues q
    CROSS JOIN unnest('{COMPLETED,FAILED,CANCELLED}'::job_status[]) AS ended (status)
    CROSS JOIN LATERAL (
      SELECT j.id FROM jobs j
      WHERE j.queue = q.name AND j.status = ended.status AND j.finished_at > $2
        AND j.status IN ${FINAL_STATUSES}
      LIMIT $3) j
    LIMIT $3) ended`;

/** The jobs of the latest events ($1 events): where all jobs are gone at once, those of their histories are still here. */
export const SELECT_LATEST_HISTORIES = `
  SELECT DISTINCT job_id AS id FROM (SELECT job_id FROM job_events ORDER BY job_id DESC, id DESC LIMIT $1) e`;

/** Some locks ($1: at most), whichever come first. */
export const SELECT_SOME_LOCKS = `SELECT lock_hash AS "lockHash" FROM job_locks LIMIT $1`;

/**
 * Whether worker $1 is the one that has been here longest, of those heard of in the last 15 s: it audits for all of
 * them. Two that think so at a time do no harm.
 */
export const IS_SENIOR = `
  SELECT NOT EXISTS (
    SELECT 1 FROM workers w
    WHERE NOT w.is_external AND w.stopped_at IS NULL AND w.last_seen_at > now() - interval '15 seconds'
      AND (w.started_at, w.id) < (me.started_at, me.id)) AS "isSenior"
  FROM workers me WHERE me.id = $1`;
