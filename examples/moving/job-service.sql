-- The waiting jobs of a table with type, idempotency_key, priority and scheduled_at, each as a line of JSON for
-- "roundhouse submit --from":
--
--   psql "$OLD_DATABASE_URL" -AtX -v ON_ERROR_STOP=1 -f examples/moving/job-service.sql > waiting.jsonl
--
-- It changes nothing, and may be run again. Run it when the old workers have stopped: what is PROCESSING then was cut off.
-- Times without a zone are UTC there, too. A mail there is to one address and has a "body", here it is to a list and has a "text".
SELECT jsonb_build_object(
         'type', type,
         'payload', CASE WHEN type = 'send_email'
                         THEN payload::jsonb - 'body'
                              || jsonb_build_object('to', jsonb_build_array(payload::jsonb -> 'to'), 'text', payload::jsonb -> 'body')
                         ELSE payload::jsonb END,
         'priority', priority,
         'idempotency_key', coalesce(idempotency_key, 'job-service-' || id))
       || CASE WHEN scheduled_at IS NULL THEN '{}'
               ELSE jsonb_build_object('scheduled_at', to_char(scheduled_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) END
FROM jobs
WHERE status IN ('PENDING', 'PROCESSING')
ORDER BY priority, created_at, id;
