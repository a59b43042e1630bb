import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the workers know together of the circuits of job types. A type that has not failed yet has no row. */
export class AddCircuits1795356000000 implements MigrationInterface {
  name = 'AddCircuits1795356000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE circuits (
        type text NOT NULL,
        state text NOT NULL DEFAULT 'closed',
        failures integer NOT NULL DEFAULT 0,
        openings integer NOT NULL DEFAULT 0,
        opened_at timestamptz(3),
        until timestamptz(3),
        probe uuid,
        probe_taken_at timestamptz(3),
        probe_job uuid,
        probe_attempt integer,
        CONSTRAINT "PK_circuits" PRIMARY KEY (type),
        CONSTRAINT "CHK_circuits_state" CHECK (
          CASE state WHEN 'closed' THEN opened_at IS NULL AND until IS NULL AND probe IS NULL
                     WHEN 'open' THEN opened_at IS NOT NULL AND until IS NOT NULL AND probe IS NULL
                     WHEN 'half_open' THEN opened_at IS NOT NULL AND until IS NOT NULL AND probe IS NOT NULL
                     ELSE false END),
        CONSTRAINT "CHK_circuits_probe" CHECK (
          (probe IS NULL) = (probe_taken_at IS NULL) AND (probe_job IS NULL) = (probe_attempt IS NULL)
          AND (probe IS NOT NULL OR probe_job IS NULL)),
        CONSTRAINT "CHK_circuits_counts" CHECK (failures >= 0 AND openings >= 0))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE circuits');
  }
}
