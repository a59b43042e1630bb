import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The trace that a job goes on, for whoever runs it. A column that is null costs a row nothing. */
export class TraceJobs1795392000000 implements MigrationInterface {
  name = 'TraceJobs1795392000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE jobs ADD COLUMN trace_parent text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE jobs DROP COLUMN trace_parent');
  }
}
