import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people and their tools read of jobs, workers and queues in SQL, under names that stay when the tables change. Nothing
 * that a type can keep back is in them: no payload, no result, no message or stack of an error, no unique key (it may be
 * made of the payload), and no address that is called back.
 *
 * They belong to the owner of the tables and read with the owner's rights, so a role needs nothing but them. For the same
 * reason nobody may write through them, whatever was granted: none is of one table alone, and no other can be written to.
 * A column that a view reads can be dropped, or given another type, only by a migration that makes the view anew.
 */
export class AddOperatorViews1795420800000 implements MigrationInterface {
  name = 'AddOperatorViews1795420800000';

  async up(runner: QueryRunner): Promise<void> {
    // Ids begin with the milliseconds of their making: with this one, times bound a walk along the ids.
    await runner.query(`
      CREATE FUNCTION first_job_id(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      RETURN rpad(lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0'), 32, '0')::uuid`);
    await this.viewsOfJobs(runner);
    await this.viewsOfHistory(runner);
    await this.viewsOfFigures(runner);
  }

  private async viewsOfJobs(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE VIEW operator_jobs AS SELECT ${JOB} FROM jobs j${READ_ONLY}`);
    await runner.query(`
      CREATE VIEW operator_waiting_jobs AS
      SELECT k.queue AS queue_name, k.type, k.status, j.*
      FROM (
        SELECT queue, type, status FROM job_counts WHERE status IN ('PENDING', 'BLOCKED')
        UNION
        SELECT queue, type, status FROM job_count_changes WHERE jobs > 0 AND status IN ('PENDING', 'BLOCKED')) AS k
      CROSS JOIN LATERAL (
        SELECT ${ALIKE}, ${WAITS_FOR} AS waits_for,
               greatest(now() - greatest(j.created_at, j.scheduled_at), interval '0') AS waited
        ${OF_KIND}) AS j`);
    await runner.query(`
      CREATE VIEW operator_running_jobs AS
      SELECT ${JOB}, j.lease_expires_at, now() - j.started_at AS running_for,
             w.hostname AS worker_hostname, w.pid AS worker_pid, now() - w.last_seen_at AS worker_silent_for
      FROM jobs j
      LEFT JOIN workers w ON w.id = j.worker_id
      WHERE j.status = 'PROCESSING'`);
    await runner.query(`
      CREATE VIEW operator_dead_letters AS
      SELECT ${JOB}, coalesce(j.finished_at, j.updated_at) AS failed_at
      FROM jobs j${READ_ONLY}
      WHERE j.status = 'FAILED'`);
  }

  private async viewsOfHistory(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE VIEW operator_events AS
      SELECT e.job_id, e.id AS event_id, e.attempt, e.event, e.at, e.worker_id, e.error ->> 'name' AS error_name
      FROM job_events e${READ_ONLY}`);
    await runner.query(`
      CREATE VIEW operator_attempts AS
      SELECT a.job_id, a.attempt, a.worker_id, a.started_at, a.ended_at, a.outcome, a.error ->> 'name' AS error_name
      FROM job_attempts a`);
  }

  private async viewsOfFigures(runner: QueryRunner): Promise<void> {
    // Two tables that are exact only together, as AddCounts says.
    await runner.query(`
      CREATE VIEW operator_counts AS
      SELECT queue AS queue_name, type, status, sum(jobs)::bigint AS jobs, sum(failed_attempts)::bigint AS failed_attempts
      FROM (
        SELECT queue, type, status, jobs, failed_attempts FROM job_counts
        UNION ALL
        SELECT queue, type, status, jobs, failed_attempts FROM job_count_changes) AS each
      GROUP BY queue, type, status
      HAVING sum(jobs) > 0`);
    await runner.query(`
      CREATE VIEW operator_rates AS
      SELECT minute, queue AS queue_name, ${counted('submitted')}, ${counted('completed')}, ${counted('failed')},
             coalesce(sum(ends), 0)::bigint AS executions, coalesce(sum(run_seconds), 0)::float8 AS run_seconds
      FROM (
        SELECT date_bin('1 minute', slot, 'epoch') AS minute, queue, event, jobs, NULL::bigint AS ends, NULL::float8 AS run_seconds
        FROM job_rates
        UNION ALL
        SELECT date_bin('1 minute', at, 'epoch'), queue, ${EVENT}, jobs, NULL, NULL
        FROM job_count_changes
        UNION ALL
        SELECT slot, queue, NULL, 0, ends, run_seconds FROM queue_minutes
        UNION ALL
        SELECT date_bin('1 minute', at, 'epoch'), queue, NULL, 0, -jobs, run_seconds
        FROM job_count_changes WHERE run_seconds IS NOT NULL) AS each
      GROUP BY minute, queue
      HAVING count(event) > 0 OR sum(ends) > 0`);
    await runner.query(`
      CREATE VIEW operator_queues AS
      SELECT q.name AS queue_name,
             q.paused_at IS NOT NULL AND (q.paused_until IS NULL OR q.paused_until > now()) AS is_paused,
             q.paused_at, q.paused_until, q.paused_by, q.pause_reason, q.dead_letter_queue, q.limits, q.max_waiting,
             ${STATUSES.map((status) => `coalesce(c.${status}, 0) AS ${status}`).join(', ')}
      FROM queues q
      LEFT JOIN (
        SELECT queue_name,
               ${STATUSES.map((status) => `(sum(jobs) FILTER (WHERE status = '${status.toUpperCase()}'))::bigint AS ${status}`).join(', ')}
        FROM operator_counts
        GROUP BY queue_name) AS c ON c.queue_name = q.name`);
    await runner.query(`
      CREATE VIEW operator_workers AS
      SELECT w.id AS worker_id, w.hostname, w.pid, w.is_external, w.version, w.queues, w.slots,
             CASE WHEN w.stopped_at IS NOT NULL THEN 'stopped'
                  WHEN w.last_seen_at <= w.lost_at THEN 'lost'
                  WHEN w.drain_requested_at IS NOT NULL THEN 'draining'
                  ELSE 'running' END AS state,
             (SELECT count(*) FROM jobs j WHERE j.worker_id = w.id AND j.status = 'PROCESSING') AS runs,
             w.stuck, w.started_at, w.last_seen_at, w.stopped_at, now() - w.last_seen_at AS silent_for
      FROM workers w${READ_ONLY}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP VIEW operator_workers, operator_queues, operator_rates, operator_counts, operator_attempts, operator_events,
        operator_dead_letters, operator_running_jobs, operator_waiting_jobs, operator_jobs`);
    await runner.query('DROP FUNCTION first_job_id');
  }
}

