import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is not shown of jobs of declared types. It stays when a type is removed: its jobs that have ended stay, too. */
export class AddRedactions1795417200000 implements MigrationInterface {
  name = 'AddRedactions1795417200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE redactions (
        type text NOT NULL,
        pointers text[] NOT NULL,
        CONSTRAINT "PK_redactions" PRIMARY KEY (type)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE redactions');
  }
}
