import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Cli, linesOf } from '../support/cli.js';
import { ExternalWorker, type Lease } from '../support/external-worker.js';
import { type App, startApp } from '../support/start-app.js';
import { type TcpProxy, startTcpProxy } from '../support/tcp-proxy.js';

describe('roundhouse jobs watch', () => {
  let app: App;
  let cli: Cli;
  let base: string;
  beforeAll(async () => {
    app = await startApp('cli watch', { workers: 0 });
    base = app.api.ready;
    cli = new Cli(base);
    await app.client.send(
      'PUT',
      '/job-types/task',
      JSON.stringify({ description: 'Is done elsewhere.', max_attempts: 1 }),
    );
  });
  afterAll(() => app?.stop());

  const started = async () => {
    const { body } = await app.client.post('/jobs', { type: 'task', payload: {} });
    const worker = new ExternalWorker(base, { types: ['task'] });
    const lease = await worker.leaseOne();
    return { id: body.job_id as string, worker, lease };
  };
  const beat = async (worker: ExternalWorker, lease: Lease, message: string, progress: number) => {
    const { status } = await worker.say(lease, 'heartbeat', {
      logs: [{ level: 'warn', message }],
      progress,
      message,
    });
    expect(status).toBe(200);
  };

  test('shows events, log lines and progress as they come, and ends with the job', async () => {
    const { id, worker, lease } = await started();
    const watch = cli.start(['jobs', 'watch', id]);
    await watch.says(/started +attempt 1/);
    await beat(worker, lease, 'half \u001b[31mway', 50);
    await watch.says(/warn {3}half \\u001b\[31mway/);
    await watch.says(/50 % {2}half/);
    await worker.say(lease, 'complete', { result: 1 });
    const { code, stdout } = await watch.exited;
    expect(code).toBe(0);
    expect(stdout).toMatch(/submitted[^]*started[^]*warn[^]*completed/);
  });

  test('tells by its exit code how the job has ended', async () => {
    const failed = await started();
    await failed.worker.say(failed.lease, 'fail', { error: { name: 'TypeError', message: 'no way' } });
    expect(await cli.run(['jobs', 'watch', failed.id])).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/failed +attempt 1 +TypeError: no way\n$/),
    });
    const { body } = await app.client.post('/jobs', { type: 'echo', payload: {} });
    await app.client.post(`/jobs/${body.job_id}/cancel`);
    expect((await cli.run(['jobs', 'watch', body.job_id])).code).toBe(3);
    const late = await app.client.post('/jobs', { type: 'echo', payload: {} });
    expect(await cli.run(['jobs', 'watch', late.body.job_id, '--timeout', '1'])).toMatchObject({
      code: 124,
      stderr: 'After 1 s the job has not ended; it goes on.\n',
    });
    expect((await cli.run(['jobs', 'watch', '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55'])).code).toBe(1);
  });

  test('ends with 130 at Ctrl+C', async () => {
    const { body } = await app.client.post('/jobs', { type: 'echo', payload: {} });
    const watch = cli.start(['jobs', 'watch', body.job_id]);
    await watch.says(/submitted/);
    watch.child.kill('SIGINT');
    expect((await watch.exited).code).toBe(130);
  });

  describe('through a connection that is cut', () => {
    let proxy: TcpProxy;
    beforeAll(async () => (proxy = await startTcpProxy(base)));
    afterAll(() => proxy?.stop());

    test('goes on where it was: nothing is told twice, and nothing is missed', async () => {
      const { id, worker, lease } = await started();
      const watch = new Cli(proxy.url).start(['jobs', 'watch', id, '--json']);
      await beat(worker, lease, 'before', 10);
      await watch.says(/"message":"before"/);
      proxy.cut();
      await watch.says(/connection is lost/);
      await beat(worker, lease, 'meanwhile', 20);
      proxy.mend();
      await watch.says(/"message":"meanwhile"/);
      proxy.cut();
      await worker.say(lease, 'complete', { result: 1 });
      proxy.mend();
      const outcome = await watch.exited;
      expect(outcome.code).toBe(0);
      const told = linesOf(outcome).filter(({ event }) => event !== 'progress');
      expect(told.map(({ event, data }) => data.message ?? event)).toEqual([
        'submitted',
        'started',
        'before',
        'meanwhile',
        'completed',
        'end',
      ]);
    });
  });

  test('asks for the job every second where no stream comes through', async () => {
    // What stands between keeps streams back, and hands on everything else.
    const server = createServer((request, response) => {
      const { url = '', method, headers } = request;
      if (headers.accept === 'text/event-stream')
        return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('');
      request.pipe(
        ask(base + url, { method, headers }, (answer) => {
          answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers));
        }),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { id, worker, lease } = await started();
    const watch = new Cli(`http://127.0.0.1:${port}`).start(['jobs', 'watch', id, '--json']);
    await watch.says(/"event":"started"/);
    await beat(worker, lease, 'halfway', 50);
    await watch.says(/"message":"halfway"/);
    await worker.say(lease, 'complete', { result: 1 });
    const outcome = await watch.exited;
    server.close();
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const told = linesOf(outcome).filter(({ event }) => event !== 'progress');
    expect(told.map(({ event }) => event)).toEqual(['submitted', 'started', 'log', 'completed', 'end']);
  });

  test('submit --watch is both in one', async () => {
    const watch = cli.start(['submit', 'task', '{}', '--watch']);
    const worker = new ExternalWorker(base, { types: ['task'] });
    const lease = await worker.leaseOne();
    await watch.says(/started/);
    await worker.say(lease, 'complete', { result: 1 });
    const { code, stderr } = await watch.exited;
    expect({ code, stderr }).toEqual({ code: 0, stderr: `${lease.job.job_id}\n` });
  });
});
