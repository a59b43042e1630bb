import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { type Config, resolveConfig } from '../../src/config/index.js';
import { UnsuitableDatabaseError } from '../../src/database/index.js';
import { ormOptions } from '../../src/database/orm-options.js';
import { migrateDatabase } from '../../src/migrate.js';
import { migrations } from '../../migrations/index.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { startProduct } from '../support/product.js';
import { startProcess } from '../support/queue.js';

const run = promisify(execFile);

describe('migrating', () => {
  let database: TestDatabase;
  let config: Config;
  beforeAll(async () => {
    database = await createTestDatabase('migrations');
    config = resolveConfig({ DATABASE_URL: database.url });
  });
  beforeEach(() =>
    database.pool.query(
      'DROP SCHEMA IF EXISTS pgboss CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public',
    ),
  );
  afterAll(() => database?.drop());

  const allOurs = migrations.map(({ name }) => name);

  test('six times at once is done once, and once more does nothing', async () => {
    const done = await Promise.all(Array.from({ length: 6 }, () => migrateDatabase(config)));
    expect(done.filter((names) => names.length > 0)).toEqual([allOurs]);
    expect(await migrateDatabase(config)).toEqual([]);
    await (await startProcess(database.url)).close();
  });

  test('can be taken back and done again', async () => {
    await migrateDatabase(config);
    const source = await new DataSource(ormOptions(database.url, 1)).initialize();
    for (const _ of migrations) await source.undoLastMigration();
    await source.destroy();
    const { rows } = await database.pool.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') AND relname <> 'migrations'`,
    );
    expect(rows).toEqual([]);
    expect(await migrateDatabase(config)).toEqual(allOurs);
  });

  test('leaves tables and entities that agree', async () => {
    await migrateDatabase(config);
    const cli = ['node_modules/typeorm/cli.js', 'migration:generate', 'migrations/drift', '--check'];
    const { stdout } = await run(process.execPath, [...cli, '-d', 'ormconfig.ts'], {
      env: { PATH: process.env.PATH, DATABASE_URL: database.url, NODE_NO_WARNINGS: '1' },
    });
    expect(stdout).toContain('No changes in database schema were found');
  });

  test('must come first: a process refuses a database without, in one sentence that says what to do', async () => {
    await expect(startProduct('api', database.url)).rejects.toThrow(
      /^The api ended with 78 before it was ready:\n(.*\n)?The database is not ready for this version \(\d+ migrations missing\): run "npm run migrate"\n$/,
    );
    await expect(startProcess(database.url)).rejects.toBeInstanceOf(UnsuitableDatabaseError);
  });

  test('of the engine must fit too, in either direction', async () => {
    await migrateDatabase(config);
    for (const step of [-1, 2]) {
      await database.pool.query('UPDATE pgboss.version SET version = version + $1', [step]);
      await expect(startProcess(database.url)).rejects.toThrow(
        /^The queue engine's tables do not fit this version \(.+\): run "npm run migrate" with the newest build$/,
      );
    }
  });

  test('further than this build knows does not matter: an old build runs beside a new one', async () => {
    await migrateDatabase(config);
    await database.pool.query(
      `INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`,
    );
    await (await startProcess(database.url)).close();
  });

  test('refuses a server that is too old', async () => {
    const real = pg.Client.prototype.query;
    const server = { server_version_num: '130014', server_version: '13.14' };
    pg.Client.prototype.query = function (this: pg.Client, ...args: [string]) {
      if (args[0].includes('server_version_num')) return Promise.resolve({ rows: [server] });
      return real.apply(this, args as never) as never;
    } as never;
    try {
      await expect(migrateDatabase(config)).rejects.toThrow(
        'PostgreSQL 13.14 is too old: Roundhouse needs version 14 or newer',
      );
    } finally {
      pg.Client.prototype.query = real;
    }
  });
});
