import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { type ProductProcess, startProduct } from '../support/product.js';

/** Those of docker/postgres/roles.sql that log in. */
const LOGINS = /logins text\[\] := ARRAY\[([\w, ]+)\]/
  .exec(readFileSync('docker/postgres/roles.sql', 'utf8'))![1]!
  .split(', ');

/** Where docker/compose.yaml mounts secrets. */
const FOLDERS = ['database', 'api', 'worker', 'secrets', 'keys', 'prometheus', 'tools'];

describe('the first start of docker/compose.yaml', () => {
  const name = `test_setup_${randomBytes(3).toString('hex')}`;
  const server = new pg.Client(process.env.TEST_POSTGRES_URL);
  const { host } = new URL(process.env.TEST_POSTGRES_URL!);
  const root = mkdtempSync(join(tmpdir(), 'roundhouse-setup-'));
  let printed: string;
  let api: ProductProcess | undefined;

  beforeAll(async () => {
    for (const folder of [...FOLDERS, 'bin']) mkdirSync(join(root, folder));
    // In place of the one of the image.
    const command = `#!/bin/sh\nexec '${resolve('bin/roundhouse')}' "$@"\n`;
    writeFileSync(join(root, 'bin/roundhouse'), command, { mode: 0o755 });
    await server.connect();
    await server.query(`CREATE DATABASE ${name}`);
    run('make-secrets');
    // The image of PostgreSQL makes the superuser of this password.
    await server.query(
      `CREATE ROLE ${name} SUPERUSER LOGIN PASSWORD '${read('database/postgres-password')}'`,
    );
    printed = run('migrate');
  }, 60_000);
  afterAll(async () => {
    await api?.stop();
    await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    for (const role of ['', '_owner', ...LOGINS.map((login) => `_${login}`)])
      await server.query(`DROP ROLE IF EXISTS ${name}${role}`);
    await server.end();
    rmSync(root, { recursive: true });
  });

  const read = (path: string) => readFileSync(join(root, path), 'utf8').trim();
  /** Runs a program of the image, as the container does. */
  const run = (program: string, ...args: string[]) =>
    execFileSync(resolve('docker/bin', program), args, { encoding: 'utf8', env: environment() });
  const environment = () => ({
    PATH: [join(root, 'bin'), resolve('docker/bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(
      delimiter,
    ),
    SECRETS_ROOT: root,
    SECRETS_KEY_FILE: join(root, 'secrets/secrets-key'),
    WEBHOOK_SIGNING_SECRET_FILE: join(root, 'secrets/webhook-signing-secret'),
    DATABASE_AT: `${host}/${name}`,
    ROLES: name,
  });
  const as = async (url: string, statement: string) => {
    const client = new pg.Client(url);
    await client.connect();
    try {
      return (await client.query(statement)).rows;
    } finally {
      await client.end();
    }
  };

  test('gives a password to each role that logs in, and to no other', async () => {
    expect(LOGINS).toHaveLength(5);
    for (const login of LOGINS) {
      const rows = await as(read(`database/${login}-url`), 'SELECT session_user AS login');
      expect(rows).toEqual([{ login: `${name}_${login}` }]);
    }
    const { rows } = await server.query(
      `SELECT rolname FROM pg_authid WHERE starts_with(rolname, '${name}') AND rolpassword IS NOT NULL ORDER BY 1`,
    );
    expect(rows.map(({ rolname }) => rolname)).toEqual([
      name,
      ...LOGINS.map((login) => `${name}_${login}`).sort(),
    ]);
  });

  test('leaves each with the rights of docker/postgres/roles.sql', async () => {
    expect(printed).toMatch(/^Migrated: .*\nrh_\w+\n/m);
    const url = (login: string) => read(`database/${login}-url`);
    expect(await as(url('migrator'), 'SELECT current_user AS acts')).toEqual([{ acts: `${name}_owner` }]);
    expect(await as(url('api'), 'SELECT count(*)::int AS keys FROM api_keys')).toEqual([{ keys: 2 }]);
    await expect(as(url('worker'), 'SELECT FROM api_keys')).rejects.toThrow('permission denied');
    await expect(as(url('readonly'), 'DELETE FROM jobs')).rejects.toThrow('permission denied');
    await expect(as(url('api'), 'CREATE TABLE mine ()')).rejects.toThrow('permission denied');
    for (const role of ['api', 'worker']) expect(read(`${role}/database-url`)).toBe(url(role));
  });

  test('can be done again and again, and changes nothing', () => {
    const files = FOLDERS.flatMap((folder) =>
      execFileSync('find', [join(root, folder), '-type', 'f'], { encoding: 'utf8' })
        .trim()
        .split('\n'),
    );
    const before = files.map((file) => readFileSync(file, 'utf8'));
    expect(run('make-secrets')).toBe('');
    expect(run('migrate')).toMatch(/^Nothing to migrate.*\n.*holds an active key.*\n$/);
    expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(before);
  });

  test('makes keys by which an API that listens everywhere is called, each with its scopes', async () => {
    api = await startProduct('api', '', {
      ...environment(),
      HOST: '0.0.0.0',
      DATABASE_URL_FILE: join(root, 'api/database-url'),
    });
    const status = async (path: string, key?: string) => {
      const headers = key === undefined ? {} : { Authorization: `Bearer ${key}` };
      return (await fetch(api!.ready + path, { headers })).status;
    };
    const [admin, prometheus] = ['keys/admin', 'prometheus/prometheus'].map(read);
    expect(await status('/health/ready')).toBe(200);
    expect(await status('/metrics')).toBe(401);
    expect([await status('/metrics', prometheus), await status('/keys', prometheus)]).toEqual([200, 403]);
    expect(await status('/keys', admin)).toBe(200);
  });

  test('has a role for the doctor, who finds all rights in place', () => {
    let report = '';
    try {
      const env = { ...environment(), DATABASE_URL_FILE: join(root, 'database/readonly-url') };
      report = execFileSync(resolve('bin/roundhouse'), ['doctor', '--json'], { encoding: 'utf8', env });
    } catch (error) {
      // The server of the tests is not one that keeps what it has committed.
      const { status, stdout } = error as { status: number; stdout: string };
      expect(status).toBe(1);
      report = stdout;
    }
    expect(report).toContain('"findings"');
    expect(report).not.toMatch(/GRANT|permission denied/);
  });

  test('takes another password when its file is gone', async () => {
    const before = read('database/worker-url');
    rmSync(join(root, 'database/worker-password'));
    expect(run('make-secrets')).toBe(`Made ${root}/database/worker-password\n`);
    run('apply-roles');
    await expect(as(before, 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect(await as(read('worker/database-url'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
