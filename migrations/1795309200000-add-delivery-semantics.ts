import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys, locks, dependencies, paused queues, logs and progress; who did what; notices of changes to whoever watches. */
export class AddDeliverySemantics1795309200000 implements MigrationInterface {
  name = 'AddDeliverySemantics1795309200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE jobs
        ADD COLUMN unique_while text,
        ADD COLUMN has_dependents boolean NOT NULL DEFAULT false,
        ADD COLUMN last_actor text,
        ADD COLUMN error_fingerprint text`);
    await runner.query(`ALTER TABLE job_events ADD COLUMN actor text`);

    // Idempotency keys and unique keys. A key outlives its job; what is left of a purged job answers for it.
    await runner.query(`
      CREATE TABLE job_keys (
        kind text NOT NULL,
        key text NOT NULL,
        owner text NOT NULL,
        job_id uuid NOT NULL,
        fingerprint text,
        held_while text,
        expires_at timestamptz(3),
        purged_job jsonb,
        CONSTRAINT "PK_job_keys" PRIMARY KEY (kind, key, owner)
      )`);
    await runner.query(`
      CREATE INDEX "IDX_job_keys_job" ON job_keys (job_id) WHERE kind = 'idempotency'`);

    await runner.query(`
      CREATE TABLE job_locks (
        lock_hash bigint NOT NULL,
        holder uuid NOT NULL,
        CONSTRAINT "PK_job_locks" PRIMARY KEY (lock_hash)
      )`);
    await runner.query(`CREATE INDEX "IDX_job_locks_holder" ON job_locks (holder)`);
    await runner.query(`
      CREATE INDEX "IDX_jobs_lock" ON jobs (hashtextextended(lock, 0), id) WHERE lock IS NOT NULL`);
    await runner.query(`
      CREATE INDEX "IDX_jobs_lock_line" ON jobs (hashtextextended(lock, 0), created_at, id)
      WHERE lock IS NOT NULL AND status = 'BLOCKED' AND open_dependencies = 0`);

    await runner.query(`
      CREATE TABLE job_dependencies (
        parent_id uuid NOT NULL,
        child_id uuid NOT NULL,
        CONSTRAINT "PK_job_dependencies" PRIMARY KEY (parent_id, child_id)
      )`);

    await runner.query(`
      CREATE INDEX "IDX_jobs_failed" ON jobs (error_fingerprint, id) WHERE status = 'FAILED'`);

    await runner.query(`
      CREATE TABLE queues (
        name text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        paused_at timestamptz(3),
        paused_until timestamptz(3),
        paused_by text,
        pause_reason text,
        dead_letter_queue text,
        CONSTRAINT "PK_queues" PRIMARY KEY (name)
      )`);
    await runner.query(`
      ALTER TABLE workers
        ADD COLUMN types text[] NOT NULL DEFAULT '{}',
        ADD COLUMN busy integer NOT NULL DEFAULT 0,
        ADD COLUMN stuck integer NOT NULL DEFAULT 0,
        ADD COLUMN drain_requested_at timestamptz(3)`);

    await runner.query(`
      CREATE TABLE job_logs (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        job_id uuid NOT NULL,
        attempt integer NOT NULL,
        at timestamptz(3) NOT NULL,
        level text NOT NULL,
        message text NOT NULL,
        CONSTRAINT "PK_job_logs" PRIMARY KEY (job_id, id)
      )`);
    await runner.query(`
      CREATE TABLE job_progress (
        job_id uuid NOT NULL,
        attempt integer NOT NULL,
        percent integer NOT NULL,
        message text,
        at timestamptz(3) NOT NULL,
        CONSTRAINT "PK_job_progress" PRIMARY KEY (job_id)
      )`);

    // Processes that wait for changes of jobs, and until when; without one no notice is sent, because notices
    // make commits wait for each other.
    await runner.query(`
      CREATE TABLE job_watchers (
        id uuid NOT NULL,
        watches_until timestamptz(3) NOT NULL,
        CONSTRAINT "PK_job_watchers" PRIMARY KEY (id)
      )`);

    await runner.query(RECORD_EVENTS);

    await runner.query(FORGET_JOBS);
    await runner.query(`
      CREATE TRIGGER forget_jobs AFTER DELETE ON jobs
      REFERENCING OLD TABLE AS old_rows
      FOR EACH STATEMENT EXECUTE FUNCTION forget_jobs()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER forget_jobs ON jobs');
    await runner.query('DROP FUNCTION forget_jobs');
    await runner.query(
      'DROP TABLE job_watchers, job_progress, job_logs, queues, job_dependencies, job_locks, job_keys',
    );
    await runner.query('DROP INDEX "IDX_jobs_failed", "IDX_jobs_lock_line", "IDX_jobs_lock"');
    await runner.query(
      'ALTER TABLE workers DROP COLUMN types, DROP COLUMN busy, DROP COLUMN stuck, DROP COLUMN drain_requested_at',
    );
    await runner.query(RECORD_EVENTS_BEFORE);
    await runner.query('ALTER TABLE job_events DROP COLUMN actor');
    await runner.query(
      'ALTER TABLE jobs DROP COLUMN unique_while, DROP COLUMN has_dependents, DROP COLUMN last_actor, DROP COLUMN error_fingerprint',
    );
  }
}

