/** Every queue with waiting or running jobs: how many wait, run, and may start now, and how long (s) the oldest of these has waited. */
export const SELECT_QUEUE_SNAPSHOT = `
  SELECT j.queue,
         count(*) FILTER (WHERE j.status = 'PENDING')::int AS pending,
         count(*) FILTER (WHERE j.status = 'PROCESSING')::int AS processing,
         count(*) FILTER (WHERE j.status = 'PENDING' AND j.scheduled_at <= now())::int AS ready,
         coalesce(extract(epoch FROM now() - min(j.scheduled_at)
                    FILTER (WHERE j.status = 'PENDING' AND j.scheduled_at <= now())), 0)::float8 AS "oldestAge"
  FROM jobs j
  WHERE j.status IN ('PENDING', 'PROCESSING')
  GROUP BY j.queue
  ORDER BY ready DESC, j.queue`;
