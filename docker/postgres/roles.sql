-- The roles under which Roundhouse works on a PostgreSQL (14 to 18) of your own, each with no more rights than it needs:
--
--   roundhouse_owner     owns every table and function; nobody logs in as it
--   roundhouse_migrator  logs in for "roundhouse migrate" and acts as the owner
--   roundhouse_api       logs in for API processes, and for "roundhouse keys"
--   roundhouse_worker    logs in for worker processes
--   roundhouse_readonly  logs in for "roundhouse doctor", "roundhouse audit" and people who look
--   roundhouse_monitor   logs in for dashboards and people who may not see what is in jobs: it reads the views of docs/sql.md
--
-- Apply it to the database as a superuser, before the first migration and once more after it, and again after every upgrade.
-- It may be applied as often as you like, also while Roundhouse runs; all of it is done, or nothing.
--
--   psql -v ON_ERROR_STOP=1 -d roundhouse -f docker/postgres/roles.sql
--
-- Other names than roundhouse_…: PGOPTIONS='-c roundhouse.roles=acme' psql … makes acme_owner and so on.
-- Passwords are not set here: \password roundhouse_api asks for one and sends it hashed. docs/database-roles.md has the rest.

BEGIN;
SET LOCAL lock_timeout = '3s';
SET LOCAL client_min_messages = 'warning';

DO $roles$
DECLARE
  prefix text := coalesce(nullif(current_setting('roundhouse.roles', true), ''), 'roundhouse');
  owner text := prefix || '_owner';
  migrator text := prefix || '_migrator';
  api text := prefix || '_api';
  worker text := prefix || '_worker';
  readonly text := prefix || '_readonly';
  monitor text := prefix || '_monitor';
  logins text[] := ARRAY[migrator, api, worker, readonly, monitor];
  db text := current_database();
  place text := coalesce((SELECT nspname FROM pg_namespace WHERE oid = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('jobs'))),
                         current_schema(), 'public');
  -- For new roles only: what you have set yourself stays.
  most jsonb := jsonb_build_object(migrator, 10, api, 200, worker, 400, readonly, 20, monitor, 20);
  -- Table by table: S(elect), I(nsert), U(pdate), D(elete); - = nothing. What locks rows needs U on a column at least.
  tables jsonb := '{
    "jobs":              ["SIUD", "SIUD", "S"],
    "job_events":        ["S",    "S",    "S"],
    "job_attempts":      ["S",    "S",    "S"],
    "removed_jobs":      ["S",    "S",    "S"],
    "job_keys":          ["SIUD", "SIUD", "S"],
    "job_locks":         ["SIUD", "SIUD", "S"],
    "job_dependencies":  ["SIUD", "SIUD", "S"],
    "job_logs":          ["SI",   "SI",   "S"],
    "job_progress":      ["SIU",  "SIU",  "S"],
    "job_watchers":      ["SIUD", "SIUD", "S"],
    "job_counts":        ["S",    "SIUD", "S"],
    "job_count_changes": ["SI",   "SID",  "S"],
    "job_rates":         ["S",    "SIUD", "S"],
    "queue_minutes":     ["S",    "SIUD", "S"],
    "limit_states":      ["SIUD", "SIUD", "S"],
    "workflows":         ["SIU",  "SIUD", "S"],
    "artifacts":         ["S",    "SIU",  "S"],
    "artifact_folder":   ["S",    "S",    "S"],
    "workers":           ["SIU",  "SIUD", "S"],
    "queues":            ["SIU",  "SIU",  "S"],
    "circuits":          ["S",    "SIU",  "S"],
    "schedules":         ["SIUD", "SU",   "S"],
    "schedule_runs":     ["S",    "SID",  "S"],
    "webhooks":          ["SIUD", "SU",   "-"],
    "webhook_deliveries":["SIUD", "SIUD", "S"],
    "job_types":         ["SIUD", "S",    "S"],
    "redactions":        ["SIUD", "S",    "S"],
    "bulk_operations":   ["SI",   "SUD",  "S"],
    "error_groups":      ["SIU",  "SD",   "S"],
    "jokes":             ["S",    "SIU",  "S"],
    "api_keys":          ["SIU",  "-",    "-"],
    "lease_key":         ["S",    "-",    "-"],
    "audit_log":         ["S",    "-",    "S"],
    "migrations":        ["S",    "S",    "S"],
    "operator_jobs":         ["-",    "-",    "S"],
    "operator_waiting_jobs": ["-",    "-",    "S"],
    "operator_running_jobs": ["-",    "-",    "S"],
    "operator_dead_letters": ["-",    "-",    "S"],
    "operator_events":       ["-",    "-",    "S"],
    "operator_attempts":     ["-",    "-",    "S"],
    "operator_counts":       ["-",    "-",    "S"],
    "operator_rates":        ["-",    "-",    "S"],
    "operator_queues":       ["-",    "-",    "S"],
    "operator_workers":      ["-",    "-",    "S"]
  }';
  lines jsonb := '{
    "version":           ["SU",   "SU",   "S"],
    "queue":             ["SIU",  "SIU",  "S"],
    "job":               ["SIUD", "SIUD", "S"],
    "job_common":        ["SIUD", "SIUD", "S"],
    "job_dependency":    ["SIUD", "SIUD", "S"],
    "warning":           ["SI",   "SI",   "S"],
    "schedule":          ["S",    "S",    "S"],
    "subscription":      ["S",    "S",    "S"],
    "bam":               ["S",    "S",    "S"]
  }';
  -- Parts of tables: what may be written or read where the whole may not.
  columns text[][] := ARRAY[
    ARRAY['audit_log', 'INSERT (actor, action, subject_type, subject_id, queue, before, after, request_id)', api],
    ARRAY['audit_log', 'INSERT (actor, action, subject_type, subject_id, queue, before, after, request_id)', worker],
    ARRAY['job_types', 'UPDATE (updated_at)', worker],
    ARRAY['api_keys', 'SELECT (id, name, scopes, previous_expires_at, expires_at, last_used_at, revoked_at, revoked_by, created_by, created_at, rotated_at)', readonly]
  ];
  calls text[][] := ARRAY[
    ARRAY['record_refusals(uuid[], integer[], text[])', api],
    ARRAY['record_refusals(uuid[], integer[], text[])', worker],
    ARRAY['forget_audit_log(integer, integer)', worker]
  ];
  -- All that a monitor may read: no payload, no result, no message of an error is in it.
  shown text[] := ARRAY['jokes'] || ARRAY(SELECT key FROM jsonb_object_keys(tables) AS key WHERE key LIKE 'operator\_%');
  functions text[] := ARRAY['bar_queue', 'count_again', 'count_changed_jobs', 'count_new_jobs', 'count_removed_jobs',
    'enter_limit_keys', 'enter_limited_queue', 'enter_line', 'enter_queue', 'first_job_id', 'forget_audit_log', 'forget_jobs',
    'is_listened_to', 'keep_audit_log', 'record_job_events', 'record_refusals', 'recount_jobs', 'refuse_unequal',
    'witness_removal', 'witness_truncation'];
  item record;
  name text;
