import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { resolveConfig } from '../../src/config/index.js';
import { Pooler, plannedIndexes } from '../../src/database/index.js';
import { clockCheck, durabilityCheck } from '../../src/doctor/checks/server.check.js';
import { keepaliveCheck } from '../../src/doctor/checks/connections.check.js';
import { horizonCheck } from '../../src/doctor/checks/upkeep.check.js';
import { diskCheck } from '../../src/doctor/checks/workers.check.js';
import { type NamedFinding, examine, report } from '../../src/doctor/index.js';
import type { Check } from '../../src/doctor/finding.js';
import { describeWithPgBouncer, startPgBouncer } from '../support/pgbouncer.js';
import { type TestQueue, startQueue } from '../support/queue.js';

/** What tests switch off, and what another server than the embedded one may not have set. */
const UP_TO_THE_SERVER = ['durability', 'disk', 'keepalive', 'role'];

describe('the doctor', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('doctor');
  });
  afterAll(() => fixture?.stop());

  const configFor = (url = fixture.database.url, more = {}) => resolveConfig({ DATABASE_URL: url, ...more });
  const sql = (text: string, values?: unknown[]) => fixture.rows(text, values);
  /** All that is not fine, of one check. */
  const faults = async (check: string, config = configFor()): Promise<NamedFinding[]> =>
    (await examine(config)).filter((finding) => finding.check === check && finding.level !== 'ok');
  /** What a check finds that is given its own idea of the database. */
  const faultsOf = async (check: Check, change: (rows: any[]) => any[] = (rows) => rows) => {
    const session = {
      query: async (text: string, values?: unknown[]) => {
        const { rows, rowCount } = await fixture.database.pool.query(text, values);
        return { rows: change(rows), rowCount };
      },
    };
    const config = configFor();
    const findings = await check.examine({ config, session, pooler: new Pooler(config), isEmbedded: false });
    return findings.filter(({ level }) => level !== 'ok');
  };
  const inDatabase = (setting: string) =>
    sql(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I ${setting}', current_database()); END $$`);

  test('finds nothing wrong with a database of ours but what tests have switched off', async () => {
    await sql('TRUNCATE jobs, job_events, workers, queues, pgboss.job');
    const found = await examine(configFor());
    const wrong = found.filter(({ level }) => level !== 'ok').map(({ check }) => check);
    expect(new Set(wrong)).toEqual(new Set(wrong.filter((check) => UP_TO_THE_SERVER.includes(check))));
    expect(found.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['server', 'schema', 'engine', 'indexes', 'workers', 'retention', 'horizon']),
    );
    for (const { level, why, fix } of found) if (level !== 'ok') expect([why, fix]).not.toContain(undefined);
    expect(report(found)).toMatch(/\d+ errors?, \d+ warnings?, \d+ fine\.\n$/);
  });

  test.each<[string, string, string, string, Partial<NamedFinding>]>([
    [
      'server',
      'a database for reading only',
      'SET default_transaction_read_only = on',
      'RESET default_transaction_read_only',
      { level: 'error', says: 'default_transaction_read_only is on' },
    ],
    [
      'durability',
      'commits that are not waited for',
      'SET synchronous_commit = off',
      'RESET synchronous_commit',
      { level: 'error', says: 'synchronous_commit is off' },
    ],
    [
      'connections',
      'few connections',
      'CONNECTION LIMIT 30',
      'CONNECTION LIMIT -1',
      { level: 'warning', fix: expect.stringContaining('DB_POOL_MAX=15') },
    ],
  ])('%s: %s', async (check, _, breaking, mending, expected) => {
    await inDatabase(breaking);
    // A superuser may read on, and mend it.
    expect(await faults(check)).toContainEqual(expect.objectContaining(expected));
    const client = new pg.Client(fixture.database.url);
    await client.connect();
    await client.query('SET default_transaction_read_only = off');
    const { rows } = await client.query('SELECT current_database() AS name');
    await client.query(`ALTER DATABASE ${rows[0].name} ${mending}`);
    await client.end();
  });

  test.each<[string, string, string, string, Partial<NamedFinding>]>([
    [
      'indexes',
      'a missing index, with the statement that makes it',
      'DROP INDEX "IDX_job_locks_holder"',
      'CREATE INDEX "IDX_job_locks_holder" ON job_locks (holder)',
      { level: 'warning', fix: 'CREATE INDEX CONCURRENTLY "IDX_job_locks_holder" ON job_locks (holder);' },
    ],
    [
      'indexes',
      'a missing key',
      'ALTER TABLE job_locks DROP CONSTRAINT "PK_job_locks"',
      'ALTER TABLE job_locks ADD CONSTRAINT "PK_job_locks" PRIMARY KEY (lock_hash)',
      { level: 'error', fix: 'ALTER TABLE job_locks ADD CONSTRAINT "PK_job_locks" PRIMARY KEY (lock_hash);' },
    ],
    [
      'indexes',
      'an index that could not be built',
      `UPDATE pg_index SET indisvalid = false WHERE indexrelid = '"IDX_jobs_kind"'::regclass`,
      `UPDATE pg_index SET indisvalid = true WHERE indexrelid = '"IDX_jobs_kind"'::regclass`,
      { level: 'warning', fix: 'REINDEX INDEX CONCURRENTLY "IDX_jobs_kind";' },
    ],
    [
      'autovacuum',
      'a table that is never vacuumed',
      'ALTER TABLE jobs SET (autovacuum_enabled = false)',
      'ALTER TABLE jobs RESET (autovacuum_enabled)',
      { level: 'error', fix: 'ALTER TABLE jobs RESET (autovacuum_enabled);' },
    ],
    [
      'retention',
      'places in line that expire',
      `INSERT INTO queues (name) VALUES ('default') ON CONFLICT DO NOTHING;
       UPDATE pgboss.queue SET retention_seconds = 60 WHERE name = 'default'`,
      `UPDATE pgboss.queue SET retention_seconds = 2147483647 WHERE name = 'default'`,
      { level: 'warning', says: expect.stringContaining('places in line of default') },
    ],
    [
      'engine',
      'a missing index of the engine',
      `CREATE TABLE kept AS SELECT indexdef FROM pg_indexes WHERE indexname = 'job_common_i11';
       DROP INDEX pgboss.job_common_i11`,
      `DO $$ BEGIN EXECUTE (SELECT indexdef FROM kept); END $$; DROP TABLE kept`,
      { level: 'warning', fix: expect.stringMatching(/^DROP INDEX IF EXISTS .*; CREATE INDEX .*/) },
    ],
    [
      'engine',
      'another version of the engine',
      'UPDATE pgboss.version SET version = version + 1',
      'UPDATE pgboss.version SET version = version - 1',
      { level: 'error', says: expect.stringContaining('do not fit this version') },
    ],
    [
      'durability',
      'a table that a crash empties',
      'ALTER TABLE job_events SET UNLOGGED',
      'ALTER TABLE job_events SET LOGGED',
      { level: 'error', fix: 'ALTER TABLE job_events SET LOGGED;' },
    ],
    [
      'schema',
      'a missing migration',
      `UPDATE migrations SET name = 'x' || name WHERE name LIKE 'AddDeadLetters%'`,
      `UPDATE migrations SET name = substr(name, 2) WHERE name LIKE 'xAddDeadLetters%'`,
      { level: 'error', fix: 'npm run migrate' },
    ],
  ])('%s: %s', async (check, _, breaking, mending, expected) => {
    await fixture.enqueue();
    await sql(breaking);
    expect(await faults(check)).toContainEqual(expect.objectContaining(expected));
    await sql(mending);
    expect((await faults(check)).filter((fault) => !fault.says.endsWith('is off'))).toEqual([]);
  });

  test('role: one that may not delete', async () => {
    const role = `doctor_${randomUUID().slice(0, 8)}`;
    await sql(`CREATE ROLE ${role} LOGIN PASSWORD 'x';
               GRANT USAGE ON SCHEMA pgboss, public TO ${role};
               GRANT SELECT ON ALL TABLES IN SCHEMA public, pgboss TO ${role};
               GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, pgboss TO ${role};
               REVOKE DELETE ON jobs FROM ${role}`);
    const url = new URL(fixture.database.url);
    url.username = role;
    url.password = 'x';
    expect(await faults('role', configFor(url.href))).toContainEqual(
      expect.objectContaining({
        level: 'error',
        says: expect.stringMatching(`^The role ${role} may not .* ON jobs`),
      }),
    );
    await sql(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  test('workers: a queue that nobody serves, a type that nobody knows, a worker that is silent', async () => {
    await fixture.enqueue({ queue: 'lonely' });
    await fixture.enqueue({ queue: 'served' });
    const insert = `INSERT INTO workers (id, hostname, pid, version, queues, slots, types, last_seen_at)
                    VALUES ($1, 'host', 1, '1', '{served}', 1, '{other}', now() - $2 * interval '1 second')`;
    await sql(insert, [randomUUID(), 0]);
    const silent = randomUUID();
    await sql(insert, [silent, 3_600]);
    expect(await faults('workers')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          level: 'error',
          says: '1 jobs of type task wait in lonely, and no worker serves the queue',
        }),
        expect.objectContaining({
          level: 'warning',
          says: '1 jobs of type task wait in served, and no worker there knows the type',
        }),
        expect.objectContaining({
          level: 'warning',
          says: expect.stringMatching(`^Worker ${silent} .* silent for 360\\d s`),
        }),
      ]),
    );
    await sql(`UPDATE queues SET paused_at = now() WHERE name = 'lonely'`);
    expect((await faults('workers')).filter(({ level }) => level === 'error')).not.toContainEqual(
      expect.objectContaining({ says: expect.stringContaining('lonely') }),
    );
  });

  test('horizon: a transaction that stays open', async () => {
    const client = await fixture.database.pool.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    expect(await faultsOf(horizonCheck(0))).toContainEqual(
      expect.objectContaining({ level: 'warning', fix: `SELECT pg_terminate_backend(${rows[0].pid});` }),
    );
    await client.query('ROLLBACK');
    client.release();
  });

  test('clock: a machine whose time is wrong', async () => {
    const late = (rows: { now: Date }[]) => rows.map(({ now }) => ({ now: new Date(now.getTime() + 5_000) }));
    expect(await faultsOf(clockCheck, late)).toMatchObject([
      { level: 'warning', says: expect.stringMatching(/^This machine is [45]\.\d s behind/) },
    ]);
  });

  test('keepalive: a server that never asks whether anybody is there', async () => {
    const far = (rows: any[]) =>
      rows.map((row) => ({ ...row, isRemote: true, idle: 7_200, neverChecks: true }));
    expect(await faultsOf(keepaliveCheck, far)).toMatchObject([
      { fix: expect.stringContaining('client_connection_check_interval') },
      { fix: expect.stringContaining('tcp_keepalives_idle') },
    ]);
  });

  test('disk: little that is free', async () => {
    expect(await faultsOf(diskCheck(1.1))).toMatchObject([{ says: expect.stringContaining('is free') }]);
  });

  test('artifacts: a DATA_DIR that cannot be, and one that lacks files', async () => {
    const nowhere = configFor(undefined, { DATA_DIR: join(process.cwd(), 'package.json', 'data') });
    expect(await faults('artifacts', nowhere)).toMatchObject([
      { level: 'error', says: expect.stringContaining('ENOTDIR') },
    ]);
    const config = configFor(undefined, { DATA_DIR: join(tmpdir(), `roundhouse-${randomUUID()}`) });
    expect(await faults('artifacts', config)).toEqual([]);
    await sql(
      `INSERT INTO artifacts (job_id, name, content_type, bytes, sha256, file) VALUES (gen_random_uuid(), 'a', 'text/plain', 1, '', 'x')`,
    );
    expect(await faults('artifacts', config)).toMatchObject([
      {
        level: 'error',
        says: expect.stringContaining('1 of the latest 1 files'),
        fix: expect.stringContaining('shared'),
      },
    ]);
    await sql('DELETE FROM artifacts');
  });

  test('settings: what is probably not meant', async () => {
    const config = configFor(undefined, { HOST: '0.0.0.0', AUTH_MODE: 'open' });
    expect(await faults('settings', config)).toMatchObject([{ level: 'warning' }]);
  });

  test('knows every index that the migrations make', async () => {
    const rows = await sql(`
      SELECT i.relname AS name FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
      JOIN pg_class t ON t.oid = x.indrelid
      WHERE i.relnamespace = 'public'::regnamespace AND t.relname <> 'migrations' ORDER BY 1`);
    const planned = await plannedIndexes();
    expect(planned.map(({ name }) => name).sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  describeWithPgBouncer('behind PgBouncer', () => {
    test('pooler: no direct connection', async () => {
      const bouncer = await startPgBouncer(fixture.database.url);
      expect(await faults('pooler', configFor(bouncer.url))).toMatchObject([
        { level: 'warning', fix: expect.stringContaining('set DATABASE_DIRECT_URL') },
      ]);
      const both = configFor(bouncer.url, { DATABASE_DIRECT_URL: fixture.database.url });
      expect(await faults('pooler', both)).toEqual([]);
      await bouncer.stop();
    });
  });

  test('durability: says so with the statement that mends it', async () => {
    const off = (rows: any[]) => (rows[0]?.setting ? rows.map((row) => ({ ...row, setting: 'off' })) : rows);
    expect((await faultsOf(durabilityCheck, off)).map(({ says }) => says)).toEqual([
      'fsync is off',
      'full_page_writes is off',
      'synchronous_commit is off',
    ]);
  });
});
