import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps a copy of every job that somebody deletes before its end, and says when all were thrown away. */
export class WitnessRemovals1795330800000 implements MigrationInterface {
  name = 'WitnessRemovals1795330800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE removed_jobs (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        removed_at timestamptz(3) NOT NULL DEFAULT now(),
        removed_by text NOT NULL DEFAULT session_user,
        job_id uuid,
        job jsonb,
        CONSTRAINT "PK_removed_jobs" PRIMARY KEY (id)
      )`);
    // The product deletes only jobs that have ended. A TRUNCATE does not say which rows there were: job_id is null.
    await runner.query(`
      CREATE FUNCTION witness_removal() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO removed_jobs (job_id, job)
        SELECT o.id, to_jsonb(o) FROM old_rows o WHERE o.status NOT IN ('COMPLETED', 'FAILED', 'CANCELLED');
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE FUNCTION witness_truncation() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO removed_jobs DEFAULT VALUES;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER witness_removal AFTER DELETE ON jobs
      REFERENCING OLD TABLE AS old_rows
      FOR EACH STATEMENT EXECUTE FUNCTION witness_removal()`);
    await runner.query(`
      CREATE TRIGGER witness_truncation AFTER TRUNCATE ON jobs
      FOR EACH STATEMENT EXECUTE FUNCTION witness_truncation()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER witness_truncation ON jobs');
    await runner.query('DROP TRIGGER witness_removal ON jobs');
    await runner.query('DROP FUNCTION witness_truncation, witness_removal');
    await runner.query('DROP TABLE removed_jobs');
  }
}
