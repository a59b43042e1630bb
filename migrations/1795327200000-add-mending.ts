import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What lets human hands in the tables be followed up cheaply, and keeps the tables small. */
export class AddMending1795327200000 implements MigrationInterface {
  name = 'AddMending1795327200000';

  async up(runner: QueryRunner): Promise<void> {
    // Empty as long as nobody changes a status by hand.
    await runner.query(`
      CREATE INDEX "IDX_jobs_ends_that_do_not_fit" ON jobs (id)
      WHERE (finished_at IS NULL) = (status IN ('COMPLETED', 'FAILED', 'CANCELLED'))`);
    // Only jobs with parents, with a lock, or with a unique key have a place in these, and only until they have ended.
    await runner.query(`
      CREATE INDEX "IDX_jobs_dependents" ON jobs (id)
      WHERE (open_dependencies > 0 OR depends_on <> '{}') AND status IN ('PENDING', 'BLOCKED')`);
    await runner.query(`
      CREATE INDEX "IDX_jobs_lock_holders" ON jobs (hashtextextended(lock, 0))
      WHERE lock IS NOT NULL AND status IN ('PENDING', 'PROCESSING')`);
    await runner.query(`
      CREATE INDEX "IDX_jobs_unique" ON jobs (unique_key)
      WHERE unique_key IS NOT NULL AND status IN ('PENDING', 'BLOCKED', 'PROCESSING')`);

    // A row that no process can read or put in line would hold up all others, so the hand that writes it is told. Not
    // validated: rows that are there were written by us.
    await runner.query(`
      ALTER TABLE jobs
        ADD CONSTRAINT "CHK_jobs_queue"
          CHECK (queue ~ '^[a-z0-9][a-z0-9._-]{0,62}$' AND queue <> 'constructor') NOT VALID,
        ADD CONSTRAINT "CHK_jobs_times"
          CHECK (scheduled_at BETWEEN '0001-01-01Z' AND '9999-12-31Z' AND created_at BETWEEN '0001-01-01Z' AND '9999-12-31Z') NOT VALID`);

    // Many jobs at a time are deleted by their ids, whatever the planner knows of tables that have just grown.
    await runner.query(`
      ALTER FUNCTION forget_jobs() SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off`);

    for (const [table, share] of Object.entries(VACUUMED)) {
      await runner.query(`ALTER TABLE ${table} SET (${settings(share)})`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of Object.keys(VACUUMED)) {
      await runner.query(`ALTER TABLE ${table} RESET (${NAMES.join(', ')})`);
    }
    await runner.query(
      'ALTER FUNCTION forget_jobs() RESET enable_hashjoin RESET enable_mergejoin RESET enable_seqscan',
    );
    await runner.query('ALTER TABLE jobs DROP CONSTRAINT "CHK_jobs_times", DROP CONSTRAINT "CHK_jobs_queue"');
    await runner.query(
      'DROP INDEX "IDX_jobs_unique", "IDX_jobs_lock_holders", "IDX_jobs_dependents", "IDX_jobs_ends_that_do_not_fit"',
    );
  }
}

/**
 * The share of dead or new rows at which a table is vacuumed, at full speed; PostgreSQL waits for a fifth of it, which
 * of millions of jobs is more than anybody wants to read past.
 */
const VACUUMED = { jobs: 0.01, job_events: 0.02, job_logs: 0.02, job_keys: 0.01, job_locks: 0.01 };

const NAMES = [
  'autovacuum_vacuum_scale_factor',
  'autovacuum_vacuum_insert_scale_factor',
  'autovacuum_analyze_scale_factor',
  'autovacuum_vacuum_threshold',
  'autovacuum_vacuum_cost_delay',
];

function settings(share: number): string {
  const values = [share, 0.05, 0.02, 1_000, 0];
  return NAMES.map((name, index) => `${name} = ${values[index]}`).join(', ');
}
