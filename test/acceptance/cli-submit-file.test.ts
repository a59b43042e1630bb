import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cli, describeOnTerminal, linesOf } from '../support/cli.js';
import { type App, startApp } from '../support/start-app.js';
import { type TcpProxy, startTcpProxy } from '../support/tcp-proxy.js';

describe('roundhouse submit --from', () => {
  let app: App;
  let cli: Cli;
  const folder = mkdtempSync(join(tmpdir(), 'roundhouse-cli-'));
  const file = (name: string, lines: readonly string[]) => {
    const path = join(folder, name);
    writeFileSync(path, `${lines.join('\n')}\n`);
    return path;
  };
  const jobs = (queue: string, count: number, more: object = {}) =>
    Array.from({ length: count }, (_, n) => JSON.stringify({ type: 'echo', payload: { n }, queue, ...more }));
  /** The numbers of the jobs that are there, in the order in which they were accepted. */
  const numbersIn = async (queue: string) => {
    const { rows } = await app.database.pool.query<{ n: number }>(
      `SELECT (payload->>'n')::int AS n FROM jobs WHERE queue = $1 ORDER BY id`,
      [queue],
    );
    return rows.map(({ n }) => n);
  };
  const upTo = (count: number) => [...Array(count).keys()];
  beforeAll(async () => {
    app = await startApp('cli submit file', { workers: 0 });
    cli = new Cli(app.api.ready);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await app?.stop();
  });

  test('submits a job from each line, in their order, and the same file only once', async () => {
    const path = file('once.jsonl', [...jobs('once', 1_200), '']);
    expect(await cli.run(['submit', '--from', path])).toEqual({
      code: 0,
      stdout: '1200 jobs accepted.\n',
      stderr: '',
    });
    expect(await numbersIn('once')).toEqual(upTo(1_200));
    const again = await cli.run(['submit', '--from', path, '--batch', '700']);
    expect(again).toEqual({ code: 0, stdout: '0 jobs accepted, 1200 were there already.\n', stderr: '' });
    const named = await cli.run(['submit', '--from', path, '--key', 'february', '--json']);
    expect(linesOf(named)).toHaveLength(1_200);
    expect(linesOf(named)[0]).toEqual({ job_id: expect.any(String), status: 'PENDING', created: true });
    expect(named.stderr).toBe('1200 jobs accepted.\n');
    expect(await numbersIn('once')).toHaveLength(2_400);
  });

  test('makes batches that the service takes, whatever the jobs weigh', async () => {
    const heavy = jobs('heavy', 10, { tags: ['heavy'] }).map((line) =>
      JSON.stringify({
        ...JSON.parse(line),
        payload: { n: JSON.parse(line).payload.n, text: 'x'.repeat(250_000) },
      }),
    );
    const { stdout, code } = await cli.run(['submit', '--from', file('heavy.jsonl', heavy)]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '10 jobs accepted.\n' });
    expect(await numbersIn('heavy')).toEqual(upTo(10));
  });

  test('waits for a service that is away, and goes on where it was', async () => {
    const proxy: TcpProxy = await startTcpProxy(app.api.ready);
    const path = file('cut.jsonl', jobs('cut', 3_000));
    const run = new Cli(proxy.url).start(['submit', '--from', path, '--batch', '20', '--json']);
    await run.says(/"created":true/);
    proxy.cut();
    await run.says(/The service does not answer\. Trying again …/);
    proxy.mend();
    const { code, stderr } = await run.exited;
    await proxy.stop();
    expect({ code, end: stderr.trimEnd().split('\n').at(-1) }).toEqual({
      code: 0,
      end: expect.stringMatching(/^\d+ jobs accepted(, \d+ were there already)?\.$/),
    });
    expect(await numbersIn('cut')).toEqual(upTo(3_000));
  });

  test.each(['SIGINT', 'SIGKILL'] as const)('is taken up by the same command after %s', async (signal) => {
    const queue = signal.toLowerCase();
    const path = file(`${queue}.jsonl`, jobs(queue, 4_000));
    const run = cli.start(['submit', '--from', path, '--batch', '20', '--json']);
    await run.says(/"created":true/);
    run.child.kill(signal);
    const stopped = await run.exited;
    if (signal === 'SIGINT') {
      expect(stopped.code).toBe(130);
      expect(stopped.stderr).toMatch(
        /jobs accepted\. To go on, give the same command: no job will be there twice\.\n$/,
      );
    }
    expect((await numbersIn(queue)).length).toBeLessThan(4_000);
    const { stdout } = await cli.run(['submit', '--from', path]);
    expect(stdout).toMatch(/^\d+ jobs accepted, \d+ were there already\.\n$/);
    expect(await numbersIn(queue)).toEqual(upTo(4_000));
  });

  test('reads standard input, which is submitted again unless it is named', async () => {
    const input = `\ufeff${jobs('piped', 3).join('\r\n')}`;
    for (const key of [[], [], ['--key', 'a'], ['--key', 'a']])
      await cli.run(['submit', '--from', '-', ...key], input);
    expect(await numbersIn('piped')).toHaveLength(9);
  });

  test('names the line that holds no job, after submitting those before it', async () => {
    const path = file('broken.jsonl', [...jobs('broken', 2), '', '{"type": ', '{}']);
    expect(await cli.run(['submit', '--from', path])).toEqual({
      code: 65,
      stdout: '',
      stderr: expect.stringMatching(
        /^2 jobs accepted\. To go on, [^\n]+\n\S+broken\.jsonl:4: this is no JSON: [^\n]+\n$/,
      ),
    });
    expect(await numbersIn('broken')).toEqual([0, 1]);
  });

  test('names the lines that the service refuses, and submits nothing of their batch', async () => {
    const path = file('refused.jsonl', [
      '{"type": "echo", "payload": {}, "queue": "refused"}',
      '',
      '{"type": "ecoh", "payload": {}}',
      '{"type": "echo", "payload": {}, "priority": 11}',
    ]);
    const { code, stderr } = await cli.run(['submit', '--from', path]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/refused\.jsonl:3: \/type: [^\n]*"echo"/);
    expect(stderr).toMatch(/refused\.jsonl:4: \/priority: /);
    expect(await numbersIn('refused')).toEqual([]);
  });

  test.each([
    [['--from', '/no/such/file'], 65, /^\/no\/such\/file cannot be read: ENOENT/],
    [
      ['echo', '--from', 'x'],
      2,
      /^Say the type of the job, or with --from a file of jobs, and not both\.\n$/,
    ],
    [
      ['--from', 'x', '--queue', 'y'],
      2,
      /^--queue is for a single job: each line of x says itself what it is\.\n$/,
    ],
  ])('%j is refused in a sentence', async (args, code, sentence) => {
    expect(await cli.run(['submit', ...args])).toEqual({
      code,
      stdout: '',
      stderr: expect.stringMatching(sentence),
    });
  });

  describeOnTerminal('on a terminal', () => {
    test('shows how far it is', async () => {
      const path = file('shown.jsonl', jobs('shown', 2_000));
      const { stdout, code } = await cli.onTerminal(['submit', '--from', path, '--batch', '50']).exited;
      expect(code).toBe(0);
      expect(stdout).toMatch(/\[#+-*\] +\d+ % {2}\d+ jobs accepted\./);
      expect(stdout).toMatch(/\r\u001b\[K2000 jobs accepted\.\r\n$/);
    });
  });
});
