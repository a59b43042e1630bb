import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A schedule starts a job or a workflow, and what it has started can be found by its tag. */
export class LetSchedulesStartWorkflows1795377600000 implements MigrationInterface {
  name = 'LetSchedulesStartWorkflows1795377600000';

  async up(runner: QueryRunner): Promise<void> {
    // job_types is to a workflow what job_type is to a job: who does not know them leaves it to those who do.
    await runner.query('ALTER TABLE schedules ADD COLUMN job_types text[], ADD COLUMN last_workflow_id uuid');
    await runner.query(`
      ALTER TABLE schedule_runs ADD COLUMN workflow_id uuid,
        DROP CONSTRAINT "CHK_schedule_runs_outcome",
        ADD CONSTRAINT "CHK_schedule_runs_outcome" CHECK (num_nonnulls(job_id, workflow_id, error) = 1)`);
    // Most workflows have no tag, and pay nothing for it.
    await runner.query(`CREATE INDEX "IDX_workflows_tags" ON workflows USING gin (tags) WHERE tags <> '{}'`);
  }

  /** What came of occurrences and schedules that need the columns goes with them; the workflows stay. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "IDX_workflows_tags"');
    await runner.query('DELETE FROM schedule_runs WHERE workflow_id IS NOT NULL');
    await runner.query(`DELETE FROM schedules WHERE target_kind <> 'job'`);
    await runner.query(`
      ALTER TABLE schedule_runs DROP CONSTRAINT "CHK_schedule_runs_outcome",
        DROP COLUMN workflow_id,
        ADD CONSTRAINT "CHK_schedule_runs_outcome" CHECK ((job_id IS NULL) <> (error IS NULL))`);
    await runner.query('ALTER TABLE schedules DROP COLUMN job_types, DROP COLUMN last_workflow_id');
  }
}
