import { IS_PAUSED, JOBS_OF_KIND, kindsOf } from '../queue/index.js';
import { knows, workerState } from '../worker/index.js';

/** The tables of ours and of the engine's, as a condition on pg_class c and pg_namespace n. */
const OURS = `(n.nspname = 'pgboss' OR n.oid = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('jobs')))`;

export const SELECT_SERVER = `
  SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS "isStandby",
         current_setting('default_transaction_read_only')::boolean AS "isReadOnly"`;

/** As whom we are logged in, and whether that is more than it should be. */
export const SELECT_ROLE = `
  SELECT current_user AS name, r.rolsuper AS "isSuperuser",
         pg_has_role(current_user, c.relowner, 'MEMBER') AS "isOwner",
         has_table_privilege(c.oid, 'INSERT') AS "mayWrite",
         has_table_privilege('job_events', 'INSERT, UPDATE, DELETE, TRUNCATE') AS "mayForge",
         has_table_privilege('audit_log', 'UPDATE, DELETE, TRUNCATE') AS "mayForget"
  FROM pg_roles r, pg_class c
  WHERE r.rolname = current_user AND c.oid = to_regclass('jobs')`;

/** Which of these rights (tables $1, SELECT and so on $2) our role lacks; to some columns is enough. */
export const SELECT_LACKING = `
  SELECT t.name, t.privilege
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS t (name, privilege, at)
  WHERE to_regclass(t.name) IS NOT NULL
    AND NOT CASE WHEN t.privilege = 'DELETE' THEN has_table_privilege(to_regclass(t.name), t.privilege)
                 ELSE has_any_column_privilege(to_regclass(t.name), t.privilege) END
  ORDER BY t.at`;

/** Which of these functions ($1) our role may not call. */
export const SELECT_UNCALLABLE = `
  SELECT f.name FROM unnest($1::text[]) AS f (name)
  WHERE to_regprocedure(f.name) IS NOT NULL AND NOT has_function_privilege(f.name, 'EXECUTE')`;

export const SELECT_NOW = `SELECT clock_timestamp() AS now`;

/** Queues whose tickets the engine would throw away by itself. */
export const SELECT_FORGETFUL_QUEUES = `
  SELECT name FROM pgboss.queue
  WHERE name NOT LIKE '\\_\\_%' AND (retention_seconds <> 2147483647 OR deletion_seconds <> 0)
  ORDER BY name`;

/** How many rows of ended jobs there are, roughly, and how old the oldest is (days). */
export const SELECT_ENDED = `
  SELECT (SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'jobs'::regclass)::float8 AS "rows",
         pg_size_pretty(pg_total_relation_size('jobs')) AS size,
         extract(epoch FROM now() - (SELECT created_at FROM jobs ORDER BY id LIMIT 1))::float8 / 86400 AS days`;

export const SELECT_AUTOVACUUM = `
  SELECT current_setting('autovacuum')::boolean AS "isOn", current_setting('track_counts')::boolean AS "isCounting"`;

/** Tables that autovacuum leaves alone, and those it does not keep up with. */
export const SELECT_VACUUM_STATE = `
  SELECT c.oid::regclass::text AS name,
         coalesce((SELECT option_value FROM pg_options_to_table(c.reloptions)
                   WHERE option_name = 'autovacuum_enabled')::boolean, true) AS "isOn",
         coalesce(s.n_dead_tup, 0)::float8 AS dead, coalesce(s.n_live_tup, 0)::float8 AS live
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
  WHERE c.relkind = 'r' AND ${OURS}
  ORDER BY 1`;

/** Transactions that are open for more than $1 seconds, of whomever. */
export const SELECT_LONG_TRANSACTIONS = `
  SELECT pid, coalesce(usename, backend_type) AS who, application_name AS application, state,
         extract(epoch FROM clock_timestamp() - xact_start)::float8 AS seconds
  FROM pg_stat_activity
  WHERE xact_start < clock_timestamp() - $1 * interval '1 second' AND pid <> pg_backend_pid()
    AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)
    AND (datname = current_database() OR backend_type = 'walsender')
    AND query NOT ILIKE 'autovacuum:%'
  ORDER BY xact_start LIMIT 5`;

/** Prepared transactions older than $1 seconds, which no connection ends. */
export const SELECT_PREPARED = `
  SELECT gid FROM pg_prepared_xacts
  WHERE database = current_database() AND prepared < clock_timestamp() - $1 * interval '1 second' ORDER BY 1`;

/** Replication slots that keep dead rows (more than $1 transactions ago) or nobody reads. */
export const SELECT_SLOTS = `
  SELECT slot_name AS name, active AS "isActive", greatest(age(xmin), age(catalog_xmin)) AS age
  FROM pg_replication_slots
  WHERE NOT active OR greatest(age(xmin), age(catalog_xmin)) > $1
  ORDER BY 1`;

