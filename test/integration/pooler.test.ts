import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { OneConnection } from '../../src/audit/one-connection.js';
import { resolveConfig } from '../../src/config/index.js';
import { Pooler, Postgres } from '../../src/database/index.js';
import { StartWarnings } from '../../src/database/start-warnings.js';
import { migrateDatabase } from '../../src/migrate.js';
import { eventually } from '../support/eventually.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { type PgBouncer, describeWithPgBouncer, startPgBouncer } from '../support/pgbouncer.js';
import { startProcess } from '../support/queue.js';
import { startTcpProxy } from '../support/tcp-proxy.js';

const SETTINGS = `
  SELECT current_setting('statement_timeout') AS statement, current_setting('enable_seqscan') AS seqscan,
         current_setting('idle_in_transaction_session_timeout') AS idle, current_setting('jit') AS jit`;
const OURS = { statement: '2800ms', seqscan: 'off', idle: '10s', jit: 'off' };

/** What a pooler of this configuration is taken for. */
async function verdict(url: string, directUrl?: string) {
  const direct = directUrl ? { DATABASE_DIRECT_URL: directUrl } : {};
  const pooler = new Pooler(resolveConfig({ DATABASE_URL: url, ...direct }));
  return { shared: await pooler.sharesSessions(), direct: await pooler.hasDirectConnection() };
}

describe('without a pooler', () => {
  test('sessions are ours alone, also behind a proxy, and keep their settings', async () => {
    const database = await createTestDatabase('no pooler');
    const proxy = await startTcpProxy(database.url);
    for (const url of [database.url, proxy.url]) {
      expect(await verdict(url)).toEqual({ shared: false, direct: true });
    }
    const app = await startProcess(database.url);
    const { rows } = await app.get(Postgres).query(SETTINGS);
    expect(rows).toEqual([OURS]);
    await app.close();
    await proxy.stop();
    await database.drop();
  });

  test('a database that is away is asked again', async () => {
    const database = await createTestDatabase('pooler away');
    const proxy = await startTcpProxy(database.url);
    const pooler = new Pooler(resolveConfig({ DATABASE_URL: proxy.url }));
    proxy.cut();
    await expect(pooler.sharesSessions()).rejects.toThrow();
    proxy.mend();
    expect(await pooler.sharesSessions()).toBe(false);
    await proxy.stop();
    await database.drop();
  });
});