const STATUSES = ['blocked', 'pending', 'processing', 'completed', 'failed', 'cancelled'] as const;

/** What is shown of every job j beside its queue, type and status, under the names that the API has. */
const ALIKE = `
  j.id AS job_id, j.priority, j.attempts, j.max_attempts, j.idempotency_key, j.lock, j.limit_key, j.tags, j.workflow_id,
  j.depends_on, j.worker_id, j.created_by, j.created_at, j.updated_at, j.scheduled_at, j.started_at, j.finished_at,
  j.cancel_requested_at, j.last_error ->> 'name' AS error_name, j.error_fingerprint`;

const JOB = `j.queue AS queue_name, j.type, j.status, ${ALIKE}`;

/** Why a job j that waits has not started. */
const WAITS_FOR = `
  CASE WHEN j.status = 'BLOCKED' AND j.open_dependencies > 0 THEN 'dependencies'
       WHEN j.status = 'BLOCKED' THEN 'lock'
       WHEN j.scheduled_at <= now() THEN 'turn'
       WHEN j.attempts > 0 THEN 'retry'
       ELSE 'time' END`;

/**
 * The jobs j of a kind k by the index of kinds. Its columns stand in the order and in ranges, and OFFSET 0 keeps them together: with =
 * the planner, which knows too little of statuses, reads every job there is (a million of them took 30 s, this way 1 ms).
 */
const OF_KIND = `
  FROM jobs j
  WHERE (j.queue, j.type, j.status) >= (k.queue, k.type, k.status)
    AND (j.queue, j.type, j.status) <= (k.queue, k.type, k.status)
    AND (j.status = 'PROCESSING') IS NOT TRUE
  ORDER BY j.queue, j.type, j.status, j.id
  OFFSET 0`;

/** A second relation, which the planner leaves out: a view of one alone could be written to. */
const READ_ONLY = ' CROSS JOIN (VALUES (true)) AS read_only';

/** What a row of `job_count_changes` tells of what happened, as the counting of rates has it. */
const EVENT = `
  CASE WHEN is_submission THEN 'submitted' WHEN jobs > 0 AND status IN ('COMPLETED', 'FAILED') THEN lower(status::text) END`;

function counted(event: string): string {
  return `coalesce(sum(jobs) FILTER (WHERE event = '${event}'), 0)::bigint AS ${event}`;
}