export const SELECT_WRAPAROUND = `
  SELECT age(datfrozenxid)::float8 AS age, mxid_age(datminmxid)::float8 AS multi,
         current_setting('autovacuum_freeze_max_age')::float8 AS most
  FROM pg_database WHERE datname = current_database()`;

/** Indexes of ours that are there, and whether they can be used. */
export const SELECT_INDEXES = `
  SELECT i.relname AS name, x.indisvalid AND x.indisready AS "isValid"
  FROM pg_index x
  JOIN pg_class i ON i.oid = x.indexrelid
  WHERE i.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('jobs'))`;

/**
 * Connections: how many there may be and are, and how many processes of ours take some of them. The limit of a role that
 * only reads is none of theirs.
 */
export const SELECT_CONNECTIONS = `
  SELECT current_setting('max_connections')::int AS most,
         current_setting('superuser_reserved_connections')::int
           + coalesce(current_setting('reserved_connections', true)::int, 0) AS reserved,
         (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
         (SELECT count(DISTINCT coalesce(substring(application_name FROM '[0-9a-f-]{36}'), client_addr::text || role.name))::int
          FROM pg_stat_activity
          CROSS JOIN LATERAL (SELECT substring(application_name FROM '^roundhouse (api|worker)') AS name) AS role
          WHERE datname = current_database() AND role.name IS NOT NULL) AS seen,
         CASE WHEN has_table_privilege(to_regclass('jobs'), 'UPDATE') IS FALSE THEN -1
              ELSE (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) END AS "roleLimit",
         (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS "databaseLimit"`;

/** What notices that the other end of a connection is gone. */
export const SELECT_KEEPALIVE = `
  SELECT current_setting('client_connection_check_interval') = '0' AS "neverChecks",
         (SELECT setting::int FROM pg_settings WHERE name = 'tcp_keepalives_idle') AS idle,
         inet_client_addr() IS NOT NULL AND NOT inet_client_addr() <<= '127.0.0.0/8' AND host(inet_client_addr()) <> '::1' AS "isRemote"`;

/** Workers that were seen in the last $1 seconds and take jobs. */
const SERVING = `
  serving AS MATERIALIZED (
    SELECT queues, types, is_external FROM workers w WHERE ${workerState('$1')} = 'running')`;

/** Queues with jobs that may start now and that no worker serves ($1: seconds of silence that make one lost). */
export const SELECT_UNSERVED = `
  WITH ${SERVING},
  waiting AS MATERIALIZED (
    SELECT j.queue, j.type, count(*)::int AS jobs
    FROM (${kindsOf(["k.status = 'PENDING'"])}) AS k JOIN jobs j ON ${JOBS_OF_KIND}
    WHERE j.scheduled_at <= now() GROUP BY j.queue, j.type)
  SELECT w.queue, w.type, w.jobs,
         EXISTS (SELECT 1 FROM serving s WHERE s.queues && ARRAY[w.queue, '*']) AS "isServed"
  FROM waiting w
  JOIN queues q ON q.name = w.queue AND NOT ${IS_PAUSED}
  WHERE NOT EXISTS (
    SELECT 1 FROM serving s
    WHERE s.queues && ARRAY[w.queue, '*'] AND ${knows('w.type', 's')})
  ORDER BY w.queue, w.type LIMIT 20`;

/** Workers of our own that have been silent for $1 seconds and still hold jobs. */
export const SELECT_SILENT = `
  SELECT w.id, w.hostname, w.pid, extract(epoch FROM clock_timestamp() - w.last_seen_at)::float8 AS seconds,
         (SELECT count(*)::int FROM jobs j WHERE j.worker_id = w.id AND j.status = 'PROCESSING') AS jobs
  FROM workers w
  WHERE NOT w.is_external AND ${workerState('$1')} = 'lost' AND w.last_seen_at > clock_timestamp() - interval '1 day'
  ORDER BY w.last_seen_at LIMIT 20`;

/** Where the data is, when the server is on this machine and tells. */
export const SELECT_DATA_DIRECTORY = `
  SELECT CASE WHEN inet_server_addr() IS NULL OR inet_server_addr() <<= '127.0.0.0/8' OR host(inet_server_addr()) = '::1'
              THEN (SELECT setting FROM pg_settings WHERE name = 'data_directory') END AS folder`;

/** How many files jobs have produced. */
export const SELECT_ARTIFACTS = `
  SELECT count(*)::float8 AS artifacts, count(file)::float8 AS files, pg_size_pretty(coalesce(sum(bytes), 0)) AS size
  FROM artifacts`;

/** The files among the latest artifacts, and the folder of this database. */
export const SELECT_LATEST_FILES = `
  SELECT f.name AS folder, a.job_id AS "jobId", a.file
  FROM (SELECT job_id, file FROM artifacts ORDER BY job_id DESC LIMIT 1000) AS a CROSS JOIN artifact_folder f
  WHERE a.file IS NOT NULL LIMIT 100`;
