/** Events of a job ($1) after $2, at most $3. Per job, ids are in the order of commits: its row was locked. */
export const SELECT_EVENTS = `
  SELECT id, event, attempt, at, worker_id, error, actor
  FROM job_events WHERE job_id = $1 AND id > $2 ORDER BY id LIMIT $3`;

/**
 * What is new of jobs: for each of $1 (ids), the events after $2, the log lines after $3 and the progress; at most $4
 * of each. All from one snapshot: the status belongs to the last event.
 */
export const SELECT_NEWS = `
  SELECT j.status, j.created_at AS "createdAt", j.created_by AS "createdBy", e.events, l.logs,
         (SELECT to_json(p) FROM (
            SELECT percent, message, attempt, at FROM job_progress WHERE job_id = w.job_id) p) AS progress
  FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS w (job_id, event_id, log_id, place)
  LEFT JOIN jobs j ON j.id = w.job_id
  LEFT JOIN LATERAL (
    SELECT coalesce(json_agg(r), '[]') AS events FROM (
      SELECT id, event, attempt, at, worker_id, error, actor
      FROM job_events WHERE job_id = w.job_id AND id > w.event_id ORDER BY id LIMIT $4) r) e ON true
  LEFT JOIN LATERAL (
    SELECT coalesce(json_agg(r), '[]') AS logs FROM (
      SELECT id, attempt, at, level, message
      FROM job_logs WHERE job_id = w.job_id AND id > w.log_id ORDER BY id LIMIT $4) r) l ON true
  ORDER BY w.place`;
