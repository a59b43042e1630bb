import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/index.js';
import { startProduct } from '../support/product.js';
import { eventually } from '../support/eventually.js';
import { RunningProgram } from '../support/running-program.js';

/** Everything that can be set wrong, on a server that is nobody else's. */
const SICK = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  autovacuum: 'off',
  track_counts: 'off',
  client_connection_check_interval: '0',
  max_connections: '45',
  max_prepared_transactions: '5',
  wal_level: 'logical',
  autovacuum_freeze_max_age: '100000',
};

/** Commits that each use a transaction id up. */
const AGE = `DO $$ BEGIN FOR i IN 1..160000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$`;

interface Finding {
  readonly check: string;
  readonly level: string;
  readonly says: string;
  readonly fix?: string;
}

describe('roundhouse doctor', () => {
  const home = mkdtempSync(join(tmpdir(), 'roundhouse-doctor-'));
  let server: EmbeddedPostgres;
  let client: pg.Client;
  beforeAll(async () => {
    chmodSync(home, 0o755);
    server = await startEmbeddedPostgres({ home, log: () => undefined, settings: SICK });
    client = new pg.Client(server.url);
    client.on('error', () => undefined);
    await client.connect();
  });
  afterAll(async () => {
    await client?.end();
    await server?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const run = async (args: readonly string[], environment: Record<string, string> = {}) => {
    const program = RunningProgram.node(['--enable-source-maps', 'dist/src/cli/main.js', ...args], {
      ...{ DATABASE_DIRECT_URL: '', PROCRASTINATE_DATABASE_URL: '', PGHOST: '', PGPORT: '', PGDATABASE: '' },
      DATABASE_URL: server.url,
      ...environment,
    });
    const { code } = await program.exited;
    return { code, output: program.output };
  };
  const findings = async (): Promise<Finding[]> => {
    const { output } = await run(['doctor', '--json']);
    return (JSON.parse(output) as { findings: Finding[] }).findings;
  };

  test('sends a database without tables to be migrated', async () => {
    const { code, output } = await run(['doctor']);
    expect(code).toBe(1);
    expect(output).toMatch(
      /✘ schema +The migration \w+ is missing\.\n +API and workers.*\n +→ npm run migrate/,
    );
    expect(await run(['migrate'])).toMatchObject({ code: 0 });
  });

  test('names what is set wrong, with the statement that corrects it, and ends with 1', async () => {
    const { code, output } = await run(['doctor']);
    expect(code).toBe(1);
    expect(output).toContain('ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf();');
    const found = await findings();
    const saysOf = (check: string) => found.filter((one) => one.check === check).map(({ says }) => says);
    expect(saysOf('durability')).toEqual([
      'fsync is off',
      'full_page_writes is off',
      'synchronous_commit is off',
    ]);
    expect(saysOf('autovacuum')).toEqual(['autovacuum is off', 'track_counts is off']);
    expect(saysOf('keepalive')).toEqual(['client_connection_check_interval is 0']);
    expect(found.find(({ check }) => check === 'connections')).toMatchObject({ level: 'ok' });
  });

  test('names what keeps dead rows, and what a server comes to when nobody removes them', async () => {
    await client.query(`BEGIN; INSERT INTO queues (name) VALUES ('prepared')`);
    await client.query(`PREPARE TRANSACTION 'forgotten'`);
    await client.query(`SELECT pg_create_physical_replication_slot('unread', true)`);
    await client.query(AGE);
    const found = await findings();
    expect(found).toContainEqual(
      expect.objectContaining({ check: 'horizon', says: 'Nobody reads the replication slot unread' }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({
        check: 'wraparound',
        level: 'warning',
        says: expect.stringContaining('Transaction ids are'),
      }),
    );
    await client.query(`ROLLBACK PREPARED 'forgotten'`);
    await client.query(`SELECT pg_drop_replication_slot('unread')`);
  });

  test('is not needed to hear of lost jobs: every process says so at its start', async () => {
    for (const role of ['api', 'worker'] as const) {
      const process = await startProduct(role, server.url);
      await eventually(() => process.output().includes('ACCEPTED JOBS CAN BE LOST'));
      await process.says('fsync is off');
      await process.stop();
    }
  });

  test('finds nothing wrong with a server as we set it up, and ends with 0', async () => {
    const healthy = mkdtempSync(join(tmpdir(), 'roundhouse-doctor-'));
    chmodSync(healthy, 0o755);
    const environment = { DATABASE_URL: '', ROUNDHOUSE_HOME: healthy };
    expect(await run(['migrate'], environment)).toMatchObject({ code: 0 });
    const { code, output } = await run(['doctor'], environment);
    rmSync(healthy, { recursive: true, force: true });
    expect(output).toMatch(/\n0 errors, \d warnings?, \d+ fine\.\n$|\n0 errors, 0 warnings, \d+ fine\.\n$/);
    expect(code).toBe(0);
  });

  test('ends with 78 when there is nothing to look at', async () => {
    const away = await run(['doctor'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    expect(away).toMatchObject({ code: 78, output: expect.stringMatching(/^[^\n]*DATABASE_URL[^\n]*\n$/) });
    expect((await run(['doctor'], { DB_POOL_MAX: 'many' })).code).toBe(78);
  });
});
