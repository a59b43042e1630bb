import { FINAL_STATUSES } from '../job-status.sql.js';

/** Statements on idempotency keys and unique keys. */

/**
 * Takes keys ($1: JSON rows, each key once, sorted) for the jobs that ask for them, or waits for whoever holds
 * them: the answer is what holds now, and stays so until this transaction ends.
 */
export const TAKE_KEYS = `
  INSERT INTO job_keys AS k (kind, key, owner, job_id, fingerprint, held_while, expires_at)
  SELECT i.kind, i.key, i.owner, i.job_id, i.fingerprint, i.held_while,
         date_trunc('milliseconds', clock_timestamp()) + i.seconds * interval '1 second'
  FROM json_to_recordset($1::json) AS i (
         kind text, key text, owner text, job_id uuid, fingerprint text, held_while text, seconds double precision)
  ORDER BY i.kind, i.key, i.owner
  ON CONFLICT (kind, key, owner) DO UPDATE SET key = excluded.key
  RETURNING k.kind, k.key, k.owner, k.job_id AS "jobId", k.fingerprint, k.held_while AS "heldWhile",
            coalesce(k.expires_at > clock_timestamp(), false) AS "isFresh", k.purged_job AS "purgedJob"`;

/** Gives keys that this transaction has taken ($1: JSON rows) to other jobs. */
export const REASSIGN_KEYS = `
  UPDATE job_keys k
  SET job_id = i.job_id, fingerprint = i.fingerprint, held_while = i.held_while, purged_job = NULL,
      expires_at = date_trunc('milliseconds', clock_timestamp()) + i.seconds * interval '1 second'
  FROM json_to_recordset($1::json) AS i (
         kind text, key text, owner text, job_id uuid, fingerprint text, held_while text, seconds double precision)
  WHERE k.kind = i.kind AND k.key = i.key AND k.owner = i.owner`;

/**
 * Forgets keys that hold nobody back any more, of those after ($1 kind, $2 key, $3 owner); looks at $4 of them.
 * Skips those that a submission has taken just now.
 */
export const SWEEP_KEYS = `
  WITH seen AS (
    SELECT k.kind, k.key, k.owner, k.job_id, k.held_while, k.expires_at
    FROM job_keys k
    WHERE (k.kind, k.key, k.owner) > ($1, $2, $3)
    ORDER BY k.kind, k.key, k.owner
    LIMIT $4
    FOR UPDATE SKIP LOCKED
  ), useless AS (
    DELETE FROM job_keys k
    USING seen s LEFT JOIN jobs j ON j.id = s.job_id
    WHERE k.kind = s.kind AND k.key = s.key AND k.owner = s.owner
      AND CASE s.held_while
            WHEN 'waiting' THEN j.id IS NULL OR j.attempts > 0 OR j.status NOT IN ('PENDING', 'BLOCKED')
            WHEN 'unfinished' THEN j.id IS NULL OR j.status IN ${FINAL_STATUSES}
            WHEN 'seconds' THEN s.expires_at < now()
            ELSE j.id IS NULL AND s.expires_at < now()
          END
    RETURNING 1
  )
  SELECT s.kind, s.key, s.owner, (SELECT count(*)::integer FROM useless) AS swept
  FROM seen s ORDER BY s.kind DESC, s.key DESC, s.owner DESC LIMIT 1`;
