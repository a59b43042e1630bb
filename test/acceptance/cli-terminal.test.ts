import { Cli, describeOnTerminal } from '../support/cli.js';
import { ExternalWorker } from '../support/external-worker.js';
import { type App, startApp } from '../support/start-app.js';

const COLOUR = /\u001b\[\d+m/;

describeOnTerminal('roundhouse on a terminal', () => {
  let app: App;
  let cli: Cli;
  beforeAll(async () => {
    app = await startApp('cli terminal', { workers: 0 });
    cli = new Cli(app.api.ready);
    await app.client.send(
      'PUT',
      '/job-types/task',
      JSON.stringify({ description: 'Is done elsewhere.', max_attempts: 1 }),
    );
    await app.client.post('/jobs', {
      type: 'task',
      payload: {},
      queue: 'default',
      tags: ['\u001b]0;owned\u0007'],
    });
    const worker = new ExternalWorker(app.api.ready, { types: ['task'] });
    const lease = await worker.leaseOne();
    const message =
      '\u001b[2J\u001b]0;owned\u0007\u009b5mthe printer 世界 is on fire \u202egnp.exe, and everybody has left';
    await worker.say(lease, 'fail', { error: { name: 'Error', message } });
    failed = lease.job.job_id;
  });
  afterAll(() => app?.stop());
  let failed: string;

  /** The lines without colours, as they stand on the screen. */
  const linesIn = (text: string) =>
    text
      .replaceAll(/\u001b\[\d+m/g, '')
      .trimEnd()
      .split('\r\n');

  test.each([80, 100, 140])('fits tables into %d columns', async (columns) => {
    const { stdout, code } = await cli.onTerminal(['jobs', 'list'], columns).exited;
    expect(code).toBe(0);
    const lines = linesIn(stdout);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    expect(lines[1]).toMatch(new RegExp(`^${failed} `));
    if (columns > 80) expect(lines[1]).toMatch(/…$/);
  });

  test('colours what matters, unless NO_COLOR says not to, and never when nobody looks', async () => {
    const args = ['jobs', 'list', '--status', 'failed'];
    expect((await cli.onTerminal(args).exited).stdout).toMatch(/\u001b\[31mFAILED/);
    expect((await cli.with({ NO_COLOR: '1' }).onTerminal(args).exited).stdout).not.toMatch(COLOUR);
    const piped = await cli.run(args);
    expect(piped.stdout).not.toContain('\u001b');
    expect(piped.stdout).toContain('and everybody has left');
  });

  test.each([
    [['jobs', 'list']],
    [['jobs', 'show']],
    [['jobs', 'events']],
    [['jobs', 'watch']],
    [['jobs', 'show', '--json']],
    [['dead-letters', 'list']],
    [['dead-letters', 'groups']],
  ])('%j shows what jobs hold, and does not obey it', async ([group, what, ...more]) => {
    const isOne = group === 'jobs' && what !== 'list';
    const args = [group!, what!, ...(isOne ? [failed] : []), ...more];
    const { stdout } = await cli.onTerminal(args, 200).exited;
    expect(stdout).toMatch(/\\u001b\[2J/);
    // Its own colours aside, no control character and no mark of direction is left.
    expect(linesIn(stdout).join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });

  test('draws progress below the lines of a job, and takes it away in the end', async () => {
    const { body } = await app.client.post('/jobs', { type: 'task', payload: {} });
    const watch = cli.onTerminal(['jobs', 'watch', body.job_id]);
    const worker = new ExternalWorker(app.api.ready, { types: ['task'] });
    const lease = await worker.leaseOne();
    await worker.say(lease, 'heartbeat', { progress: 40, message: 'Reading rows' });
    await watch.says(/\r\u001b\[K\[#{10}-{16}\] {2}40 % {2}Reading rows/);
    await worker.say(lease, 'complete', { result: 1 });
    const { code, stdout } = await watch.exited;
    expect(code).toBe(0);
    expect(stdout).toMatch(/Reading rows\r\u001b\[K[^\r]*completed[^\r\n]*\r\n$/);
  });

  test('asks before it changes many jobs, and takes no for an answer', async () => {
    await app.client.post('/jobs', { type: 'echo', payload: {}, queue: 'asked' });
    const run = cli.onTerminal(['jobs', 'cancel', '--queue', 'asked']);
    await run.says(/Cancel 1 job\? \[y\/N\] /);
    run.child.stdin?.write('n\r');
    expect(await run.exited).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('Nothing was changed.'),
    });
    const { body } = await app.client.get('/jobs?queue=asked');
    expect(body.jobs).toMatchObject([{ status: 'PENDING' }]);
  });

  test('leaves a change of many jobs to go on when Ctrl+C is pressed, and says how to come back', async () => {
    await app.client.post('/jobs', { type: 'echo', payload: {}, queue: 'left' });
    const run = cli.onTerminal(['jobs', 'cancel', '--queue', 'left', '--yes'], 100);
    await run.says(/cancel: waits for a worker/);
    run.child.stdin?.write('\u0003');
    const { code, stdout } = await run.exited;
    expect(code).toBe(130);
    const [, id] = stdout.match(/"roundhouse operations watch (\S+)" comes back to it/) ?? [];
    expect((await app.client.get(`/bulk-operations/${id}`)).body.state).toBe('queued');
    const aborted = await cli.run(['operations', 'abort', id!]);
    expect(aborted).toMatchObject({ code: 0, stdout: `${id}  ends after 0 jobs.\n` });
  });
});
