import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What operators make of errors, and work on many jobs at once. */
export class AddDeadLetters1795316400000 implements MigrationInterface {
  name = 'AddDeadLetters1795316400000';

  async up(runner: QueryRunner): Promise<void> {
    // A group without a row is open.
    await runner.query(`
      CREATE TABLE error_groups (
        fingerprint text NOT NULL,
        state text NOT NULL,
        changed_at timestamptz(3) NOT NULL,
        changed_by text NOT NULL,
        CONSTRAINT "PK_error_groups" PRIMARY KEY (fingerprint)
      )`);

    // The job of the same id does the work; whether it waits, runs or has failed stands in jobs.
    await runner.query(`
      CREATE TABLE bulk_operations (
        id uuid NOT NULL,
        action text NOT NULL,
        filter jsonb NOT NULL,
        most integer,
        per_second double precision,
        created_at timestamptz(3) NOT NULL,
        created_by text NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        started_at timestamptz(3),
        completed_at timestamptz(3),
        attempt integer NOT NULL DEFAULT 0,
        matched integer,
        matched_is_exact boolean NOT NULL DEFAULT true,
        sample uuid[] NOT NULL DEFAULT '{}',
        done integer NOT NULL DEFAULT 0,
        skipped integer NOT NULL DEFAULT 0,
        failed integer NOT NULL DEFAULT 0,
        reasons jsonb NOT NULL DEFAULT '{}',
        cursor uuid,
        chunk uuid[],
        CONSTRAINT "PK_bulk_operations" PRIMARY KEY (id)
      )`);

    // Only failed jobs have a place in them, so that they cost nothing as long as all goes well. Whoever sets a
    // job to FAILED by hand may forget finished_at.
    await runner.query(`
      CREATE INDEX "IDX_jobs_failed_at" ON jobs ((coalesce(finished_at, updated_at)), id) WHERE status = 'FAILED'`);
    await runner.query(`
      CREATE INDEX "IDX_jobs_failed_alike" ON jobs (error_fingerprint, (coalesce(finished_at, updated_at)), id)
      WHERE status = 'FAILED'`);

    // Jobs that failed before there were fingerprints belong together when they say the same.
    await runner.query(`
      UPDATE jobs
      SET error_fingerprint = left(encode(sha256(convert_to(type || ' ' || coalesce(error_message, ''), 'UTF8')), 'hex'), 16)
      WHERE status = 'FAILED' AND error_fingerprint IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "IDX_jobs_failed_alike", "IDX_jobs_failed_at"');
    await runner.query('DROP TABLE bulk_operations, error_groups');
  }
}
