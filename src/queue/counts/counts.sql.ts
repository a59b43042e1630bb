import { ADVISORY_LOCKS } from '../../database/index.js';
import { workDone } from './work.sql.js';

/** How long (s) a slot of the rates is. */
const SLOT_SECONDS = 10;

/** What a change tells of what has happened, null when nothing that is counted by time. */
const EVENT = `
  CASE WHEN is_submission THEN 'submitted' WHEN jobs > 0 AND status IN ('COMPLETED', 'FAILED') THEN lower(status::text) END`;

const SLOT = `date_bin('${SLOT_SECONDS} seconds', at, 'epoch')`;

/** Adds up to $1 changes to the sums, unless somebody else is at it ($2: the seconds that the default objective gives a start). */
export const ADD_CHANGES_UP = `
  WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(${ADVISORY_LOCKS.counting}) AS is_ours),
  taken AS MATERIALIZED (
    DELETE FROM job_count_changes
    WHERE ctid = ANY (ARRAY(SELECT ctid FROM job_count_changes WHERE (SELECT is_ours FROM turn) LIMIT $1))
    RETURNING at, queue, type, status, jobs, failed_attempts, is_submission, waits, run_seconds),
  counted AS (
    INSERT INTO job_counts AS c (queue, type, status, jobs, failed_attempts)
    SELECT queue, type, status, sum(jobs), sum(failed_attempts) FROM taken GROUP BY queue, type, status
    ON CONFLICT (queue, type, status) DO UPDATE
    SET jobs = c.jobs + excluded.jobs, failed_attempts = c.failed_attempts + excluded.failed_attempts),
  rated AS (
    INSERT INTO job_rates AS r (slot, queue, event, jobs)
    SELECT ${SLOT}, queue, ${EVENT}, sum(jobs) FROM taken WHERE ${EVENT} IS NOT NULL GROUP BY 1, 2, 3
    ON CONFLICT (slot, queue, event) DO UPDATE SET jobs = r.jobs + excluded.jobs),
  worked AS (
    INSERT INTO queue_minutes AS m (queue, slot, starts, late, ends, run_seconds)
    SELECT queue, slot, sum(starts), sum(late), sum(ends), sum(run_seconds)
    FROM (${workDone('taken', '$2')}) AS each GROUP BY queue, slot
    ON CONFLICT (slot, queue) DO UPDATE
    SET starts = m.starts + excluded.starts, late = m.late + excluded.late, ends = m.ends + excluded.ends,
        run_seconds = m.run_seconds + excluded.run_seconds)
  SELECT count(*)::int AS taken FROM taken`;

/** Forgets rates older than $1 seconds. */
export const FORGET_RATES = `DELETE FROM job_rates WHERE slot < now() - $1 * interval '1 second'`;

/** Forgets what was done in minutes older than $1 seconds. */
export const FORGET_MINUTES = `DELETE FROM queue_minutes WHERE slot < now() - $1 * interval '1 second'`;

/** Jobs by queue, type and status, and how often those that failed for good were tried. */
export const SELECT_COUNTS = `
  SELECT queue, type, status, sum(jobs)::float8 AS jobs, sum(failed_attempts)::float8 AS "failedAttempts"
  FROM (
    SELECT queue, type, status, jobs, failed_attempts FROM job_counts
    UNION ALL
    SELECT queue, type, status, jobs, failed_attempts FROM job_count_changes) AS each
  GROUP BY queue, type, status
  HAVING sum(jobs) > 0`;

/** The first slot of those whose middle lies within the last $1 seconds. */
const FIRST_SLOT = `now() - ($1 + ${SLOT_SECONDS / 2}) * interval '1 second'`;

/**
 * What happened within the last $1 seconds, by queue: how often in the last minute, in the last five, and in all of
 * them, each to the slot.
 */
export const SELECT_RATES = `
  SELECT queue, event, ${within(60)} AS "lastMinute", ${within(300)} AS "lastFiveMinutes", ${within('$1')} AS "inAll"
  FROM (
    SELECT queue, event, slot, jobs FROM job_rates WHERE slot > ${FIRST_SLOT}
    UNION ALL
    SELECT queue, ${EVENT}, ${SLOT}, jobs FROM job_count_changes
    WHERE ${EVENT} IS NOT NULL AND at > ${FIRST_SLOT}) AS each
  GROUP BY queue, event`;

function within(seconds: number | string): string {
  return `coalesce(sum(jobs) FILTER (WHERE slot > now() - (${seconds} + ${SLOT_SECONDS / 2}) * interval '1 second'), 0)::float8`;
}
