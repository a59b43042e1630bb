import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '../../src/cli/commands.js';
import { Cli } from '../support/cli.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

/** What `doctor` finds on the machine that runs the tests is its own business. */
const CODES: Readonly<Record<string, number>> = { doctor: 1 };

const examples = await Promise.all(
  commands.map(async (entry) => (await entry.load()).examples.map(({ line }) => [line, entry.name] as const)),
);

/** What the README shows of it. */
const [, shown = ''] =
  /## From the command line\n\n```\n([^`]+)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
const readme = shown.trim().split('\n');

describe('the examples of the command line', () => {
  let app: App;
  let cli: Cli;
  const folder = mkdtempSync(join(tmpdir(), 'roundhouse-cli-'));
  beforeAll(async () => {
    app = await startApp('cli examples', { program: FIXTURE_APP });
    writeFileSync(join(folder, 'jobs.jsonl'), '{"type": "echo", "payload": {"n": 1}}\n');
    cli = new Cli(app.api.ready, {
      DATABASE_URL: app.database.url,
      ROUNDHOUSE_HOME: folder,
      WORKER_METRICS_PORT: '0',
      PERIODIC_TASKS_ENABLED: 'false',
    });
  });
  afterAll(async () => {
    await app?.stop();
    rmSync(folder, { recursive: true });
  });

  const job = async (more: object = {}) =>
    (await app.client.post('/jobs', { type: 'echo', payload: {}, ...more })).body.job_id as string;
  const failed = async () => {
    const id = await job({ type: 'fail', max_attempts: 1 });
    await app.jobWith('FAILED', id);
    return id;
  };
  const workflow = async (type: string) =>
    (
      await app.client.post('/workflows', {
        jobs: [{ ref: 'one', type, payload: {}, max_attempts: 1, schedule_in: type === 'fail' ? 0 : 3_600 }],
      })
    ).body;

  /** What the variables of examples stand for, made when a line names them. */
  const things: Readonly<Record<string, () => Promise<string>>> = {
    JOB: async () => job(),
    FAILED_JOB: failed,
    FINGERPRINT: async () => {
      await failed();
      return (await app.client.get('/dead-letters')).body.dead_letters[0].fingerprint;
    },
    SCHEDULED_JOB: async () => job({ schedule_in: 3_600 }),
    WORKFLOW: async () => (await workflow('echo')).workflow_id,
    FAILED_WORKFLOW: async () => {
      const { workflow_id, jobs } = await workflow('fail');
      await app.jobWith('FAILED', jobs[0].job_id);
      return workflow_id;
    },
    OPERATION: async () =>
      (await app.client.post('/bulk-operations', { action: 'retry', filter: { queue: 'none' } })).body
        .operation_id,
    RUNNING_OPERATION: async () => {
      await app.client.post('/jobs/batch', {
        jobs: [1, 2, 3].map(() => ({ payload: {}, queue: 'slowly', schedule_in: 3_600 })),
      });
      const slowly = { action: 'cancel', filter: { queue: 'slowly' }, per_second: 0.01 };
      return (await app.client.post('/bulk-operations', slowly)).body.operation_id;
    },
    WORKER: async () =>
      (await app.client.get('/workers')).body.workers.find(
        ({ state }: { state: string }) => state === 'running',
      ).id,
  };

  /** What is there before each, so that no example needs another. */
  const prepare = async () => {
    await job({ queue: 'emails' });
    await app.client.post('/schedules', {
      name: 'weekday-report',
      cron: '30 9 * * MON-FRI',
      job: { type: 'echo', payload: {} },
    });
    await app.client.send('DELETE', '/schedules/every-hour');
  };

  test.each(readme)('in the README: %s', async (line) => {
    await prepare();
    expect(line).toMatch(/^npx roundhouse /);
    const { code, stdout } = await cli.shell(line.replace(/^npx /, ''), folder);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.any(String) });
  });

  test.each(examples.flat().filter(([, name]) => name !== 'serve'))('%s', async (line, name) => {
    await prepare();
    const given: Record<string, string> = {};
    for (const [, variable] of line.matchAll(/\$([A-Z_]+)/g)) given[variable!] = await things[variable!]!();
    const { code, stderr } = await cli.with(given).shell(line, folder);
    expect({ code: CODES[name] === code ? 0 : code, stderr }).toEqual({
      code: 0,
      stderr: expect.not.stringMatching(/no option|needs|cannot/),
    });
  });

  test.each(examples.flat().filter(([, name]) => name === 'serve'))('%s', async (line) => {
    // The port of an example may be somebody else's here.
    const run = cli.startShell(line.replace(/--port \d+/, '--port 0'), folder);
    await run.says(/Ready: http:/);
    run.child.kill('SIGTERM');
    expect((await run.exited).code).toBe(0);
  });
});
