-- The waiting jobs of a table with payload, status and attempt_count, each as a line of JSON for "roundhouse submit --from":
--
--   psql "$OLD_DATABASE_URL" -AtX -v ON_ERROR_STOP=1 -f examples/moving/async-worker.sql > waiting.jsonl
--
-- It changes nothing, and may be run again. Run it when the old worker has stopped: what is "processing" then was cut off.
SELECT jsonb_build_object('payload', payload, 'idempotency_key', 'async-worker-' || id)
FROM jobs
WHERE status IN ('queued', 'processing')
ORDER BY created_at, id;
