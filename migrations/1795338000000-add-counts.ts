import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Averages are asked for of jobs that failed for good only: the others' attempts would make every start a change. */
const COUNTED_ATTEMPTS = `CASE WHEN status = 'FAILED' THEN attempts ELSE 0 END`;

/**
 * How many jobs there are, by queue, type and status, without counting them: every statement that changes jobs leaves
 * behind what it has changed, and workers add that up. Both together are exact at any moment, and no two transactions
 * wait for each other.
 */
export class AddCounts1795338000000 implements MigrationInterface {
  name = 'AddCounts1795338000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE job_counts (
        queue text NOT NULL,
        type text NOT NULL,
        status job_status NOT NULL,
        jobs bigint NOT NULL,
        failed_attempts bigint NOT NULL,
        CONSTRAINT "PK_job_counts" PRIMARY KEY (queue, type, status)
      )`);
    await runner.query(`
      CREATE TABLE job_count_changes (
        at timestamptz(3) NOT NULL,
        queue text NOT NULL,
        type text NOT NULL,
        status job_status NOT NULL,
        jobs bigint NOT NULL,
        failed_attempts bigint NOT NULL,
        is_submission boolean NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE job_rates (
        slot timestamptz(0) NOT NULL,
        queue text NOT NULL,
        event text NOT NULL,
        jobs bigint NOT NULL,
        CONSTRAINT "PK_job_rates" PRIMARY KEY (slot, queue, event)
      )`);
    // Rows come and go; what is dead is in the way of whoever reads them.
    await runner.query(`
      ALTER TABLE job_count_changes
        SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0)`);

    await runner.query(`
      CREATE FUNCTION count_new_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO job_count_changes (at, queue, type, status, jobs, failed_attempts, is_submission)
        SELECT now(), queue, type, status, count(*), sum(${COUNTED_ATTEMPTS}), true
        FROM new_rows
        GROUP BY queue, type, status;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE FUNCTION count_changed_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
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
      END $$`);
    await runner.query(COUNT_REMOVED_JOBS);
    await runner.query(`
      CREATE FUNCTION recount_jobs() RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        LOCK TABLE jobs IN SHARE ROW EXCLUSIVE MODE;
        DELETE FROM job_count_changes;
        DELETE FROM job_counts;
        INSERT INTO job_counts (queue, type, status, jobs, failed_attempts)
        SELECT queue, type, status, count(*), sum(${COUNTED_ATTEMPTS}) FROM jobs GROUP BY queue, type, status;
      END $$`);
    await runner.query(`
      CREATE FUNCTION count_again() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM recount_jobs();
        RETURN NULL;
      END $$`);

    await runner.query(`
      CREATE TRIGGER count_new_jobs AFTER INSERT ON jobs
      REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_new_jobs()`);
    await runner.query(`
      CREATE TRIGGER count_changed_jobs AFTER UPDATE ON jobs
      REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION count_changed_jobs()`);
    await runner.query(`
      CREATE TRIGGER count_removed_jobs AFTER DELETE ON jobs
      REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION count_removed_jobs()`);
    await runner.query(`
      CREATE TRIGGER count_again AFTER TRUNCATE ON jobs FOR EACH STATEMENT EXECUTE FUNCTION count_again()`);
    await runner.query('SELECT recount_jobs()');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER count_new_jobs ON jobs;
      DROP TRIGGER count_changed_jobs ON jobs;
      DROP TRIGGER count_removed_jobs ON jobs;
      DROP TRIGGER count_again ON jobs`);
    await runner.query(
      'DROP FUNCTION count_new_jobs, count_changed_jobs, count_removed_jobs, count_again, recount_jobs',
    );
    await runner.query('DROP TABLE job_rates, job_count_changes, job_counts');
  }
}

export const COUNT_REMOVED_JOBS = `
  CREATE OR REPLACE FUNCTION count_removed_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO job_count_changes (at, queue, type, status, jobs, failed_attempts, is_submission)
    SELECT now(), queue, type, status, -count(*), -sum(${COUNTED_ATTEMPTS}), false
    FROM old_rows
    GROUP BY queue, type, status;
    RETURN NULL;
  END $$`;
