import type { MigrationInterface, QueryRunner } from 'typeorm';
import { COUNT_REMOVED_JOBS } from './1795338000000-add-counts.ts';

/** Whether this transaction ends the jobs that it deletes; it says so by itself. */
const LEAVES = `(coalesce(current_setting('roundhouse.leaves', true), '') = 'completed')`;

/** Queues whose finished jobs leave at once, and triggers that tell such an end from a removal by hand. */
export class AddQueueRetention1795341600000 implements MigrationInterface {
  name = 'AddQueueRetention1795341600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE queues ADD COLUMN retention text,
        ADD CONSTRAINT "CHK_queues_retention" CHECK (retention = 'none')`);
    await runner.query(WITNESS(`AND NOT ${LEAVES}`));
    await runner.query(`
      CREATE OR REPLACE FUNCTION count_removed_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO job_count_changes (at, queue, type, status, jobs, failed_attempts, is_submission)
        SELECT now(), queue, type, status, -count(*), -sum(CASE WHEN status = 'FAILED' THEN attempts ELSE 0 END), false
        FROM old_rows
        GROUP BY queue, type, status;
        IF ${LEAVES} THEN
          INSERT INTO job_count_changes (at, queue, type, status, jobs, failed_attempts, is_submission)
          SELECT now(), o.queue, o.type, 'COMPLETED', way.direction * count(*), 0, false
          FROM old_rows o CROSS JOIN (VALUES (1), (-1)) AS way (direction)
          GROUP BY o.queue, o.type, way.direction;
        END IF;
        RETURN NULL;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(WITNESS(''));
    await runner.query(COUNT_REMOVED_JOBS);
    await runner.query('ALTER TABLE queues DROP COLUMN retention');
  }
}

const WITNESS = (condition: string) => `
  CREATE OR REPLACE FUNCTION witness_removal() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO removed_jobs (job_id, job)
    SELECT o.id, to_jsonb(o) FROM old_rows o
    WHERE o.status NOT IN ('COMPLETED', 'FAILED', 'CANCELLED') ${condition};
    RETURN NULL;
  END $$`;
