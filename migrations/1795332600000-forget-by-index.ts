import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FORGET_JOBS } from './1795309200000-add-delivery-semantics.ts';

/**
 * What goes with a job that is deleted is found by index, whatever the tables looked like when a session made its plans.
 * A join with the deleted rows, planned when there were next to none, reads one side again for each row of the other:
 * 10,000 jobs took two minutes.
 */
export class ForgetByIndex1795332600000 implements MigrationInterface {
  name = 'ForgetByIndex1795332600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(forgetJobs());
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(FORGET_JOBS);
  }
}

/** @param alsoGone statements on what else goes with the jobs whose ids are in `gone` */
export const forgetJobs = (alsoGone = '') => `
  CREATE OR REPLACE FUNCTION forget_jobs() RETURNS trigger LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_nestloop = off SET enable_hashjoin = on AS $$
  DECLARE
    gone uuid[] := ARRAY(SELECT o.id FROM old_rows o);
  BEGIN
    UPDATE job_keys k
    SET purged_job = to_jsonb(o) - 'payload' - 'result'
    FROM old_rows o
    WHERE k.kind = 'idempotency' AND k.job_id = ANY(gone) AND k.job_id = o.id;
    DELETE FROM job_dependencies d
    WHERE d.parent_id = ANY(ARRAY(SELECT unnest(o.depends_on) FROM old_rows o)) AND d.child_id = ANY(gone);
    DELETE FROM job_events e WHERE e.job_id = ANY(gone);
    DELETE FROM job_logs l WHERE l.job_id = ANY(gone);
    DELETE FROM job_progress p WHERE p.job_id = ANY(gone);
    ${alsoGone}
    RETURN NULL;
  END $$`;
