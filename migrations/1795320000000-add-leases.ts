import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By what a worker shows that it lives: a lock of its own, and on which start of the server it took it. */
export class AddLeases1795320000000 implements MigrationInterface {
  name = 'AddLeases1795320000000';

  async up(runner: QueryRunner): Promise<void> {
    // The lock's key: a number that no other start of a worker has. A hash of the id might be another's as well.
    await runner.query(`
      ALTER TABLE workers
        ADD COLUMN lease_key integer GENERATED ALWAYS AS IDENTITY,
        ADD COLUMN leased_on text`);
    // Every worker asks several times a second whether there is one.
    await runner.query(`
      CREATE INDEX "IDX_jobs_leased" ON jobs (lease_expires_at)
      WHERE status = 'PROCESSING' AND lease_expires_at IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "IDX_jobs_leased"');
    await runner.query('ALTER TABLE workers DROP COLUMN leased_on, DROP COLUMN lease_key');
  }
}
