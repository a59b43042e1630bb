import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What fires again and again, and what came of each occurrence. */
export class AddSchedules1795359600000 implements MigrationInterface {
  name = 'AddSchedules1795359600000';

  async up(runner: QueryRunner): Promise<void> {
    // due_at = when a worker must look next: next_run_at, or later when that occurrence must be tried again.
    await runner.query(`
      CREATE TABLE schedules (
        id uuid NOT NULL,
        name text NOT NULL,
        version integer NOT NULL DEFAULT 1,
        cron text,
        rrule text,
        dtstart text,
        timezone text NOT NULL,
        missed text NOT NULL,
        target_kind text NOT NULL,
        target jsonb NOT NULL,
        job_type text,
        paused_at timestamptz(3),
        paused_by text,
        pause_reason text,
        next_run_at timestamptz(3),
        due_at timestamptz(3),
        last_run_at timestamptz(3),
        last_job_id uuid,
        last_error text,
        last_error_at timestamptz(3),
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        CONSTRAINT "PK_schedules" PRIMARY KEY (id),
        CONSTRAINT "UQ_schedules_name" UNIQUE (name),
        CONSTRAINT "CHK_schedules_timing" CHECK (
          (cron IS NULL) <> (rrule IS NULL) AND (rrule IS NULL) = (dtstart IS NULL)),
        CONSTRAINT "CHK_schedules_missed" CHECK (missed IN ('skip', 'once')),
        CONSTRAINT "CHK_schedules_pause" CHECK (
          (paused_at IS NULL) = (paused_by IS NULL) AND (paused_at IS NULL OR next_run_at IS NULL)),
        CONSTRAINT "CHK_schedules_due" CHECK (
          (next_run_at IS NULL) = (due_at IS NULL) AND due_at >= next_run_at),
        CONSTRAINT "CHK_schedules_error" CHECK ((last_error IS NULL) = (last_error_at IS NULL)))`);
    await runner.query(`CREATE INDEX "IDX_schedules_due" ON schedules (due_at, id) WHERE due_at IS NOT NULL`);

    // The key is the promise: one row, and so one job, for one occurrence, whatever happens.
    await runner.query(`
      CREATE TABLE schedule_runs (
        schedule_id uuid NOT NULL,
        occurrence timestamptz(3) NOT NULL,
        job_id uuid,
        error text,
        made_up boolean NOT NULL,
        fired_at timestamptz(3) NOT NULL,
        CONSTRAINT "PK_schedule_runs" PRIMARY KEY (schedule_id, occurrence),
        CONSTRAINT "FK_schedule_runs_schedule" FOREIGN KEY (schedule_id) REFERENCES schedules (id) ON DELETE CASCADE,
        CONSTRAINT "CHK_schedule_runs_outcome" CHECK ((job_id IS NULL) <> (error IS NULL)))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE schedule_runs, schedules');
  }
}
