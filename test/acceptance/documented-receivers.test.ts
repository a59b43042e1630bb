import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/database/embedded/port.js';
import { eventually } from '../support/eventually.js';
import { WEBHOOK_SETTINGS } from '../support/receiver.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const RECEIVERS: { language: string; file: string; program: string }[] = [
  { language: 'js', file: 'receiver.mjs', program: process.execPath },
  ...(hasPython ? [{ language: 'python', file: 'receiver.py', program: 'python3' }] : []),
];
if (!hasPython) process.stderr.write('Skipped: the documented receiver in Python (there is no python3)\n');

describe('the receivers that docs/webhooks.md shows', () => {
  let app: App;
  let folder: string;
  const started: ChildProcess[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roundhouse-receivers-'));
    await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
    app = await startApp('documented receivers', {
      workers: 1,
      program: FIXTURE_APP,
      environment: WEBHOOK_SETTINGS,
    });
  });
  afterEach(() => {
    for (const receiver of started.splice(0)) receiver.kill('SIGKILL');
  });
  afterAll(async () => {
    await app?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(RECEIVERS)(
    'take jobs, workflows and tests, in $language',
    async ({ language, file, program }) => {
      const page = await readFile('docs/webhooks.md', 'utf8');
      const [, code = ''] = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, 'm').exec(page) ?? [];
      await writeFile(join(folder, file), code);
      const port = await freePort();
      const hook = await app.client.post('/webhooks', {
        url: `http://127.0.0.1:${port}/`,
        events: ['job.completed', 'job.failed', 'workflow.completed'],
      });
      expect(hook.status).toBe(201);
      const { webhook_id: id, secret } = hook.body;
      let said = '';
      let complaints = '';
      const receiver = spawn(program, [join(folder, file)], {
        env: { PATH: process.env.PATH, PORT: String(port), WEBHOOK_SECRET: secret },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      started.push(receiver);
      receiver.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      receiver.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
      await eventually(
        async () => (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' })).status === 400,
      );

      const { body: made } = await app.client.post('/workflows', {
        jobs: [{ ref: 'only', type: 'echo', payload: {} }],
      });
      const { body: workflow } = await app.client.get(`/workflows/${made.workflow_id}`);
      const { body: failed } = await app.client.post('/jobs', { type: 'fail', payload: {}, max_attempts: 1 });
      expect((await app.client.post(`/webhooks/${id}/test`)).status).toBe(202);
      const lines = [
        `job.completed ${workflow.graph.nodes[0].job_id}`,
        `job.failed ${failed.job_id}`,
        `webhook.test ${id}`,
        `workflow.completed ${workflow.workflow_id}`,
      ];
      await eventually(() => {
        if (said.trim().split('\n').length < lines.length) throw new Error(said + complaints);
        return true;
      });
      expect(said.trim().split('\n').sort()).toEqual(lines);
    },
  );
});
