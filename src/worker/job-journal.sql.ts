/**
 * Keeps log lines ($1: JSON rows), up to $2 a job; in the place of the first one past that stands $3, and the rest
 * go. Lines of jobs that were deleted meanwhile go too: nobody would ever clean them up.
 */
export const INSERT_LOGS = `
  WITH line AS MATERIALIZED (
    SELECT * FROM json_to_recordset($1::json) AS i (
      n integer, job_id uuid, attempt integer, at timestamptz, level text, message text)
  ), kept AS MATERIALIZED (
    SELECT d.job_id, (SELECT count(*) FROM job_logs l WHERE l.job_id = d.job_id) AS lines
    FROM (SELECT DISTINCT job_id FROM line) d
    WHERE EXISTS (SELECT 1 FROM jobs j WHERE j.id = d.job_id)
  ), numbered AS (
    SELECT line.*, kept.lines + row_number() OVER (PARTITION BY line.job_id ORDER BY line.n) AS position
    FROM line JOIN kept ON kept.job_id = line.job_id
  )
  INSERT INTO job_logs (job_id, attempt, at, level, message)
  SELECT job_id, attempt, at,
         CASE WHEN position > $2 THEN 'warn' ELSE level END,
         CASE WHEN position > $2 THEN $3 ELSE message END
  FROM numbered
  WHERE position <= $2 + 1
  ORDER BY n`;

/** Keeps how far jobs have come ($1: JSON rows); an older attempt does not overwrite a newer one. */
export const UPSERT_PROGRESS = `
  INSERT INTO job_progress (job_id, attempt, percent, message, at)
  SELECT i.job_id, i.attempt, i.percent, i.message, i.at
  FROM json_to_recordset($1::json) AS i (
    job_id uuid, attempt integer, percent integer, message text, at timestamptz)
  WHERE EXISTS (SELECT 1 FROM jobs j WHERE j.id = i.job_id)
  ORDER BY i.job_id
  ON CONFLICT (job_id) DO UPDATE
  SET attempt = excluded.attempt, percent = excluded.percent, message = excluded.message, at = excluded.at
  WHERE job_progress.attempt <= excluded.attempt`;

/** Tells whoever watches jobs ($2: the ids as the trigger on jobs writes them) on channel $1; without one, nothing. */
export const NOTIFY_WATCHERS = `
  SELECT pg_notify($1, $2)
  WHERE EXISTS (SELECT 1 FROM job_watchers WHERE watches_until > clock_timestamp())`;
