import { randomUUID } from 'node:crypto';
import { byHand } from '../support/by-hand.js';
import { eventually } from '../support/eventually.js';
import { Metrics } from '../support/metrics.js';
import { RunningProgram } from '../support/running-program.js';
import { type App, startApp } from '../support/start-app.js';
import { busyMetricsPort, portOf } from '../support/worker-port.js';

describe('the audit', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('audit', { workers: 0 });
  });
  afterAll(() => app?.stop());

  const audit = async (url: string, ...args: string[]) => {
    const program = RunningProgram.node(['--enable-source-maps', 'dist/src/cli/main.js', 'audit', ...args], {
      DATABASE_URL: url,
      DATABASE_DIRECT_URL: '',
    });
    const { code } = await program.exited;
    return { code, output: program.output };
  };
  const submit = async (job: object) => (await app.client.post('/jobs', job)).body.job_id as string;

  test('as a command says that everything holds, then what does not and what to do', async () => {
    const id = await submit({ payload: {}, idempotency_key: randomUUID() });
    const sound = await audit(app.database.url);
    expect(sound.output).toMatch(/Looked at 1 jobs\. Everything holds\.\n$/);
    expect(sound.code).toBe(0);

    await app.database.pool.query('UPDATE jobs SET attempts = 3 WHERE id = $1', [id]);
    const broken = await audit(app.database.url);
    expect(broken.output).toMatch(
      new RegExp(
        `BROKEN  Every attempt of a job is on record\\. Not so 1 times \\(attempts_on_record\\), such as:\n +${id} 3 attempts, of which 0 are on record\n +No operation`,
      ),
    );
    expect(broken.code).toBe(1);
    const { code, output } = await audit(app.database.url, '--json', '--since', '2026-01-01');
    expect(JSON.parse(output)).toMatchObject({
      sound: false,
      jobs: 1,
      invariants: expect.arrayContaining([expect.objectContaining({ name: 'attempts_on_record', count: 1 })]),
    });
    expect(code).toBe(1);
    await app.database.pool.query('UPDATE jobs SET attempts = 0 WHERE id = $1', [id]);
  });

  test('as a command ends with 78 where it cannot look, and with 2 where it is not understood', async () => {
    const away = await audit('postgres://nobody@127.0.0.1:1/none');
    expect(away.output).toMatch(/^The database cannot be audited: [^\n]*\n$/);
    expect(away.code).toBe(78);
    expect(await audit(app.database.url, '--since', 'yesterday')).toEqual({
      code: 2,
      output: '--since takes a time such as 2026-02-01T00:00:00Z, not "yesterday".\n',
    });
  });

  test('of a worker notices within a minute that somebody deleted a job or emptied the table', async () => {
    const { port, free } = await busyMetricsPort();
    const worker = await app.addWorker({ WORKER_METRICS_PORT: String(port) });
    free();
    const url = await portOf(worker);
    const value = async (series: string) => (await Metrics.of(url)).value(series);
    await eventually(async () => (await value('jobs_audited_timestamp_seconds')) !== undefined, 60_000);
    expect(await value('jobs_ledger_gap_total')).toBe(0);

    const id = await submit({ payload: {}, schedule_in: 3600 });
    await app.database.pool.query('DELETE FROM jobs WHERE id = $1', [id]);
    const removed = 'jobs_audit_violations{invariant="kept_until_its_end"}';
    await eventually(async () => (await value(removed)) === 1, 60_000);
    const told = `kept_until_its_end is broken 1 times (${id} was PENDING when`;
    await eventually(() => worker.output().includes(told));

    await byHand(app.database.pool, 'TRUNCATE jobs');
    await eventually(async () => (await value(removed)) === 2, 60_000);
    expect(await value('jobs_ledger_gap_total')).toBeGreaterThan(0);
  });
});
