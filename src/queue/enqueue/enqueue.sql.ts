import type { Prepared } from '../../database/index.js';
import { CLOCK, JOB_COLUMNS } from '../jobs.sql.js';
import { LINE } from '../line/ticket.sql.js';
import { ALL_QUEUES, WAKEUP_CHANNEL } from '../line/wakeups.js';

/**
 * Stores new jobs ($1: JSON rows of StoredJob); those that may start within $2 ms get their ticket in the same
 * transaction, of jobs with a lock only those that hold it.
 */
export const INSERT_JOBS = `
  WITH ${CLOCK}
  INSERT INTO jobs AS j (id, type, queue, status, priority, payload, max_attempts, base_max_attempts, backoff,
                         timeout, tags, created_by, idempotency_key, lock, limit_key, unique_key, unique_while,
                         depends_on, workflow_id, workflow_ref, open_dependencies, has_dependents, created_at,
                         updated_at, scheduled_at, ticketed, callback_url, trace_parent)
  SELECT i.id, i.type, i.queue, i.status, i.priority, i.payload, i.max_attempts, i.max_attempts, i.backoff,
         i.timeout, i.tags, i.created_by, i.idempotency_key, i.lock, i.limit_key, i.unique_key, i.unique_while,
         i.depends_on, i.workflow_id, i.workflow_ref, i.open_dependencies, i.has_dependents, clock.now, clock.now,
         due.at, i.may_line_up AND due.at <= clock.now + $2 * interval '1 ms', i.callback_url,
         i.trace_parent
  FROM json_to_recordset($1::json) AS i (
         id uuid, type text, queue text, status job_status, priority smallint, payload jsonb, max_attempts integer,
         backoff jsonb, timeout integer, tags text[], created_by text, idempotency_key text, lock text, limit_key text,
         unique_key text, unique_while text, depends_on uuid[], open_dependencies integer, has_dependents boolean,
         may_line_up boolean, scheduled_at timestamptz, delay_ms double precision, workflow_id uuid, workflow_ref text,
         callback_url text, trace_parent text)
  CROSS JOIN clock
  CROSS JOIN LATERAL (
    SELECT greatest(clock.now, i.scheduled_at, clock.now + i.delay_ms * interval '1 ms') AS at) AS due
  ORDER BY i.id
  ON CONFLICT (id) DO NOTHING
  RETURNING ${JOB_COLUMNS}`;

/**
 * Stores plain jobs ($1: JSON rows of PlainJob, $2: of Mould), with their tickets and the notice to the workers: all that
 * there is to do for those that wait for nobody. Those that may start within $3 ms get a ticket. All or nothing: it fails
 * with UNEQUAL when a ticket finds no queue in the engine. Tickets of one time stand in the order of the ids.
 */
export const STORE_PLAIN_JOBS: Prepared = {
  name: 'store_plain_jobs',
  text: `
  WITH ${CLOCK},
  stored AS MATERIALIZED (
    INSERT INTO jobs AS j (id, type, queue, status, priority, payload, max_attempts, base_max_attempts, backoff, timeout,
                           limit_key, tags, created_by, trace_parent, depends_on, created_at, updated_at, scheduled_at,
                           ticketed)
    SELECT i.id, m.type, m.queue, 'PENDING', m.priority, i.payload, m.max_attempts, m.max_attempts, m.backoff, m.timeout,
           i.limit_key, coalesce(i.tags, '{}'), m.created_by, m.trace_parent, '{}', clock.now, clock.now, due.at,
           due.at <= clock.now + $3::integer * interval '1 ms'
    FROM json_to_recordset($1::json) AS i (
           id uuid, payload jsonb, mould integer, limit_key text, tags text[], scheduled_at timestamptz, delay_ms double precision)
    JOIN json_to_recordset($2::json) AS m (
           mould integer, type text, queue text, priority smallint, max_attempts integer, backoff jsonb, timeout integer,
           created_by text, trace_parent text) ON m.mould = i.mould
    CROSS JOIN clock
    CROSS JOIN LATERAL (
      SELECT greatest(clock.now, i.scheduled_at, clock.now + i.delay_ms * interval '1 ms') AS at) AS due
    ORDER BY i.id
    ON CONFLICT (id) DO NOTHING
    RETURNING j.id, j.type, j.queue, j.priority, j.created_at, j.scheduled_at, j.ticketed),
  lined_up AS MATERIALIZED (
    INSERT INTO ${LINE} (id, name, priority, start_after, created_on, keep_until, group_id, expire_seconds,
                         deletion_seconds, retry_limit, retry_delay, retry_backoff, retry_delay_max, policy,
                         dead_letter, heartbeat_seconds)
    SELECT s.id, s.queue, 2 * (11 - s.priority), s.scheduled_at, now(),
           s.scheduled_at + q.retention_seconds * interval '1 s', s.type, q.expire_seconds,
           q.deletion_seconds, q.retry_limit, q.retry_delay, coalesce(q.retry_backoff, false), q.retry_delay_max, q.policy,
           q.dead_letter, q.heartbeat_seconds
    FROM stored s JOIN pgboss.queue q ON q.name = s.queue
    WHERE s.ticketed
    RETURNING 1),
  told AS MATERIALIZED (
    SELECT pg_notify('${WAKEUP_CHANNEL}', CASE WHEN length(wakeup) < 7900 THEN wakeup ELSE '{"ready":["${ALL_QUEUES}"],"due":{}}' END)
    FROM (
      SELECT json_build_object(
               'ready', coalesce(json_agg(queue) FILTER (WHERE is_ready), '[]'),
               'due', coalesce(json_object_agg(queue, floor(extract(epoch FROM at) * 1000)) FILTER (WHERE at IS NOT NULL), '{}')
             )::text AS wakeup
      FROM (SELECT queue, bool_or(scheduled_at <= created_at) AS is_ready,
                   min(scheduled_at) FILTER (WHERE scheduled_at > created_at) AS at
            FROM stored WHERE ticketed GROUP BY queue) AS queues
      HAVING count(*) > 0) AS notice)
  SELECT s.id, s.created_at AS "createdAt", s.scheduled_at AS "scheduledAt", s.ticketed
  FROM stored s
  WHERE refuse_unequal((SELECT count(*) FROM lined_up), (SELECT count(*) FROM stored WHERE ticketed))
    AND (SELECT count(*) FROM told) >= 0`,
};
