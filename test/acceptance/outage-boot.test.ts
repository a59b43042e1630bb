import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { Client } from '../support/http.js';
import { RunningProgram } from '../support/running-program.js';
import { type TcpProxy, startTcpProxy } from '../support/tcp-proxy.js';

/** Several processes start at a time. */
const START_MS = 40_000;

const JOB = { type: 'echo', payload: {} };

const FAULTS: Record<string, (proxy: TcpProxy) => void> = {
  hangs: (proxy) => proxy.hang(),
  'is starting up': (proxy) => proxy.refuse('57P03', 'the database system is starting up'),
  'has no connection left': (proxy) => proxy.refuse('53300', 'sorry, too many clients already'),
};

describe('a start without the database', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let home: string;
  const started: RunningProgram[] = [];
  beforeAll(async () => {
    database = await createTestDatabase('outage boot');
    proxy = await startTcpProxy(database.url);
    home = mkdtempSync(join(tmpdir(), 'roundhouse-boot-'));
  });
  afterEach(async () => {
    for (const program of started) program.kill('SIGKILL');
    await Promise.all(started.splice(0).map((program) => program.exited));
    proxy.mend();
  });
  afterAll(async () => {
    await proxy.stop();
    await database.drop();
    rmSync(home, { recursive: true });
  });

  function start(role: 'all' | 'api' | 'worker', environment: Record<string, string> = {}): RunningProgram {
    const program = RunningProgram.node(['--enable-source-maps', 'dist/src/main.js'], {
      ROLE: role,
      DATABASE_URL: proxy.url,
      ROUNDHOUSE_HOME: home,
      PORT: '0',
      WORKER_METRICS_PORT: '0',
      PERIODIC_TASKS_ENABLED: 'false',
      ...environment,
    });
    started.push(program);
    return program;
  }

  /** How often a program has complained, or said that all is well again. */
  const linesOf = ({ output }: RunningProgram) =>
    output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { msg: string })
      .map(({ msg }) => msg);

  test('whatever its fault: API and worker start, say so, and become ready by themselves', async () => {
    proxy.cut();
    const api = start('api');
    const worker = start('worker', { WORKER_METRICS_PORT: '' });
    const [[, url], [, workersUrl]] = await Promise.all([
      api.says(/Listening at (http:[^\s,]+), without the database/, START_MS),
      worker.says(/Health and metrics of this worker: (http:\S+?)\/health/, START_MS),
    ]);
    const client = new Client(url!);
    for (const fault of Object.keys(FAULTS)) {
      FAULTS[fault]!(proxy);
      for (const each of [client, new Client(workersUrl!)]) {
        expect((await each.get('/health/live')).status).toBe(200);
        expect((await each.get('/health/ready')).status).toBe(503);
        expect((await each.get('/health')).status).toBe(503);
      }
      const answers = [
        await client.post('/jobs', JOB),
        await client.get('/jobs'),
        await client.post('/queues/default/pause'),
        await client.get('/admin/stats'),
      ];
      for (const { status, headers, body } of answers) {
        expect([fault, status, body.code]).toEqual([fault, 503, 'database_unavailable']);
        expect(headers.get('content-type')).toContain('application/problem+json');
        expect(headers.get('retry-after')).toBe('2');
      }
    }
    expect((await client.get('/openapi.json')).status).toBe(200);

    proxy.mend();
    const since = performance.now();
    await Promise.all([api.says(/Ready: http/), worker.says(/Ready: worker/)]);
    console.log(`ready ${Math.round(performance.now() - since)} ms after the database`);
    expect((await client.get('/health/ready')).status).toBe(200);
    const { body: job } = await client.post('/jobs', JOB);
    await eventually(async () => (await client.get(`/jobs/${job.job_id}`)).body.status === 'COMPLETED');
    for (const program of [api, worker]) {
      expect(linesOf(program).filter((line) => line.includes('Waiting for the database'))).toHaveLength(1);
      expect(linesOf(program).filter((line) => line.includes('The database is there'))).toHaveLength(1);
    }
  });

  describe('on a schema that turns out not to fit', () => {
    beforeEach(() => database.pool.query('ALTER TABLE migrations RENAME TO hidden'));
    afterEach(() => database.pool.query('ALTER TABLE hidden RENAME TO migrations'));

    test('is stopped in good order while it waits, and refused when the database is there', async () => {
      proxy.cut();
      const stopped = start('worker', { WORKER_METRICS_PORT: '' });
      const refused = start('api');
      await Promise.all([
        stopped.says(/Health and metrics/, START_MS),
        refused.says(/Waiting for the database/, START_MS),
      ]);
      stopped.kill('SIGTERM');
      expect(await stopped.exited).toEqual({ code: 0, signal: null });
      proxy.mend();
      expect(await refused.exited).toMatchObject({ code: 78 });
      expect(refused.output).toMatch(/^The database is not ready for this version .*run "npm run migrate"$/m);
    });
  });

  const wrong = (change: (url: URL) => void) => {
    const url = new URL(database.url);
    change(url);
    return url.href;
  };

  test('is refused in one sentence when the password or the name of the database is wrong', async () => {
    const urls = [wrong((url) => (url.password = 'guessed')), wrong((url) => (url.pathname = '/nowhere'))];
    const [guessed, nowhere, launcher] = [
      start('api', { DATABASE_URL: urls[0]! }),
      start('worker', { DATABASE_URL: urls[1]! }),
      start('all', { DATABASE_URL: urls[0]! }),
    ];
    for (const program of [guessed, nowhere, launcher]) {
      expect(await program.exited).toMatchObject({ code: 78 });
      expect(program.output).not.toMatch(/\n\s+at /);
    }
    for (const { output } of [guessed, launcher])
      expect(output).toMatch(/^The database refused the password: correct DATABASE_URL\.$/m);
    expect(nowhere.output).toMatch(/^The database does not exist: create it \(createdb NAME\), or correct/m);
  });

  test('npm start waits for the database, says so once, and goes on', async () => {
    proxy.cut();
    const launcher = start('all');
    await launcher.says(
      /^The database cannot be reached \(.+\): start it, or correct DATABASE_URL\. Waiting for it …$/m,
    );
    proxy.mend();
    await launcher.says(/^Roundhouse is ready: http/m, START_MS);
    expect(launcher.output.match(/cannot be reached/g)).toHaveLength(1);
    launcher.kill('SIGTERM');
    expect(await launcher.exited).toMatchObject({ code: 0 });
  });
});
