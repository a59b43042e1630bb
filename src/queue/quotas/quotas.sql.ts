/** Queues that say how many jobs may wait in them. */
export const SELECT_QUOTAS = `SELECT name, max_waiting AS "maxWaiting" FROM queues WHERE max_waiting IS NOT NULL`;

/**
 * How many jobs wait in queue $1, exactly in the snapshot of the statement: from sums that every change is added to in its
 * own transaction, and so in a time that does not grow with the jobs.
 */
export const SELECT_WAITING = `
  SELECT coalesce(sum(jobs), 0)::float8 AS waiting
  FROM (
    SELECT jobs FROM job_counts WHERE queue = $1 AND status IN ('PENDING', 'BLOCKED')
    UNION ALL
    SELECT jobs FROM job_count_changes WHERE queue = $1 AND status IN ('PENDING', 'BLOCKED')) AS each`;
