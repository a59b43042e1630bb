import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migrations } from '../../../migrations/index.js';
import { resolveConfig } from '../../../src/config/index.js';
import { type JobContext, JobHandler } from '../../../src/worker/index.js';
import { AnyPayload } from './payload.js';

/** What the next version adds to the schema. */
class AddRemarks9000000000000 implements MigrationInterface {
  name = 'AddRemarks9000000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE jobs ADD COLUMN remark text NOT NULL DEFAULT ''`);
    await runner.query(`CREATE INDEX "IDX_jobs_remark" ON jobs (remark) WHERE remark <> ''`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE jobs DROP COLUMN remark');
  }
}

/** What the next version can do besides. */
@JobHandler({ type: 'newcomer', description: 'Is new.', payload: AnyPayload, example: {} })
class NewcomerHandler {
  async run({ attempt }: JobContext<AnyPayload>): Promise<object> {
    return { attempt };
  }
}

export const addedHandlers = [NewcomerHandler];

migrations.push(AddRemarks9000000000000);

if (process.argv.includes('migrate')) {
  const { migrateDatabase } = await import('../../../src/migrate.js');
  const done = await migrateDatabase(resolveConfig(process.env));
  process.stdout.write(`Migrated: ${done.join(', ') || 'nothing'}\n`);
  process.exit(0);
}