/** A change of ours sets the time and the event; any other change of the status is somebody's by hand. */
const OURS = '(n.updated_at, n.last_event) IS DISTINCT FROM (o.updated_at, o.last_event)';

/** PostgreSQL refuses notices of 8,000 bytes and more; an id takes 32 of them. */
const MOST_IDS = 240;

const RECORD_EVENTS = `
  CREATE OR REPLACE FUNCTION record_job_events() RETURNS trigger LANGUAGE plpgsql
  SET enable_nestloop = off SET enable_hashjoin = on AS $$
  DECLARE
    changed text;
  BEGIN
    INSERT INTO job_events (job_id, attempt, event, at, worker_id, error, actor)
    SELECT n.id,
           n.attempts,
           CASE WHEN ${OURS} THEN n.last_event ELSE 'edited' END,
           CASE WHEN ${OURS} THEN n.updated_at ELSE now() END,
           n.worker_id,
           CASE WHEN ${OURS} THEN n.last_error END,
           CASE WHEN ${OURS} THEN n.last_actor ELSE session_user END
    FROM new_rows n
    JOIN old_rows o ON o.id = n.id
    WHERE ${OURS} OR n.status <> o.status
    ORDER BY n.id;
    IF EXISTS (SELECT 1 FROM job_watchers WHERE watches_until > clock_timestamp()) THEN
      SELECT CASE WHEN count(*) <= ${MOST_IDS} THEN string_agg(replace(id::text, '-', ''), '') ELSE '*' END
      INTO changed FROM new_rows;
      IF changed IS NOT NULL THEN
        PERFORM pg_notify('roundhouse_job_changes', changed);
      END IF;
    END IF;
    RETURN NULL;
  END $$`;

const RECORD_EVENTS_BEFORE = `
  CREATE OR REPLACE FUNCTION record_job_events() RETURNS trigger LANGUAGE plpgsql
  SET enable_nestloop = off SET enable_hashjoin = on AS $$
  BEGIN
    INSERT INTO job_events (job_id, attempt, event, at, worker_id, error)
    SELECT n.id,
           n.attempts,
           CASE WHEN ${OURS} THEN n.last_event ELSE 'edited' END,
           CASE WHEN ${OURS} THEN n.updated_at ELSE now() END,
           n.worker_id,
           CASE WHEN ${OURS} THEN n.last_error END
    FROM new_rows n
    JOIN old_rows o ON o.id = n.id
    WHERE ${OURS} OR n.status <> o.status
    ORDER BY n.id;
    RETURN NULL;
  END $$`;

export const FORGET_JOBS = `
  CREATE OR REPLACE FUNCTION forget_jobs() RETURNS trigger LANGUAGE plpgsql
  SET enable_nestloop = on AS $$
  BEGIN
    UPDATE job_keys k
    SET purged_job = to_jsonb(o) - 'payload' - 'result'
    FROM old_rows o
    WHERE k.kind = 'idempotency' AND k.job_id = o.id;
    DELETE FROM job_dependencies d
    USING old_rows o
    WHERE d.parent_id = ANY(o.depends_on) AND d.child_id = o.id;
    DELETE FROM job_events e USING old_rows o WHERE e.job_id = o.id;
    DELETE FROM job_logs l USING old_rows o WHERE l.job_id = o.id;
    DELETE FROM job_progress p USING old_rows o WHERE p.job_id = o.id;
    RETURN NULL;
  END $$`;
