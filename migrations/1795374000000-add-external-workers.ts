import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workers in other languages: their rows beside those of our own, the job types they declare, the key of their tokens. */
export class AddExternalWorkers1795374000000 implements MigrationInterface {
  name = 'AddExternalWorkers1795374000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE workers
        ADD COLUMN is_external boolean NOT NULL DEFAULT false,
        ALTER COLUMN pid DROP NOT NULL,
        ADD CONSTRAINT "CHK_workers_pid" CHECK ((pid IS NULL) = is_external)`);
    await runner.query(`
      CREATE TABLE job_types (
        type text NOT NULL,
        description text NOT NULL,
        queue text NOT NULL,
        max_attempts integer,
        backoff jsonb NOT NULL,
        timeout integer NOT NULL,
        payload_schema jsonb NOT NULL,
        example jsonb NOT NULL,
        revision uuid NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT "PK_job_types" PRIMARY KEY (type),
        CONSTRAINT "CHK_job_types_type" CHECK (type !~ '^!')
      )`);
    // All processes sign with the same key, and tokens survive their restarts.
    await runner.query('CREATE TABLE lease_key (key text NOT NULL)');
    await runner.query(
      `INSERT INTO lease_key (key) VALUES (gen_random_uuid()::text || gen_random_uuid()::text)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE lease_key, job_types');
    await runner.query('DELETE FROM workers WHERE is_external');
    await runner.query(
      'ALTER TABLE workers DROP CONSTRAINT "CHK_workers_pid", DROP COLUMN is_external, ALTER COLUMN pid SET NOT NULL',
    );
  }
}
