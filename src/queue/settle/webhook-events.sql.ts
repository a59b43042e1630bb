import { DEAD_LETTER_TYPE } from './dead-letter-type.js';
import { DELIVERY_TYPE } from './webhook-event.js';

/** A result that is longer (bytes of JSON) is cut in the body of an event: receivers are to get small requests. */
export const LARGEST_RESULT_BYTES = 16 * 1024;

/**
 * Of jobs that have ended ($1), those that a callback or an endpoint may want to hear of, as they are told. In a
 * statement of its own, after they have ended. Their payloads, and what is too long of their results, stay where they are;
 * where a type keeps something back ($2: the types of this build that do), the whole result comes, to be cut without that.
 */
export const SELECT_HEARD_ENDS = `
  SELECT j.id AS job_id, j.type, j.queue AS queue_name, j.status, j.priority,
         CASE WHEN octet_length(r.text) > ${LARGEST_RESULT_BYTES} AND p.type IS NULL AND NOT told.type = ANY ($2)
              THEN jsonb_build_object('truncated', true, 'bytes', octet_length(r.text), 'preview', left(r.text, 1000))
              ELSE j.result END AS result,
         j.error_message, j.attempts, j.max_attempts, j.idempotency_key, j.lock, j.limit_key, j.unique_key, j.tags, j.workflow_id,
         j.depends_on, j.worker_id, j.created_at, j.updated_at, j.scheduled_at, j.started_at, j.finished_at,
         j.callback_url AS "callbackUrl", j.trace_parent AS "traceParent", told.type AS "toldType", p.pointers
  FROM jobs j
  CROSS JOIN LATERAL (
    SELECT CASE WHEN j.type = '${DEAD_LETTER_TYPE}' THEN coalesce(j.payload ->> 'type', j.type) ELSE j.type END AS type
  ) AS told
  LEFT JOIN redactions p ON p.type = told.type
  CROSS JOIN LATERAL (SELECT j.result::text AS text OFFSET 0) AS r
  WHERE j.id = ANY($1) AND j.type <> '${DELIVERY_TYPE}' AND j.finished_at IS NOT NULL
    AND (j.callback_url IS NOT NULL OR EXISTS (SELECT FROM webhooks w WHERE w.enabled))
  ORDER BY j.id`;

/** The endpoints that hear of anything at all. There are a hundred at most. */
export const SELECT_LISTENERS = `
  SELECT w.id, w.events, w.queues, w.types FROM webhooks w WHERE w.enabled ORDER BY w.id`;

/**
 * Writes down what is to be delivered ($1 ids, those of the jobs that deliver, $2 ids of the events, $3 their types,
 * $4 what they are about, $5 endpoints, $6 callback URLs, $7 bodies). An event goes to a target once.
 */
export const INSERT_DELIVERIES = `
  INSERT INTO webhook_deliveries (id, event_id, event, subject_id, webhook_id, callback_url, body)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[])`;

/** Whether anybody may want to hear of the end of job j. The endpoints are asked once a statement. */
export const IS_HEARD = `
  (j.type <> '${DELIVERY_TYPE}'
    AND (j.callback_url IS NOT NULL OR EXISTS (SELECT FROM webhooks w WHERE w.enabled)))`;

const WANTS_COMPLETED = `w.enabled AND 'job.completed' = ANY (w.events)`;

/**
 * Who wants to hear of completed jobs: columns of the one row `clock` of a statement, from a table that is empty or tiny.
 * A row of their own would be joined with each job.
 */
export const LISTENERS = `
  EXISTS (
    SELECT FROM webhooks w WHERE ${WANTS_COMPLETED} AND w.queues IS NULL AND w.types IS NULL) AS all_are_heard,
  ARRAY(SELECT unnest(w.queues) FROM webhooks w WHERE ${WANTS_COMPLETED}) AS heard_queues,
  ARRAY(SELECT unnest(w.types) FROM webhooks w WHERE ${WANTS_COMPLETED} AND w.queues IS NULL) AS heard_types`;

/**
 * Whether nobody wants to hear that job j has completed. One expression that speaks of the listeners, too: it is asked of
 * the jobs at hand, and the planner concludes nothing from it about how many jobs there are, which without statistics
 * would be so few that it would compare each with each.
 */
export const IS_UNHEARD = `
    CASE WHEN j.callback_url IS NOT NULL THEN false
         WHEN j.type = '${DELIVERY_TYPE}' THEN true
         ELSE NOT (clock.all_are_heard OR j.queue = ANY (clock.heard_queues) OR j.type = ANY (clock.heard_types)) END`;
