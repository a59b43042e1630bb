import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Cli } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { blocksIn } from '../support/markdown.js';
import { type App, startApp } from '../support/start-app.js';

const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) process.stderr.write('Skipped: submitting from Python (there is no python3)\n');

/** The commands of a document in a service of their own. */
class Reader {
  private readonly folder = mkdtempSync(join(tmpdir(), 'roundhouse-moves-'));

  private constructor(
    readonly app: App,
    private readonly blocks: readonly string[],
  ) {
    for (const name of ['bin', 'examples']) symlinkSync(resolve(name), join(this.folder, name));
  }

  static async of(document: string): Promise<Reader> {
    return new Reader(await startApp(document), blocksIn(document, 'sh'));
  }

  /** Does all that the document says, and answers with what was printed. */
  async follow(): Promise<string> {
    const { ready } = this.app.api;
    let printed = '';
    for (const block of this.blocks.filter((text) => hasPython || !text.startsWith('python3'))) {
      const commands = `set -eo pipefail\n${block.replaceAll('http://127.0.0.1:8000', ready)}`;
      const { code, stdout, stderr } = await new Cli(ready).shell(commands, this.folder);
      if (code !== 0) throw new Error(`${block}\nended with ${code}:\n${stdout}${stderr}`);
      printed += stdout;
    }
    return printed;
  }

  async jobs(query: string): Promise<any[]> {
    return (await this.app.client.get(`/jobs?${query}`)).body.jobs;
  }

  async leave(): Promise<void> {
    await this.app.stop();
    rmSync(this.folder, { recursive: true });
  }
}

describe('the documents for those who come from elsewhere', () => {
  let reader: Reader | undefined;
  afterEach(() => reader?.leave());

  test('Procrastinate: tasks are declared, deferred, scheduled and run', async () => {
    reader = await Reader.of('docs/moving-from-procrastinate.md');
    await reader.follow();
    const { app } = reader;
    const jobs = await reader.jobs('type=images.resize');
    expect(jobs).toHaveLength(hasPython ? 3 : 2);
    expect(jobs.find(({ status }) => status === 'COMPLETED')).toMatchObject({
      ...{
        queue_name: 'images',
        payload: { width: 640 },
        result: { width: 640 },
        attempts: 1,
        max_attempts: 3,
      },
    });
    expect(jobs.find(({ lock }) => lock !== null)).toMatchObject({
      ...{ status: 'PENDING', priority: 2, max_attempts: 10, unique_key: 'a', payload: { width: 320 } },
    });
    const second = {
      type: 'images.resize',
      payload: { width: 1 },
      unique: { key: 'a', on_conflict: 'reject' },
    };
    expect(await app.client.post('/jobs', second)).toMatchObject({
      status: 409,
      body: { code: 'job_already_exists' },
    });
    if (hasPython)
      expect(jobs.find(({ payload }) => payload.width === 800)).toMatchObject({
        priority: 2,
        status: 'PENDING',
      });
    expect((await app.client.get('/schedules/tidy')).body).toMatchObject({ cron: '0 4 * * *' });
  });

  test('Celery: a task, a chord and a schedule', async () => {
    reader = await Reader.of('docs/moving-from-celery.md');
    await reader.follow();
    const { app } = reader;
    expect(await reader.jobs('idempotency_key=my-own-task-id')).toMatchObject([
      { type: 'proj.add', status: 'PENDING', max_attempts: 4, payload: { x: 2, y: 2 } },
    ]);
    const [workflow] = (await app.client.get('/workflows')).body.workflows;
    const jobs = await reader.jobs('type=proj.add&status=COMPLETED');
    expect(jobs).toMatchObject([{ result: 4, workflow_id: workflow.workflow_id }]);
    expect(await reader.jobs('type=proj.sum')).toMatchObject([{ status: 'BLOCKED' }]);
    expect((await app.client.get('/queues/sums')).body.limits).toMatchObject({
      rate: '100/minute',
      burst: 10,
    });
    expect((await app.client.get('/schedules/every-90-minutes')).body.state).toBe('active');
    const group = { jobs: [{ payload: {} }, { payload: {} }], group: {} };
    expect((await app.client.post('/jobs/batch', group)).body.workflow_id).toEqual(expect.any(String));
  });

  test('BullMQ: jobs, a debounce, a flow, and delayed ones that come along', async () => {
    reader = await Reader.of('docs/moving-from-bullmq.md');
    expect(await reader.follow()).toContain('1 job accepted.');
    const { app } = reader;
    expect(await reader.jobs('idempotency_key=wall-1')).toMatchObject([{ priority: 1, max_attempts: 3 }]);
    expect(await reader.jobs('idempotency_key=bullmq-paint-17')).toMatchObject([
      { scheduled_at: '2099-01-31T15:00:00.000Z' },
    ]);
    const walls = await reader.jobs('type=paint.wall');
    expect(walls.filter(({ unique_key }) => unique_key === 'house-1')).toMatchObject([
      { payload: { colour: 'blue' } },
    ]);
    expect(await reader.jobs('type=renovate')).toMatchObject([
      { status: 'BLOCKED', depends_on: { length: 2 } },
    ]);
    const { body } = await app.client.get('/schedules/every-day');
    expect(body).toMatchObject({ timezone: 'Europe/Berlin', state: 'active' });
  });

  (hasPython ? test : test.skip)('defer.py submits once, and says what was refused', async () => {
    reader = await Reader.of('docs/moving-from-bullmq.md');
    const { app } = reader;
    const defer = async (...args: string[]) => {
      const words = args.map((word) => `'${word}'`).join(' ');
      return new Cli(app.api.ready).shell(`python3 ${resolve('examples/moving/defer.py')} ${words}`);
    };
    const keyed = ['echo', '{"n": 1}', '{"idempotency_key": "row-7"}'];
    const [first, second] = [await defer(...keyed), await defer(...keyed)];
    expect(second).toEqual({ code: 0, stdout: first.stdout, stderr: '' });
    await eventually(
      async () => (await app.client.get(`/jobs/${first.stdout.trim()}`)).body.status === 'COMPLETED',
    );
    expect(await defer('ecoh')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^unknown_job_type: .*echo/),
    });
  });
});
