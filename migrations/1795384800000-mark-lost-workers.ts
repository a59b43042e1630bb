import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a worker was found to be gone, before its silence tells so. */
export class MarkLostWorkers1795384800000 implements MigrationInterface {
  name = 'MarkLostWorkers1795384800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE workers ADD COLUMN lost_at timestamptz(3)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE workers DROP COLUMN lost_at');
  }
}