describeWithPgBouncer('behind PgBouncer', () => {
  let database: TestDatabase;
  let running: PgBouncer[] = [];
  beforeAll(async () => {
    database = await createTestDatabase('pooler');
    Logger.overrideLogger(false);
  });
  afterEach(async () => {
    await Promise.all(running.map((bouncer) => bouncer.stop()));
    running = [];
  });
  afterAll(() => database?.drop());

  const start = async (settings: Record<string, string | number> = {}, url = database.url) => {
    const bouncer = await startPgBouncer(url, settings);
    running.push(bouncer);
    return bouncer.url;
  };

  test.each<[string, Record<string, string | number>]>([
    ['refuses what it does not know', {}],
    ['forgets what it does not know', { ignore_startup_parameters: 'options,extra_float_digits' }],
    ['takes its connections in turn', { server_round_robin: 1 }],
    ['has a single connection', { default_pool_size: 1 }],
  ])('in transaction mode that %s, sessions are shared', async (_, settings) => {
    const url = await start(settings);
    expect(await verdict(url)).toEqual({ shared: true, direct: false });
    expect(await verdict(url, database.url)).toEqual({ shared: true, direct: true });
    expect(await verdict(database.url, url)).toEqual({ shared: false, direct: false });
  });

  test('in transaction mode with others at work, sessions are shared', async () => {
    const url = await start({ server_round_robin: 1 });
    const others = new pg.Pool({ connectionString: url, max: 10 });
    others.on('error', () => undefined);
    let isBusy = true;
    const work = Array.from({ length: 10 }, async () => {
      while (isBusy) await others.query('SELECT pg_sleep(random() * 0.005)');
    });
    for (let time = 0; time < 10; time++) expect((await verdict(url)).shared).toBe(true);
    isBusy = false;
    await Promise.all(work);
    await others.end();
  });

  test('in transaction mode for processes that start together, sessions are shared', async () => {
    const url = await start();
    for (let time = 0; time < 80; time++) {
      const verdicts = await Promise.all([1, 2, 3].map(() => verdict(url)));
      expect(verdicts.map(({ shared }) => shared)).toEqual([true, true, true]);
    }
  });

  test('in session mode, sessions are ours', async () => {
    const url = await start({ pool_mode: 'session', default_pool_size: 50 });
    expect(await verdict(url)).toEqual({ shared: false, direct: true });
  });

  test('every transaction and every statement brings its settings, and leaves none behind', async () => {
    const url = await start();
    const app = await startProcess(url);
    const postgres = app.get(Postgres);
    expect((await postgres.query(SETTINGS)).rows).toEqual([OURS]);
    expect((await postgres.transaction((session) => session.query(SETTINGS))).rows).toEqual([OURS]);
    const swept = await postgres.sweep((session) => session.query(SETTINGS));
    expect(swept.rows).toEqual([{ ...OURS, statement: '1min', seqscan: 'on' }]);
    expect((await postgres.query(`SELECT current_setting('transaction_isolation') AS level`)).rows).toEqual([
      { level: 'read committed' },
    ]);
    await app.close();
    const stranger = new pg.Client(url);
    await stranger.connect();
    const { rows } = await stranger.query(SETTINGS);
    expect(rows).toEqual([{ statement: '0', seqscan: 'on', idle: '0', jit: expect.any(String) }]);
    await stranger.end();
  });

  test('says once what is missing without a direct connection, and what to do', async () => {
    const config = resolveConfig({ DATABASE_URL: await start() });
    const app = await startProcess(config.database.url!);
    const warned: string[] = [];
    const ignore = () => undefined;
    Logger.overrideLogger({ log: ignore, error: ignore, warn: (line: string) => warned.push(line) });
    const warnings = new StartWarnings(app.get(Postgres), app.get(Pooler), config);
    warnings.onApplicationBootstrap();
    await eventually(() => warned.length > 0);
    for (let time = 0; time < 2; time++) expect(await app.get(Pooler).hasDirectConnection()).toBe(false);
    await app.close();
    Logger.overrideLogger(false);
    expect(warned).toEqual([expect.stringMatching(/every 250 ms.*set DATABASE_DIRECT_URL/)]);
  });

  test('the auditor reads through it', async () => {
    const auditor = await OneConnection.open(resolveConfig({ DATABASE_URL: await start() }), 'auditor');
    const { rows } = await auditor.transaction((session) =>
      session.query(`SELECT current_setting('statement_timeout') AS statement`),
    );
    expect(rows).toEqual([{ statement: '30s' }]);
    await auditor.close();
  });

  test('the database is migrated, by six at once, also without a direct connection', async () => {
    const name = `test_pooler_migrate_${randomBytes(3).toString('hex')}`;
    const server = new pg.Client(process.env.TEST_POSTGRES_URL);
    await server.connect();
    await server.query(`CREATE DATABASE ${name}`);
    const target = new URL(database.url);
    target.pathname = `/${name}`;
    const config = resolveConfig({ DATABASE_URL: await start({ default_pool_size: 4 }, target.href) });
    const done = await Promise.all(Array.from({ length: 6 }, () => migrateDatabase(config)));
    expect(done.filter((names) => names.length > 0)).toHaveLength(1);
    // The pooler ends the transaction of whoever has left a moment later.
    await eventually(async () => {
      const { rows } = await server.query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = $1)`,
        [name],
      );
      return rows.length === 0;
    });
    await (await startProcess(config.database.url!)).close();
    await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await server.end();
  });
});
