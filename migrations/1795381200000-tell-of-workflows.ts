import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is told of the end of a workflow, and which of its ends it is. */
export class TellOfWorkflows1795381200000 implements MigrationInterface {
  name = 'TellOfWorkflows1795381200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE workflows ADD COLUMN callback_url text, ADD COLUMN ends integer NOT NULL DEFAULT 0',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE workflows DROP COLUMN ends, DROP COLUMN callback_url');
  }
}
