import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { resolveConfig } from '../../dist/src/config/index.js';
import { startEmbeddedPostgres } from '../../dist/src/database/embedded/index.js';
import { migrateDatabase } from '../../dist/src/migrate.js';

export const TEMPLATE = 'roundhouse_template';

/** One PostgreSQL for all tests, and in it a migrated database that each test file gets a copy of. */
export default async function setUp() {
  compileFixtureApp();
  const server = await startServer();
  globalThis.__stopPostgres = server.stop;
  process.env.TEST_POSTGRES_URL = server.url;
  await createTemplate(server.url);
}

/** Beside the product, which it is made of. */
function compileFixtureApp() {
  const swc = ['node_modules/@swc/cli/bin/swc.js', 'test/support/fixture-app', '-d', 'dist', '--quiet'];
  execFileSync(process.execPath, swc, { stdio: 'inherit' });
}

/** TEST_POSTGRES_URL names another server to test against, as a superuser: an older version, say. */
async function startServer() {
  if (process.env.TEST_POSTGRES_URL)
    return { url: process.env.TEST_POSTGRES_URL, stop: async () => undefined };
  const home = await mkdtemp(join(tmpdir(), 'roundhouse-test-'));
  // Whatever is lost when the machine crashes may be lost: it is only a test's.
  const lossy = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  // Three test files at a time, each with up to five processes of 20 connections.
  const settings = { ...lossy, max_connections: '400' };
  const server = await startEmbeddedPostgres({ home, log: () => undefined, settings });
  const stop = async () => {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  };
  return { url: server.url, stop };
}

async function createTemplate(url) {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE}`);
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await client.end();
  const template = new URL(url);
  template.pathname = `/${TEMPLATE}`;
  await migrateDatabase(resolveConfig({ DATABASE_URL: template.href }));
  if (process.env.TEST_ROLES) await applyRoles(template.href);
}

/** With TEST_ROLES=true the product's processes of every test have no more rights than docker/postgres/roles.sql gives. */
async function applyRoles(url) {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`SET roundhouse.roles = 'test';\n${readFileSync('docker/postgres/roles.sql', 'utf8')}`);
  for (const role of ['api', 'worker']) await client.query(`ALTER ROLE test_${role} PASSWORD 'test'`);
  // Tables of the tests' own handlers.
  await client.query('ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO test_api, test_worker');
  await client.end();
}
