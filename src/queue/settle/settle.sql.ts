import type { Prepared } from '../../database/index.js';
import { openKeys } from '../limits/limits.sql.js';
import { IS_HEARD, IS_UNHEARD, LISTENERS } from './webhook-events.sql.js';

/** What is told of a job whose outcome was written. */
const ENDED = `
  j.id, j.queue, j.type, j.status, j.attempts, j.started_at AS "startedAt", j.updated_at AS "updatedAt",
  j.last_event AS outcome`;

/** The same with what its successors need to know. */
const SETTLED = `
  ${ENDED}, j.priority, j.interruptions, j.ticketed, j.limited, j.limit_key AS "limitKey", j.lock,
  j.has_dependents AS "hasDependents", j.workflow_id AS "workflowId", j.workflow_ref AS "workflowRef",
  j.created_at AS "createdAt", j.scheduled_at AS "scheduledAt", ${IS_HEARD} AS "isHeard"`;

/**
 * Writes outcomes ($1: JSON rows of Settlement), each only over the attempt that earned it; a job that is to be
 * cancelled ends so whatever its outcome. The fence is made of join columns: a constant status would make the plan
 * quadratic on a table without statistics. From here on the transaction waits for no row longer than $3 ms, unless
 * that is null; set on the way, because a statement of its own would cost every settle a round trip.
 */
export const SETTLE_JOBS = `
  WITH clock AS MATERIALIZED (
    SELECT date_trunc('milliseconds', clock_timestamp()) AS now,
           CASE WHEN $3::text IS NOT NULL THEN set_config('lock_timeout', $3, true) END)
  UPDATE jobs j
  SET status = CASE WHEN j.cancel_requested_at IS NULL THEN i.status ELSE 'CANCELLED' END,
      result = CASE WHEN j.cancel_requested_at IS NULL THEN i.result::jsonb END,
      error_message = CASE WHEN i.status = 'COMPLETED' AND j.cancel_requested_at IS NULL THEN NULL
                           ELSE coalesce(i.error ->> 'message', j.error_message) END,
      error_fingerprint = CASE WHEN j.cancel_requested_at IS NULL THEN i.fingerprint END,
      max_attempts = j.max_attempts + CASE WHEN j.cancel_requested_at IS NULL THEN i.raise ELSE 0 END,
      interruptions = j.interruptions + i.interruptions,
      interruptions_alone = j.interruptions_alone + i.interruptions_alone,
      scheduled_at = CASE WHEN i.status = 'PENDING' AND j.cancel_requested_at IS NULL
                          THEN clock.now + i.delay_ms * interval '1 ms' ELSE j.scheduled_at END,
      ticketed = i.status = 'PENDING' AND j.cancel_requested_at IS NULL AND i.delay_ms <= $2,
      finished_at = CASE WHEN i.status = 'PENDING' AND j.cancel_requested_at IS NULL THEN NULL ELSE clock.now END,
      lease_expires_at = NULL,
      updated_at = clock.now,
      last_event = CASE WHEN j.cancel_requested_at IS NULL THEN i.event ELSE 'cancelled' END,
      last_error = i.error,
      last_actor = NULL
  FROM json_to_recordset($1::json) AS i (
         id uuid, held job_status, attempt integer, status job_status, event text, result text, error jsonb,
         fingerprint text, delay_ms double precision, raise integer, interruptions integer,
         interruptions_alone integer)
  CROSS JOIN clock
  WHERE j.id = i.id AND j.status = i.held AND j.attempts = i.attempt
  RETURNING ${SETTLED}`;

/** Completes attempts ($1 ids, $2 numbers, $3 results) of jobs that are plain but for their limits. */
const complete = (limited: 'NOT j.limited' | 'j.limited') => `
  UPDATE jobs j
  SET status = 'COMPLETED', result = i.result::jsonb, error_message = NULL, error_fingerprint = NULL, ticketed = false,
      finished_at = clock.now, lease_expires_at = NULL, updated_at = clock.now, last_event = 'completed',
      last_error = NULL, last_actor = NULL
  FROM (SELECT u.id, u.attempt, u.result, 'PROCESSING'::job_status AS held
        FROM unnest($1::uuid[], $2::integer[], $3::text[]) AS u (id, attempt, result)
        OFFSET 0) AS i
  CROSS JOIN clock
  WHERE j.id = i.id AND j.status = i.held AND j.attempts = i.attempt
    AND j.cancel_requested_at IS NULL AND j.lock IS NULL AND NOT j.has_dependents AND ${limited}
    AND j.workflow_ref IS NULL AND ${IS_UNHEARD}
  RETURNING ${ENDED}`;

