-- The waiting jobs of a Procrastinate database, each as a line of JSON for "roundhouse submit --from":
--
--   psql "$OLD_DATABASE_URL" -AtX -v ON_ERROR_STOP=1 -f examples/moving/procrastinate.sql > waiting.jsonl
--   roundhouse submit --from waiting.jsonl
--
-- It changes nothing, and may be run again: a job has the same idempotency key every time. Run it when the old workers have
-- stopped; then what is still "doing" was cut off, and runs again here. Types and queues are yours to name differently.
SELECT jsonb_build_object(
         'type', regexp_replace(task_name, '^.*\.', ''),
         'payload', args,
         'queue', left(regexp_replace(lower(queue_name), '[^a-z0-9._-]', '-', 'g'), 63),
         -- There a greater number is sooner and 0 is usual; here 1 is first, 10 last and 5 usual.
         'priority', greatest(1, least(10, 5 - priority)),
         'idempotency_key', 'procrastinate-' || id)
       || CASE WHEN lock IS NULL THEN '{}' ELSE jsonb_build_object('lock', lock) END
       || CASE WHEN queueing_lock IS NULL THEN '{}'
               ELSE jsonb_build_object('unique', jsonb_build_object('key', queueing_lock, 'while', 'waiting')) END
       || CASE WHEN scheduled_at IS NULL THEN '{}'
               ELSE jsonb_build_object('scheduled_at', to_char(scheduled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) END
FROM procrastinate_jobs
WHERE status IN ('todo', 'doing')
  -- These come by themselves here.
  AND regexp_replace(task_name, '^.*\.', '') NOT IN ('scheduled_fetch_random_joke', 'retry_stalled_jobs', 'health_check_task')
ORDER BY id;
