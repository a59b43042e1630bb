import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Objectives of queues, and what they are measured by: each change of jobs also leaves behind how long those had waited
 * that started for the first time, and how long those had held their slots that left it. Of workers, when they were last
 * able to claim.
 */
export class AddObjectives1795413600000 implements MigrationInterface {
  name = 'AddObjectives1795413600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE queues ADD COLUMN objective jsonb, ADD COLUMN opened_at timestamptz(3)`);
    await runner.query(`ALTER TABLE workers ADD COLUMN could_claim_at timestamptz(3)`);
    await runner.query(`
      ALTER TABLE job_count_changes ADD COLUMN waits integer[], ADD COLUMN run_seconds double precision`);
    await runner.query(`
      CREATE TABLE queue_minutes (
        slot timestamptz(0) NOT NULL,
        queue text NOT NULL,
        starts bigint NOT NULL,
        late bigint NOT NULL,
        ends bigint NOT NULL,
        run_seconds double precision NOT NULL,
        CONSTRAINT "PK_queue_minutes" PRIMARY KEY (slot, queue))`);
    await runner.query(COUNT_CHANGED_JOBS);
    await runner.query(countRemoved(', run_seconds', `, ${RAN} FILTER (WHERE status = 'PROCESSING')`));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(COUNT_CHANGED_JOBS_BEFORE);
    await runner.query(countRemoved('', ''));
    await runner.query('DROP TABLE queue_minutes');
    await runner.query('ALTER TABLE job_count_changes DROP COLUMN waits, DROP COLUMN run_seconds');
    await runner.query('ALTER TABLE workers DROP COLUMN could_claim_at');
    await runner.query('ALTER TABLE queues DROP COLUMN objective, DROP COLUMN opened_at');
  }
}

const COUNTED_ATTEMPTS = `CASE WHEN status = 'FAILED' THEN attempts ELSE 0 END`;

/** Slots held, in seconds, by jobs that run no more. As floating-point numbers: the exact ones cost ten times as much. */
const RAN = `sum(greatest(0, date_part('epoch', now() - started_at)))`;

/** Milliseconds from when a job could start to its start. */
const wait = (startedAt: string, readyAt: string) => `
  least(2147483647, greatest(0, date_part('epoch', ${startedAt} - ${readyAt}) * 1000))::integer`;

function waitsOf(value: string): string {
  return `array_agg(${value}) FILTER (WHERE ${value} IS NOT NULL)`;
}

/** The rows of a claim that were started for the first time. */
const IS_FIRST_START = `status = 'PROCESSING' AND attempts = 1 AND last_event = 'started'`;

/**
 * How changes are counted. Jobs that a lock or a dependency released could start from then on, which was their latest event;
 * claims that bring such look that up. Without a join, whose plan would hang on the settings of the session.
 */
const COUNT_CHANGED_JOBS = `
  CREATE OR REPLACE FUNCTION count_changed_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NOT EXISTS (
      SELECT FROM new_rows WHERE (lock IS NOT NULL OR depends_on <> '{}') AND ${IS_FIRST_START}) THEN
      INSERT INTO job_count_changes (at, queue, type, status, jobs, failed_attempts, is_submission, waits, run_seconds)
      SELECT now(), queue, type, status, sum(jobs), sum(failed_attempts), false, ${waitsOf('wait')},
             CASE WHEN status = 'PROCESSING' AND sum(jobs) < 0 THEN ${RAN} END
      FROM (
        SELECT queue, type, status, 1 AS jobs, ${COUNTED_ATTEMPTS} AS failed_attempts,
               CASE WHEN ${IS_FIRST_START} THEN ${wait('started_at', 'greatest(created_at, scheduled_at)')} END AS wait,
               NULL::timestamptz AS started_at
        FROM new_rows
        UNION ALL
        SELECT queue, type, status, -1, -(${COUNTED_ATTEMPTS}), NULL, started_at FROM old_rows) AS each
      GROUP BY queue, type, status
      HAVING sum(jobs) <> 0 OR sum(failed_attempts) <> 0;
    ELSE
      INSERT INTO job_count_changes (at, queue, type, status, jobs, failed_attempts, is_submission, waits)
      SELECT now(), queue, type, status, sum(jobs), sum(failed_attempts), false,
             CASE WHEN status = 'PROCESSING' AND sum(jobs) > 0 THEN (
               SELECT ${waitsOf(wait('w.started_at', 'w.ready_at'))}
               FROM (
                 SELECT max(started_at) AS started_at, max(ready_at) AS ready_at
                 FROM (
                   SELECT id, started_at, greatest(created_at, scheduled_at) AS ready_at
                   FROM new_rows n
                   WHERE n.queue = each.queue AND n.type = each.type AND ${IS_FIRST_START}
                   UNION ALL
                   SELECT id, NULL, updated_at FROM old_rows) AS told
                 GROUP BY id) AS w
               WHERE w.started_at IS NOT NULL) END
      FROM (
        SELECT queue, type, status, 1 AS jobs, ${COUNTED_ATTEMPTS} AS failed_attempts FROM new_rows
        UNION ALL
        SELECT queue, type, status, -1, -(${COUNTED_ATTEMPTS}) FROM old_rows) AS each
      GROUP BY queue, type, status
      HAVING sum(jobs) <> 0 OR sum(failed_attempts) <> 0;
    END IF;
    RETURN NULL;
  END $$`;

const COUNT_CHANGED_JOBS_BEFORE = `
  CREATE OR REPLACE FUNCTION count_changed_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO job_count_changes (at, queue, type, status, jobs, failed_attempts, is_submission)
    SELECT now(), queue, type, status, sum(jobs), sum(failed_attempts), false
    FROM (
      SELECT queue, type, status, 1 AS jobs, ${COUNTED_ATTEMPTS} AS failed_attempts FROM new_rows
      UNION ALL
      SELECT queue, type, status, -1, -(${COUNTED_ATTEMPTS}) FROM old_rows) AS each
    GROUP BY queue, type, status
    HAVING sum(jobs) <> 0 OR sum(failed_attempts) <> 0;
    RETURN NULL;
  END $$`;

/** The removal of jobs, and the end of those that leave with it; what they ran is counted with the first. */
const countRemoved = (column: string, value: string) => `
  CREATE OR REPLACE FUNCTION count_removed_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO job_count_changes (at, queue, type, status, jobs, failed_attempts, is_submission${column})
    SELECT now(), queue, type, status, -count(*), -sum(${COUNTED_ATTEMPTS}), false${value}
    FROM old_rows
    GROUP BY queue, type, status;
    IF coalesce(current_setting('roundhouse.leaves', true), '') = 'completed' THEN
      INSERT INTO job_count_changes (at, queue, type, status, jobs, failed_attempts, is_submission)
      SELECT now(), o.queue, o.type, 'COMPLETED', way.direction * count(*), 0, false
      FROM old_rows o CROSS JOIN (VALUES (1), (-1)) AS way (direction)
      GROUP BY o.queue, o.type, way.direction;
    END IF;
    RETURN NULL;
  END $$`;
