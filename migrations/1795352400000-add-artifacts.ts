import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forgetJobs } from './1795332600000-forget-by-index.ts';

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
    // No foreign key, which would look each job up by itself.
    await runner.query(forgetJobs('DELETE FROM artifacts a WHERE a.job_id = ANY(gone);'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(forgetJobs());
    await runner.query('DROP TABLE artifact_folder, artifacts');
  }
}
