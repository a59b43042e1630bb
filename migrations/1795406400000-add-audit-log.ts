import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whoever may ask for it can forget nothing that is younger. */
const LEAST_DAYS = 30;

/** What nobody but the triggers on `jobs` writes. They do it in the name of their owner, since those who serve may not. */
const OF_THE_LEDGER = ['record_job_events', 'forget_jobs', 'witness_removal', 'witness_truncation'];

/**
 * Who did what, for good: rows are added and never changed, and only a function of the owner deletes the oldest ones. The
 * ledger too is written by functions of the owner from now on, so that a role that serves needs no right to write there.
 */
export class AddAuditLog1795406400000 implements MigrationInterface {
  name = 'AddAuditLog1795406400000';

  async up(runner: QueryRunner): Promise<void> {
    // Time, number and login are the database's own word.
    await runner.query(`
      CREATE TABLE audit_log (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
        login text NOT NULL DEFAULT session_user,
        actor text NOT NULL,
        action text NOT NULL,
        subject_type text NOT NULL,
        subject_id text,
        queue text,
        before jsonb,
        after jsonb,
        request_id text,
        CONSTRAINT "PK_audit_log" PRIMARY KEY (id)
      )`);
    await runner.query(`CREATE INDEX "IDX_audit_log_at" ON audit_log (at)`);
    await runner.query(`CREATE INDEX "IDX_audit_log_actor" ON audit_log (actor, id)`);
    await runner.query(`CREATE INDEX "IDX_audit_log_action" ON audit_log (action, id)`);
    await runner.query(`CREATE INDEX "IDX_audit_log_subject" ON audit_log (subject_type, subject_id, id)`);
    await runner.query(`CREATE INDEX "IDX_audit_log_queue" ON audit_log (queue, id) WHERE queue IS NOT NULL`);

    const path = await fixedPath(runner);
    await runner.query(`
      CREATE FUNCTION keep_audit_log() RETURNS trigger LANGUAGE plpgsql ${path} AS $$
      BEGIN
        IF TG_OP = 'DELETE' THEN
          IF current_setting('roundhouse.forgets_audit_log', true) = 'on'
             AND OLD.at < now() - interval '${LEAST_DAYS} days' THEN
            RETURN OLD;
          END IF;
        END IF;
        RAISE EXCEPTION 'Records of the audit log stay as they are: % is refused', TG_OP
          USING ERRCODE = 'insufficient_privilege', HINT = 'AUDIT_RETENTION_DAYS says when they go';
      END $$`);
    await runner.query(`
      CREATE TRIGGER keep_audit_log BEFORE UPDATE OR DELETE ON audit_log
      FOR EACH ROW EXECUTE FUNCTION keep_audit_log()`);
    await runner.query(`
      CREATE TRIGGER keep_all_of_audit_log BEFORE TRUNCATE ON audit_log
      FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_log()`);
    await runner.query(`
      CREATE FUNCTION forget_audit_log(days integer, most integer) RETURNS integer LANGUAGE plpgsql STRICT
      SECURITY DEFINER ${path} AS $$
      DECLARE
        horizon timestamptz := now() - greatest(days, ${LEAST_DAYS}) * interval '1 day';
        gone integer;
      BEGIN
        PERFORM set_config('roundhouse.forgets_audit_log', 'on', true);
        DELETE FROM audit_log WHERE id IN (
          SELECT a.id FROM audit_log a WHERE a.at < horizon ORDER BY a.at LIMIT most FOR UPDATE SKIP LOCKED);
        GET DIAGNOSTICS gone = ROW_COUNT;
        PERFORM set_config('roundhouse.forgets_audit_log', 'off', true);
        IF gone > 0 THEN
          INSERT INTO audit_log (actor, action, subject_type, after)
          VALUES ('service', 'audit_log.forget', 'audit_log',
                  jsonb_build_object('records', gone, 'older_than_days', greatest(days, ${LEAST_DAYS})));
        END IF;
        RETURN gone;
      END $$`);
    // What came too late is evidence and ends nothing: whoever may call this can forge no outcome by it.
    await runner.query(`
      CREATE FUNCTION record_refusals(ids uuid[], attempts integer[], events text[]) RETURNS void LANGUAGE sql
      SECURITY DEFINER ${path} AS $$
        INSERT INTO job_events (job_id, attempt, event, at, worker_id, error)
        SELECT i.id, i.attempt, 'result_refused', date_trunc('milliseconds', clock_timestamp()), s.worker_id,
               jsonb_build_object('name', 'LeaseLost', 'message',
                 'The attempt ended as ' || i.event || ' after its job had been taken over or ended')
        FROM unnest(ids, attempts, events) AS i (id, attempt, event)
        JOIN jobs j ON j.id = i.id
        JOIN LATERAL (
          SELECT e.worker_id FROM job_events e
          WHERE e.job_id = i.id AND e.attempt = i.attempt AND e.event = 'started' LIMIT 1) s ON true
        WHERE NOT EXISTS (
          SELECT FROM job_events e WHERE e.job_id = i.id AND e.attempt = i.attempt AND e.event = 'result_refused')
        ORDER BY i.id
      $$`);
    for (const name of OF_THE_LEDGER) {
      await runner.query(`ALTER FUNCTION ${name}() SECURITY DEFINER ${path}`);
      // Whoever could set one up as a trigger on a table of their own could write what they like.
      await runner.query(`REVOKE EXECUTE ON FUNCTION ${name}() FROM PUBLIC`);
    }
    await runner.query(`REVOKE EXECUTE ON FUNCTION keep_audit_log() FROM PUBLIC`);
    await runner.query(`REVOKE EXECUTE ON FUNCTION forget_audit_log(integer, integer) FROM PUBLIC`);
    await runner.query(`REVOKE EXECUTE ON FUNCTION record_refusals(uuid[], integer[], text[]) FROM PUBLIC`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of OF_THE_LEDGER) {
      await runner.query(`GRANT EXECUTE ON FUNCTION ${name}() TO PUBLIC`);
      await runner.query(`ALTER FUNCTION ${name}() SECURITY INVOKER RESET search_path`);
    }
    await runner.query('DROP TABLE audit_log');
    await runner.query('DROP FUNCTION record_refusals, forget_audit_log, keep_audit_log');
  }
}

/** A function with the rights of its owner finds its tables where they are, whatever its caller has put before them. */
async function fixedPath(runner: QueryRunner): Promise<string> {
  const rows = (await runner.query('SELECT quote_ident(current_schema()) AS schema')) as { schema: string }[];
  // Whoever only asks what would be done is given no answers.
  return `SET search_path = pg_catalog, ${rows[0]?.schema ?? 'public'}, pg_temp`;
}
