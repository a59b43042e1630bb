import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often a job was lost while it ran alone. */
export class AddQuarantine1795323600000 implements MigrationInterface {
  name = 'AddQuarantine1795323600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE jobs ADD COLUMN interruptions_alone integer NOT NULL DEFAULT 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE jobs DROP COLUMN interruptions_alone`);
  }
}
