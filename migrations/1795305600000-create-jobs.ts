import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The record (`jobs`), the ledger (`job_events`, `job_attempts`), the workers and the jokes. */
export class CreateJobs1795305600000 implements MigrationInterface {
  name = 'CreateJobs1795305600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TYPE job_status AS ENUM ('BLOCKED', 'PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED')`);

    await runner.query(`
      CREATE TABLE jobs (
        id uuid NOT NULL,
        type text NOT NULL,
        queue text NOT NULL,
        status job_status NOT NULL DEFAULT 'PENDING',
        priority smallint NOT NULL DEFAULT 5,
        payload jsonb NOT NULL,
        result jsonb,
        error_message text,
        attempts integer NOT NULL DEFAULT 0,
        max_attempts integer,
        base_max_attempts integer,
        interruptions integer NOT NULL DEFAULT 0,
        timeout integer,
        backoff jsonb,
        idempotency_key text,
        lock text,
        unique_key text,
        tags text[] NOT NULL DEFAULT '{}',
        workflow_id uuid,
        depends_on uuid[] NOT NULL DEFAULT '{}',
        open_dependencies integer NOT NULL DEFAULT 0,
        ticketed boolean NOT NULL DEFAULT false,
        worker_id uuid,
        lease_expires_at timestamptz(3),
        cancel_requested_at timestamptz(3),
        created_by text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        scheduled_at timestamptz(3) NOT NULL DEFAULT now(),
        started_at timestamptz(3),
        finished_at timestamptz(3),
        last_event text NOT NULL DEFAULT 'submitted',
        last_error jsonb,
        CONSTRAINT "PK_jobs" PRIMARY KEY (id)
      )`);
    await runner.query(`CREATE INDEX "IDX_jobs_status" ON jobs (status, id)`);
    await runner.query(`CREATE INDEX "IDX_jobs_type" ON jobs (type, id)`);
    await runner.query(`CREATE INDEX "IDX_jobs_queue" ON jobs (queue, id)`);
    await runner.query(`CREATE INDEX "IDX_jobs_running" ON jobs (worker_id) WHERE status = 'PROCESSING'`);
    await runner.query(`
      CREATE INDEX "IDX_jobs_unticketed" ON jobs (scheduled_at) WHERE status = 'PENDING' AND NOT ticketed`);

    await runner.query(`
      CREATE TABLE job_events (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        job_id uuid NOT NULL,
        attempt integer NOT NULL,
        event text NOT NULL,
        at timestamptz(3) NOT NULL,
        worker_id uuid,
        error jsonb,
        CONSTRAINT "PK_job_events" PRIMARY KEY (job_id, id)
      )`);

    // One statement for all rows of an UPDATE. Its plan is kept per session and made for the first batch it
    // sees; a nested loop over transition tables would be quadratic, hence the planner settings. Hash joins are
    // switched on because the sessions of the hot path have them off.
    await runner.query(`
      CREATE FUNCTION record_job_events() RETURNS trigger LANGUAGE plpgsql
      SET enable_nestloop = off SET enable_hashjoin = on AS $$
      BEGIN
        INSERT INTO job_events (job_id, attempt, event, at, worker_id, error)
        SELECT n.id,
               n.attempts,
               CASE WHEN (n.updated_at, n.last_event) IS DISTINCT FROM (o.updated_at, o.last_event)
                    THEN n.last_event ELSE 'edited' END,
               CASE WHEN (n.updated_at, n.last_event) IS DISTINCT FROM (o.updated_at, o.last_event)
                    THEN n.updated_at ELSE now() END,
               n.worker_id,
               CASE WHEN (n.updated_at, n.last_event) IS DISTINCT FROM (o.updated_at, o.last_event)
                    THEN n.last_error END
        FROM new_rows n
        JOIN old_rows o ON o.id = n.id
        WHERE (n.updated_at, n.last_event) IS DISTINCT FROM (o.updated_at, o.last_event)
           OR n.status <> o.status
        ORDER BY n.id;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER record_job_events AFTER UPDATE ON jobs
      REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION record_job_events()`);

    await runner.query(`
      CREATE VIEW job_attempts AS
      SELECT s.job_id,
             s.attempt,
             s.worker_id,
             s.at AS started_at,
             e.at AS ended_at,
             e.event AS outcome,
             e.error
      FROM job_events s
      LEFT JOIN LATERAL (
        SELECT e.at, e.event, e.error
        FROM job_events e
        WHERE e.job_id = s.job_id AND e.attempt = s.attempt AND e.id > s.id
          AND e.event IN ('completed', 'failed', 'timed_out', 'interrupted', 'released', 'snoozed', 'cancelled', 'edited')
        ORDER BY e.id
        LIMIT 1
      ) e ON true
      WHERE s.event = 'started'`);

    await runner.query(`
      CREATE TABLE workers (
        id uuid NOT NULL,
        hostname text NOT NULL,
        pid integer NOT NULL,
        version text NOT NULL,
        queues text[] NOT NULL,
        slots integer NOT NULL,
        started_at timestamptz(3) NOT NULL DEFAULT now(),
        last_seen_at timestamptz(3) NOT NULL DEFAULT now(),
        stopped_at timestamptz(3),
        CONSTRAINT "PK_workers" PRIMARY KEY (id)
      )`);

    await runner.query(`
      CREATE TABLE jokes (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        joke_id text NOT NULL,
        value text NOT NULL,
        category text,
        url text,
        icon_url text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT "PK_jokes" PRIMARY KEY (id),
        CONSTRAINT "UQ_jokes_joke_id" UNIQUE (joke_id)
      )`);
    await runner.query(`CREATE INDEX "IDX_jokes_category" ON jokes (category, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE jokes, workers');
    await runner.query('DROP VIEW job_attempts');
    await runner.query('DROP TABLE job_events, jobs');
    await runner.query('DROP FUNCTION record_job_events');
    await runner.query('DROP TYPE job_status');
  }
}
