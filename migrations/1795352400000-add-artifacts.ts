import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The files that jobs produce: small ones in the table, large ones in a folder that the table points into. */
export class AddArtifacts1795352400000 implements MigrationInterface {
  name = 'AddArtifacts1795352400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE artifacts (
        job_id uuid NOT NULL,
        name text NOT NULL,
        content_type text NOT NULL,
        bytes bigint NOT NULL,
        sha256 text NOT NULL,
        content bytea,
        file text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT "PK_artifacts" PRIMARY KEY (job_id, name),
        CONSTRAINT "CHK_artifacts_place" CHECK ((content IS NULL) <> (file IS NULL))
      )`);
    // Databases may share a folder, and each may remove only what is its own. The name goes along into a restored copy.
    await runner.query('CREATE TABLE artifact_folder (name uuid NOT NULL DEFAULT gen_random_uuid())');
    await runner.query('INSERT INTO artifact_folder DEFAULT VALUES');
    await runner.query(FORGET_JOBS('DELETE FROM artifacts a WHERE a.job_id = ANY(gone);'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(FORGET_JOBS(''));
    await runner.query('DROP TABLE artifact_folder, artifacts');
  }
}

/** By index however many, as in ForgetByIndex; no foreign key, which would look each job up by itself. */
const FORGET_JOBS = (artifacts: string) => `
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
    ${artifacts}
    RETURN NULL;
  END $$`;
