import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Limits of queues and of the keys in them: how often and how many at a time jobs start, across all workers. */
export class AddLimits1795363200000 implements MigrationInterface {
  name = 'AddLimits1795363200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE jobs
        ADD COLUMN limit_key text,
        ADD COLUMN limited boolean NOT NULL DEFAULT false,
        ADD CONSTRAINT "CHK_jobs_limit_key" CHECK (length(limit_key) BETWEEN 1 AND 255) NOT VALID`);
    // Both hold only what concerns limits, so that other jobs do not pay for them.
    await runner.query(`
      CREATE INDEX "IDX_jobs_limited" ON jobs (queue, limit_key) WHERE status = 'PROCESSING' AND limited`);
    await runner.query(`
      CREATE INDEX "IDX_jobs_limit_line"
      ON jobs (queue, limit_key, priority, (attempts = 0), greatest(scheduled_at, updated_at), id)
      WHERE status = 'PENDING' AND ticketed AND limit_key IS NOT NULL`);

    await runner.query(`ALTER TABLE queues ADD COLUMN limits jsonb`);
    await runner.query(`
      CREATE TABLE limit_states (
        queue text NOT NULL,
        key text NOT NULL,
        tat timestamptz,
        ready_at timestamptz NOT NULL DEFAULT now(),
        is_parked boolean NOT NULL DEFAULT false,
        CONSTRAINT "PK_limit_states" PRIMARY KEY (queue, key))`);
    await runner.query(`
      CREATE INDEX "IDX_limit_states_parked" ON limit_states (queue, ready_at) WHERE is_parked`);

    // Builds that know no limits find a limited queue shut: to let them claim would break its limits.
    await runner.query(`
      CREATE OR REPLACE FUNCTION enter_queue(queue_name text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock_shared(${PAUSE_LOCKS}, hashtext(queue_name));
        RETURN NOT EXISTS (
          SELECT 1 FROM queues q
          WHERE q.name = queue_name AND (q.limits IS NOT NULL OR ${IS_PAUSED}));
      END $$`);
    await runner.query(`
      CREATE FUNCTION enter_line(queue_name text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
      DECLARE
        is_open boolean;
        is_limited boolean;
      BEGIN
        PERFORM pg_advisory_xact_lock_shared(${PAUSE_LOCKS}, hashtext(queue_name));
        SELECT NOT ${IS_PAUSED}, q.limits IS NOT NULL INTO is_open, is_limited
        FROM queues q WHERE q.name = queue_name;
        IF is_limited THEN
          RAISE 'Queue % has limits', queue_name USING ERRCODE = 'RH002';
        END IF;
        RETURN coalesce(is_open, true);
      END $$`);

    // What stands in these rows is read by later statements than those that wait for them.
    await runner.query(`
      CREATE FUNCTION enter_limited_queue(queue_name text, patience text)
      RETURNS TABLE (is_open boolean, limits jsonb, tat timestamptz, running integer, entered_at timestamptz)
      LANGUAGE plpgsql VOLATILE AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock_shared(${PAUSE_LOCKS}, hashtext(queue_name));
        PERFORM set_config('lock_timeout', patience, true);
        PERFORM 1 FROM limit_states s WHERE s.queue = queue_name AND s.key = '' FOR UPDATE;
        IF NOT FOUND THEN
          INSERT INTO limit_states (queue, key) VALUES (queue_name, '') ON CONFLICT DO NOTHING;
          PERFORM 1 FROM limit_states s WHERE s.queue = queue_name AND s.key = '' FOR UPDATE;
        END IF;
        RETURN QUERY
        SELECT NOT ${IS_PAUSED}, q.limits, s.tat,
               CASE WHEN q.limits ->> 'concurrency' IS NULL THEN 0
                    ELSE (SELECT count(*)::integer FROM jobs j
                          WHERE j.queue = queue_name AND j.status = 'PROCESSING' AND j.limited) END,
               clock_timestamp()
        FROM queues q JOIN limit_states s ON s.queue = q.name AND s.key = ''
        WHERE q.name = queue_name;
      END $$`);
    await runner.query(`
      CREATE FUNCTION enter_limit_keys(queue_name text, keys text[], counts_running boolean)
      RETURNS TABLE (key text, tat timestamptz, is_parked boolean, running integer)
      LANGUAGE plpgsql VOLATILE AS $$
      DECLARE
        locked bigint;
      BEGIN
        LOOP
          INSERT INTO limit_states (queue, key)
          SELECT queue_name, k.key FROM unnest(keys) AS k (key) ORDER BY k.key
          ON CONFLICT DO NOTHING;
          PERFORM 1 FROM limit_states s WHERE s.queue = queue_name AND s.key = ANY(keys) ORDER BY s.key FOR UPDATE;
          GET DIAGNOSTICS locked = ROW_COUNT;
          EXIT WHEN locked >= cardinality(keys);
        END LOOP;
        RETURN QUERY
        SELECT s.key, s.tat, s.is_parked,
               CASE WHEN counts_running
                    THEN (SELECT count(*)::integer FROM jobs j
                          WHERE j.queue = queue_name AND j.limit_key = s.key AND j.status = 'PROCESSING' AND j.limited)
                    ELSE 0 END
        FROM limit_states s
        WHERE s.queue = queue_name AND s.key = ANY(keys);
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$
      BEGIN
        IF to_regclass('pgboss.job') IS NOT NULL THEN
          UPDATE pgboss.job SET blocked = false WHERE blocked;
        END IF;
      END $$`);
    await runner.query('DROP FUNCTION enter_limit_keys, enter_limited_queue, enter_line');
    await runner.query(`
      CREATE OR REPLACE FUNCTION enter_queue(queue_name text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock_shared(${PAUSE_LOCKS}, hashtext(queue_name));
        RETURN NOT EXISTS (
          SELECT 1 FROM queues q
          WHERE q.name = queue_name AND q.paused_at IS NOT NULL
            AND (q.paused_until IS NULL OR q.paused_until > clock_timestamp()));
      END $$`);
    await runner.query('DROP TABLE limit_states');
    await runner.query('ALTER TABLE queues DROP COLUMN limits');
    await runner.query('DROP INDEX "IDX_jobs_limit_line", "IDX_jobs_limited"');
    await runner.query('ALTER TABLE jobs DROP COLUMN limit_key, DROP COLUMN limited');
  }
}

/** The first half of the keys of the advisory locks of claims and pauses. */
const PAUSE_LOCKS = 1_640_531_527;

const IS_PAUSED = `(q.paused_at IS NOT NULL AND (q.paused_until IS NULL OR q.paused_until > clock_timestamp()))`;
