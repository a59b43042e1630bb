import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { Client } from '../support/http.js';
import { PRODUCT } from '../support/product.js';
import { RunningProgram, processesNaming } from '../support/running-program.js';

const NOBODY = 65_534;
const testAsRoot = process.getuid?.() === 0 ? test : test.skip;

describe('another user of the machine', () => {
  let folder: string;
  let home: string;
  let launcher: RunningProgram;
  let client: Client;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'roundhouse-others-'));
    // Everybody gets as far as that: what is below is closed by what makes it.
    chmodSync(folder, 0o755);
    home = join(folder, 'home');
    launcher = RunningProgram.node([PRODUCT], {
      ROUNDHOUSE_HOME: home,
      DATA_DIR: join(home, 'data'),
      PORT: '0',
      WORKER_METRICS_PORT: '0',
      SECRETS_KEY: '',
      MAX_PAYLOAD_BYTES: '4000000',
    });
    const [, url] = await launcher.says(/^Roundhouse is ready: (\S+)$/m, 60_000);
    client = new Client(url!);
    // What makes files: a large artifact, and a secret that is sealed.
    const rows = Array.from({ length: 2_000 }, () => ({ text: 'x'.repeat(1_000) }));
    const report = { type: 'generate_report', payload: { format: 'csv', rows } };
    const { status, body } = await client.post('/jobs', report);
    expect([status, body.error]).toEqual([201, undefined]);
    await eventually(async () => (await client.get(`/jobs/${body.job_id}`)).body.status === 'COMPLETED');
    const hook = { url: 'https://hooks.example/', events: ['job.failed'] };
    expect((await client.post('/webhooks', hook)).status).toBe(201);
  });
  afterAll(async () => {
    launcher?.kill('SIGTERM');
    await launcher?.exited;
    expect(processesNaming(home)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  test('is given rights on no file that holds anything', () => {
    const files = filesBelow(home);
    const names = files.map(({ path }) => path.slice(home.length + 1));
    expect(names).toEqual(
      expect.arrayContaining(['secrets.key', 'postgres/password', 'postgres/server.log']),
    );
    expect(names.some((name) => /^data\/artifacts\/.*[0-9a-f]{32}$/.test(name))).toBe(true);
    const open = files.filter(({ othersMay, holdsSomething }) => othersMay && holdsSomething);
    expect(open.map(({ path }) => path)).toEqual([]);
  });

  test('finds no password in the list of processes', () => {
    const password = readFileSync(join(home, 'postgres', 'password'), 'utf8').trim();
    expect(password.length).toBeGreaterThan(20);
    const table = execFileSync('ps', ['-eo', 'command='], { encoding: 'utf8' });
    expect(table).toContain(home);
    expect(table).not.toContain(password);
  });

  testAsRoot('reads no file, changes none, and finds no environment', () => {
    const files = filesBelow(home)
      .filter(({ holdsSomething }) => holdsSomething)
      .map(({ path }) => path);
    expect(files.length).toBeGreaterThan(100);
    const script = `for file; do { cat "$file" || true >> "$file"; } > /dev/null 2>&1 && echo "$file"; done; true`;
    const { stdout, status } = asNobody('/bin/sh', [
      '-c',
      script,
      'sh',
      ...files,
      `/proc/${launcher.pid}/environ`,
    ]);
    expect([status, stdout]).toEqual([0, '']);
  });

  testAsRoot('gets into the database by no socket, no trust and no empty password', () => {
    const port = readFileSync(join(home, 'postgres', 'port'), 'utf8').trim();
    const ways = [
      { PGHOST: '127.0.0.1' },
      { PGHOST: '127.0.0.1', PGPASSWORD: 'roundhouse' },
      { PGHOST: '/tmp' },
      { PGHOST: '/var/run/postgresql' },
      { PGHOST: '127.0.0.1', PGUSER: 'postgres' },
    ];
    const script = `const pg = require('pg'); const client = new pg.Client({ connectionTimeoutMillis: 3000 });
      client.connect().then(() => console.log('IN'), (error) => console.log('OUT', error.code ?? error.message)).finally(() => process.exit());`;
    for (const way of ways) {
      const environment = { PGPORT: port, PGUSER: 'roundhouse', PGDATABASE: 'roundhouse', ...way };
      const { stdout } = spawnSync(process.execPath, ['-e', script], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, HOME: '/nonexistent', ...environment },
      });
      expect([way, stdout.slice(0, 3)]).toEqual([way, 'OUT']);
    }
  });
});

function asNobody(program: string, args: string[]) {
  return spawnSync(program, args, { uid: NOBODY, gid: NOBODY, cwd: '/', encoding: 'utf8', env: {} });
}

interface Found {
  readonly path: string;
  readonly holdsSomething: boolean;
  /** Read or write it. */
  readonly othersMay: boolean;
}

/** All files, with what others may do who can get to them. */
function filesBelow(folder: string, canPass = true): Found[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const { mode, size } = lstatSync(path);
    if (lstatSync(path).isDirectory()) return filesBelow(path, canPass && (mode & 0o001) !== 0);
    // The lock of a launcher says `running`.
    const holdsSomething = size > 0 && !name.endsWith('.lock');
    return [{ path, holdsSomething, othersMay: canPass && (mode & 0o006) !== 0 }];
  });
}