/** The time of the ends, and who wants to hear of them. From here on the statement waits for no row longer than $4 ms. */
const clock = (more = '') => `
  clock AS MATERIALIZED (
    SELECT date_trunc('milliseconds', clock_timestamp()) AS now, set_config('lock_timeout', $4::text, true),${more}
           ${LISTENERS})`;

/**
 * The same for attempts ($1 ids, $2 numbers, $3 results) that have completed plain jobs: those that nobody cancels and
 * whose end concerns no other. The others are not among those it answers with. It waits for no row longer than $4 ms.
 */
export const COMPLETE_PLAIN_JOBS: Prepared = {
  name: 'complete_plain_jobs',
  text: `
  WITH ${clock()}
  ${complete('NOT j.limited')}`,
};

/**
 * The same for jobs whose end makes room for others by the limits of their queue, which it tells them ($5: on which
 * channel, $6: the notice). The keys come last of what it locks.
 */
export const COMPLETE_LIMITED_JOBS: Prepared = {
  name: 'complete_limited_jobs',
  text: `
  WITH ${clock()},
  ended AS MATERIALIZED (${complete('j.limited')}, j.limit_key),
  opened AS (${openKeys('(SELECT queue, limit_key FROM ended WHERE limit_key IS NOT NULL)')}),
  told AS MATERIALIZED (SELECT pg_notify($5, $6) WHERE EXISTS (SELECT FROM ended))
  SELECT e.id, e.queue, e.type, e.status, e.attempts, e."startedAt", e."updatedAt", e.outcome
  FROM ended e WHERE EXISTS (SELECT FROM told)`,
};

/**
 * The same for jobs of queues that keep nothing: they are deleted, with all that tells of them, and counted as completed.
 * Those with a key stay, as others do. It says to the triggers that this is an end and no removal.
 */
export const COMPLETE_AND_LEAVE: Prepared = {
  name: 'complete_and_leave',
  text: `
  WITH ${clock(`
           set_config('roundhouse.leaves', 'completed', true),`)}
  DELETE FROM jobs j
  USING (SELECT u.id, u.attempt, u.result, 'PROCESSING'::job_status AS held
         FROM unnest($1::uuid[], $2::integer[], $3::text[]) AS u (id, attempt, result)
         OFFSET 0) AS i
  CROSS JOIN clock
  WHERE j.id = i.id AND j.status = i.held AND j.attempts = i.attempt
    AND j.cancel_requested_at IS NULL AND j.lock IS NULL AND NOT j.has_dependents AND NOT j.limited
    AND j.workflow_ref IS NULL AND ${IS_UNHEARD}
    AND j.idempotency_key IS NULL AND j.unique_key IS NULL AND j.depends_on = '{}'
    AND EXISTS (SELECT FROM queues q WHERE q.name = j.queue AND q.retention = 'none')
  RETURNING j.id, j.queue, j.type, 'COMPLETED'::job_status AS status, j.attempts, j.started_at AS "startedAt",
    clock.now AS "updatedAt", 'completed' AS outcome`,
};

/**
 * Which of the outcomes ($1 ids, $2 attempts, $3 events) the ledger holds already, as the end of that attempt: their
 * answer was lost. A cancel takes the place of any; one that came after the attempt had ended does not.
 */
export const SELECT_RECORDED_OUTCOMES = `
  SELECT DISTINCT a.job_id AS id
  FROM unnest($1::uuid[], $2::integer[], $3::text[]) AS i (id, attempt, event)
  JOIN job_attempts a ON a.job_id = i.id AND a.attempt = i.attempt AND a.outcome IN (i.event, 'cancelled')`;

/**
 * Keeps on record, once, what came too late of attempts that had lost their claim ($1 ids, $2 attempts, $3 how they
 * ended). As evidence only: it changes nothing, and ends no attempt.
 */
export const RECORD_REFUSALS = `SELECT record_refusals($1::uuid[], $2::integer[], $3::text[])`;
