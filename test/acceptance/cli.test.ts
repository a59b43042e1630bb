import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { createTestDatabase } from '../support/database.js';
import { RunningProgram } from '../support/running-program.js';

describe('roundhouse', () => {
  test('is a command that runs the pinned Node.js, wherever it is called', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    const output = execFileSync(resolve('bin/roundhouse'), ['--version'], {
      cwd: tmpdir(),
      encoding: 'utf8',
    });
    expect(output).toBe(`${version}\n`);
  });

  test('lists its commands, and tells what each takes', async () => {
    const { code, output } = await outcomeOf(['--help']);
    expect(code).toBe(0);
    for (const command of ['serve', 'worker', 'migrate', 'doctor'])
      expect(output).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect((await outcomeOf(['worker', '--help'])).output).toMatch(/--concurrency WORKER_CONCURRENCY +\w/);
  });

  test.each([
    [['serv'], 'There is no command "serv". Did you mean "serve"?\n'],
    [['dance'], 'There is no command "dance". roundhouse --help lists what there is.\n'],
    [['serve', '--prot', '1'], 'roundhouse serve has no option --prot. Did you mean "--port"?\n'],
    [['serve', '--port'], '--port needs a value, as in --port=…\n'],
    [['migrate', 'now'], 'roundhouse migrate does not know what to do with "now".\n'],
  ])('answers %j with one sentence and exit code 2', async (args, sentence) => {
    expect(await outcomeOf(args)).toEqual({ code: 2, output: sentence });
  });

  test('names a fault in an option as a fault in its setting', async () => {
    const { code, output } = await outcomeOf(['serve', '--port=eighty']);
    expect(code).toBe(78);
    expect(output).toContain('PORT must be a whole number');
  });

  test.each([
    ['serve', /Ready: (http:\/\/127\.0\.0\.1:\d+)/],
    ['worker', /Ready: worker/],
  ])('%s runs until it is told to stop', async (command, ready) => {
    const database = await createTestDatabase(`cli ${command}`);
    const options = command === 'serve' ? ['--port=0'] : ['--metrics-port=0'];
    const program = start([command, ...options], { DATABASE_URL: database.url });
    const [, url] = await program.says(ready);
    if (url) expect((await fetch(`${url}/health`)).status).toBe(200);
    program.kill('SIGTERM');
    expect(await program.exited).toEqual({ code: 0, signal: null });
    await database.drop();
  });
});

describe('roundhouse migrate', () => {
  const name = `test_cli_migrate_${randomBytes(3).toString('hex')}`;
  const server = new pg.Client(process.env.TEST_POSTGRES_URL);
  const url = new URL(process.env.TEST_POSTGRES_URL!);
  beforeAll(async () => {
    await server.connect();
    await server.query(`CREATE DATABASE ${name}`);
    url.pathname = `/${name}`;
  });
  afterAll(async () => {
    await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await server.end();
  });

  test('creates the tables, and the second time finds nothing to do', async () => {
    const environment = { DATABASE_URL: url.href };
    expect(await outcomeOf(['migrate'], environment)).toEqual({
      code: 0,
      output: expect.stringMatching(/^Migrated: \w+(, \w+)*\. The database is up to date\.\n$/),
    });
    expect(await outcomeOf(['migrate'], environment)).toEqual({
      code: 0,
      output: 'Nothing to migrate. The database is up to date.\n',
    });
  });

  test('works on the embedded PostgreSQL when no other is configured', async () => {
    const home = mkdtempSync(join(tmpdir(), 'roundhouse-cli-'));
    chmodSync(home, 0o755);
    const { code, output } = await outcomeOf(['migrate'], { ROUNDHOUSE_HOME: home });
    rmSync(home, { recursive: true });
    expect(output).toMatch(/^Starting PostgreSQL 18 …\n[^]*Migrated: .+ The database is up to date\.\n$/);
    expect(code).toBe(0);
  });

  test('says in one sentence that the database is away', async () => {
    const { code, output } = await outcomeOf(['migrate'], {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    });
    expect(code).toBe(1);
    expect(output).toMatch(/^[^\n]*DATABASE_URL[^\n]*\n$/);
  });
});

/** Runs the command to its end. */
async function outcomeOf(args: readonly string[], environment: Record<string, string> = {}) {
  const program = start(args, environment);
  const { code } = await program.exited;
  return { code, output: program.output };
}

function start(args: readonly string[], environment: Record<string, string>): RunningProgram {
  return RunningProgram.node(['--enable-source-maps', 'dist/src/cli/main.js', ...args], {
    // What the machine that runs the tests has set is not meant for this service.
    ...{ DATABASE_URL: '', DATABASE_DIRECT_URL: '', PROCRASTINATE_DATABASE_URL: '' },
    ...{ PGHOST: '', PGPORT: '', PGDATABASE: '' },
    ...environment,
  });
}