BEGIN
  -- The roles.
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = owner) THEN
    EXECUTE format('CREATE ROLE %I NOLOGIN', owner);
  END IF;
  FOREACH name IN ARRAY logins LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT %s', name, most ->> name);
    END IF;
    -- Nothing is looked for in a schema that somebody else can write to.
    EXECUTE format('ALTER ROLE %I IN DATABASE %I SET search_path = %I', name, db, place);
  END LOOP;
  EXECUTE format('GRANT %I TO %I', owner, migrator);
  EXECUTE format('ALTER ROLE %I IN DATABASE %I SET role = %I', migrator, db, owner);
  EXECUTE format('ALTER ROLE %I IN DATABASE %I SET lock_timeout = %L', migrator, db, '30s');
  -- The product sets shorter times where it can; these end what got lost.
  EXECUTE format('ALTER ROLE %I IN DATABASE %I SET statement_timeout = %L', api, db, '30s');
  EXECUTE format('ALTER ROLE %I IN DATABASE %I SET idle_in_transaction_session_timeout = %L', api, db, '60s');
  EXECUTE format('ALTER ROLE %I IN DATABASE %I SET statement_timeout = %L', worker, db, '60s');
  EXECUTE format('ALTER ROLE %I IN DATABASE %I SET idle_in_transaction_session_timeout = %L', worker, db, '5min');
  EXECUTE format('ALTER ROLE %I IN DATABASE %I SET statement_timeout = %L', readonly, db, '5min');
  EXECUTE format('ALTER ROLE %I IN DATABASE %I SET idle_in_transaction_session_timeout = %L', readonly, db, '60s');
  EXECUTE format('ALTER ROLE %I IN DATABASE %I SET statement_timeout = %L', monitor, db, '60s');
  EXECUTE format('ALTER ROLE %I IN DATABASE %I SET idle_in_transaction_session_timeout = %L', monitor, db, '60s');
  -- What the doctor says of others' connections and of the server's settings.
  EXECUTE format('GRANT pg_read_all_stats, pg_read_all_settings TO %I', readonly);

  -- The database and its schemas.
  EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', db);
  FOREACH name IN ARRAY logins LOOP
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', db, name);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', place, name);
  END LOOP;
  EXECUTE format('GRANT CREATE ON DATABASE %I TO %I', db, owner);
  EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', place);
  EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO %I', place, owner);

  -- Before the first migration there is nothing more to do, and nobody may do anything.
  IF to_regclass(format('%I.audit_log', place)) IS NULL THEN
    RAISE WARNING 'The roles are there. Set passwords, run "roundhouse migrate" as %, and apply this file once more', migrator;
    RETURN;
  END IF;

  -- Everything belongs to the owner, whoever has migrated before.
  FOR item IN
    SELECT format('ALTER %s %I.%I OWNER TO %I', CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, n.nspname, c.relname, owner) AS change
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v') AND pg_get_userbyid(c.relowner) <> owner
      AND (n.nspname = 'pgboss' OR (n.nspname = place AND tables ? c.relname))
    UNION ALL
    SELECT format('ALTER FUNCTION %s OWNER TO %I', p.oid::regprocedure, owner)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE pg_get_userbyid(p.proowner) <> owner
      AND (n.nspname = 'pgboss' OR (n.nspname = place AND p.proname = ANY(functions)))
    UNION ALL
    SELECT format('ALTER TYPE %I.%I OWNER TO %I', n.nspname, t.typname, owner)
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e' AND pg_get_userbyid(t.typowner) <> owner
      AND (n.nspname = 'pgboss' OR (n.nspname = place AND t.typname = 'job_status'))
    UNION ALL
    SELECT format('ALTER SCHEMA pgboss OWNER TO %I', owner) FROM pg_namespace WHERE nspname = 'pgboss' AND pg_get_userbyid(nspowner) <> owner
  LOOP
    EXECUTE item.change;
  END LOOP;

  -- Who may do what with which table: exactly this, whatever was granted before.
  FOR item IN
    SELECT format('%I.%I', t.place, t.name) AS relation, r.role,
           array_to_string(ARRAY(SELECT p.privilege FROM (VALUES ('S', 'SELECT'), ('I', 'INSERT'), ('U', 'UPDATE'), ('D', 'DELETE')) AS p (letter, privilege)
                                 WHERE strpos(coalesce(t.rights ->> r.at, CASE WHEN t.name = ANY(shown) THEN 'S' END), p.letter) > 0), ', ') AS privileges
    FROM (SELECT place, key, value FROM jsonb_each(tables) UNION ALL SELECT 'pgboss', key, value FROM jsonb_each(lines)) AS t (place, name, rights)
    CROSS JOIN (VALUES (0, api), (1, worker), (2, readonly), (3, monitor)) AS r (at, role)
    WHERE to_regclass(format('%I.%I', t.place, t.name)) IS NOT NULL
  LOOP
    EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, %I', item.relation, item.role);
    IF item.privileges <> '' THEN
      EXECUTE format('GRANT %s ON %s TO %I', item.privileges, item.relation, item.role);
    END IF;
  END LOOP;
  FOR at IN 1 .. array_length(columns, 1) LOOP
    EXECUTE format('GRANT %s ON %I.%I TO %I', columns[at][2], place, columns[at][1], columns[at][3]);
  END LOOP;
  FOR at IN 1 .. array_length(calls, 1) LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %I.%s TO %I', place, calls[at][1], calls[at][2]);
  END LOOP;
  -- Secrets of webhooks are for those who sign.
  EXECUTE (SELECT format('GRANT SELECT (%s) ON %I.webhooks TO %I', string_agg(quote_ident(attname), ', '), place, readonly)
           FROM pg_attribute
           WHERE attrelid = to_regclass(format('%I.webhooks', place)) AND attnum > 0 AND NOT attisdropped
             AND attname NOT IN ('secret', 'previous_secret'));
  EXECUTE format('GRANT USAGE ON SCHEMA pgboss TO %I, %I, %I', api, worker, readonly);
  EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I, %I', place, api, worker);

  -- What a later migration makes can be used at once; apply this file again and it is what is listed above.
  FOREACH name IN ARRAY ARRAY[place, 'pgboss'] LOOP
    EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I, %I', owner, name, api, worker);
    EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I GRANT USAGE ON SEQUENCES TO %I, %I', owner, name, api, worker);
  END LOOP;
END $roles$;

COMMIT;
