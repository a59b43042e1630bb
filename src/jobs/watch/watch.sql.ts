/** Says that this process ($1) watches for another $2 seconds, and forgets those that went without a word. */
export const KEEP_WATCHING = `
  WITH forgotten AS (
    DELETE FROM job_watchers WHERE watches_until < clock_timestamp() - interval '1 minute' AND id <> $1)
  INSERT INTO job_watchers (id, watches_until)
  VALUES ($1, clock_timestamp() + $2 * interval '1 second')
  ON CONFLICT (id) DO UPDATE SET watches_until = excluded.watches_until`;

export const STOP_WATCHING = `DELETE FROM job_watchers WHERE id = $1`;

/** How far each of the jobs ($1) has come; the version changes with everything that a watcher may want to see. */
export const SELECT_WATCHED = `
  SELECT j.id, j.status,
         concat_ws('/', j.status, j.attempts, coalesce(e.id, 0), coalesce(l.id, 0), p.at, p.percent, p.message) AS version
  FROM jobs j
  LEFT JOIN LATERAL (SELECT max(id) AS id FROM job_events WHERE job_id = j.id) e ON true
  LEFT JOIN LATERAL (SELECT max(id) AS id FROM job_logs WHERE job_id = j.id) l ON true
  LEFT JOIN job_progress p ON p.job_id = j.id
  WHERE j.id = ANY($1)`;
