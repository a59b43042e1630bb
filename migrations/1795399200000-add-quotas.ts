import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many jobs may wait in a queue before submissions to it are refused. */
export class AddQuotas1795399200000 implements MigrationInterface {
  name = 'AddQuotas1795399200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE queues
        ADD COLUMN max_waiting integer,
        ADD CONSTRAINT "CHK_queues_max_waiting" CHECK (max_waiting > 0)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE queues DROP COLUMN max_waiting');
  }
}
