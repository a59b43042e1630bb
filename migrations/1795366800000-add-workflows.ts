import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workflows: jobs that belong together, what follows their end, and what the failure of one means for its dependents. */
export class AddWorkflows1795366800000 implements MigrationInterface {
  name = 'AddWorkflows1795366800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE job_dependencies ADD COLUMN on_failure text NOT NULL DEFAULT 'cancel',
        ADD CONSTRAINT "CHK_job_dependencies_on_failure" CHECK (on_failure IN ('cancel', 'continue'))`);
    await runner.query('ALTER TABLE jobs ADD COLUMN workflow_ref text');
    await runner.query(
      `CREATE INDEX "IDX_jobs_workflow" ON jobs (workflow_id, id) WHERE workflow_id IS NOT NULL`,
    );
    // Only until they have ended: it is what the counters of workflows are compared with.
    await runner.query(`
      CREATE INDEX "IDX_jobs_workflow_open" ON jobs (workflow_id, status)
      WHERE workflow_ref IS NOT NULL AND status IN ('BLOCKED', 'PENDING', 'PROCESSING')`);

    // A counter changes with every end of a job: pages keep room for its next version, and no index tells it.
    await runner.query(`
      CREATE TABLE workflows (
        id uuid NOT NULL,
        name text,
        kind text NOT NULL DEFAULT 'workflow',
        tags text[] NOT NULL DEFAULT '{}',
        jobs integer NOT NULL,
        open integer NOT NULL,
        failed integer NOT NULL DEFAULT 0,
        cancelled integer NOT NULL DEFAULT 0,
        on_finished jsonb,
        on_finished_job uuid,
        created_by text,
        idempotency_key text,
        fingerprint text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        finished_at timestamptz(3),
        CONSTRAINT "PK_workflows" PRIMARY KEY (id),
        CONSTRAINT "CHK_workflows_kind" CHECK (kind IN ('workflow', 'group'))
      ) WITH (fillfactor = 50)`);
    await runner.query(`
      CREATE UNIQUE INDEX "IDX_workflows_key" ON workflows (idempotency_key, (coalesce(created_by, '')))
      WHERE idempotency_key IS NOT NULL`);
    await runner.query(`CREATE INDEX "IDX_workflows_name" ON workflows (name, id) WHERE name IS NOT NULL`);
    await runner.query(`CREATE INDEX "IDX_workflows_running" ON workflows (id) WHERE finished_at IS NULL`);
    await runner.query(`CREATE INDEX "IDX_workflows_failed" ON workflows (id) WHERE failed > 0`);
    await runner.query(`CREATE INDEX "IDX_workflows_cancelled" ON workflows (id) WHERE cancelled > 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE workflows');
    await runner.query('DROP INDEX "IDX_jobs_workflow_open", "IDX_jobs_workflow"');
    await runner.query('ALTER TABLE jobs DROP COLUMN workflow_ref');
    await runner.query('ALTER TABLE job_dependencies DROP COLUMN on_failure');
  }
}
