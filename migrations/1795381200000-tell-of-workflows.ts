import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is told of the end of a workflow, and which of its ends it is. */
export class TellOfWorkflows1795381200000 implements MigrationInterface {
  name = 'TellOfWorkflows1795381200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE workflows ADD COLUMN callback_url text, ADD COLUMN ends integer NOT NULL DEFAULT 0',
    );
    await runner.query(`
      CREATE FUNCTION is_listened_to(wanted text[]) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
      BEGIN
        RETURN EXISTS (SELECT 1 FROM webhooks w WHERE w.enabled AND w.events && wanted);
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION is_listened_to');
    await runner.query('ALTER TABLE workflows DROP COLUMN ends, DROP COLUMN callback_url');
  }
}
