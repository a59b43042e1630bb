import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pauses that hold for every claim, a row for every queue, and jobs by the time they finished. */
export class AddQueueOperations1795312800000 implements MigrationInterface {
  name = 'AddQueueOperations1795312800000';

  async up(runner: QueryRunner): Promise<void> {
    // Rates and percentiles of the last minutes and counts of finished jobs, without reading the history.
    // A settle of twenty jobs becomes 1 to 2 % slower by it; a claim does not.
    await runner.query(`
      CREATE INDEX "IDX_jobs_finished" ON jobs (queue, status, finished_at)
      WHERE status IN ('COMPLETED', 'FAILED', 'CANCELLED')`);

    // A claim holds the lock shared until its commit and a pause takes it exclusively, so that no claim commits
    // after a pause has been answered. Not a lock on the row: those who share one go past a writer who waits, and
    // steady claims would keep a pause out for ever. A function, since the row must be read by a later statement
    // than the one that waits for the lock, and a claim shall make one way to the server, not two.
    await runner.query(`
      CREATE FUNCTION enter_queue(queue_name text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock_shared(${PAUSE_LOCKS}, hashtext(queue_name));
        RETURN NOT EXISTS (
          SELECT 1 FROM queues q
          WHERE q.name = queue_name AND q.paused_at IS NOT NULL
            AND (q.paused_until IS NULL OR q.paused_until > clock_timestamp()));
      END $$`);
    await runner.query(`
      CREATE FUNCTION bar_queue(queue_name text) RETURNS void LANGUAGE sql VOLATILE AS $$
        SELECT pg_advisory_xact_lock(${PAUSE_LOCKS}, hashtext(queue_name))
      $$`);

    // The queues that were there before they had rows.
    await runner.query(`
      DO $$
      BEGIN
        IF to_regclass('pgboss.queue') IS NOT NULL THEN
          INSERT INTO queues (name)
          SELECT name FROM pgboss.queue WHERE name NOT LIKE '\\_\\_%'
          ON CONFLICT DO NOTHING;
        END IF;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION bar_queue, enter_queue');
    await runner.query('DROP INDEX "IDX_jobs_finished"');
  }
}

/** The first half of the keys of the advisory locks; the second is the queue's hash. */
const PAUSE_LOCKS = 1_640_531_527;
