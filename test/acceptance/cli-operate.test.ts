import { Cli, documentOf, linesOf } from '../support/cli.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

describe('roundhouse for those who run the service', () => {
  let app: App;
  let cli: Cli;
  beforeAll(async () => {
    app = await startApp('cli operate', { program: FIXTURE_APP });
    cli = new Cli(app.api.ready);
    await app.client.post('/jobs', { type: 'echo', payload: {}, queue: 'letters', schedule_in: 3_600 });
  });
  afterAll(() => app?.stop());

  test('audit-log shows who did what, and all of it for a copy', async () => {
    await cli.run(['queues', 'pause', 'letters', '--reason', 'no \u001b[2Jstamps']);
    await cli.run(['queues', 'resume', 'letters']);
    const { code, stdout } = await cli.run(['audit-log', '--queue', 'letters']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +WHEN +WHO +DID +TO/);
    const [resumed, paused] = stdout.trimEnd().split('\n').slice(1);
    expect(resumed).toMatch(/ ago +anonymous +queue\.resume +letters /);
    expect(paused).toMatch(/ ago +anonymous +queue\.pause +letters .*"is_paused":true/);
    expect(stdout).not.toContain('\u001b');
    const of = ['--action', 'queue.pause', '--subject-type', 'queue', '--subject-id', 'letters'];
    const one = await cli.run(['audit-log', ...of, '--actor', 'anonymous', '--all', '--json']);
    expect(linesOf(one)).toMatchObject([{ action: 'queue.pause', after: { is_paused: true } }]);
    const before = ['audit-log', '--from', '2020-01-01T00:00:00Z', '--to', '2020-01-02T00:00:00Z'];
    expect(await cli.run(before)).toMatchObject({
      code: 0,
      stderr: 'The audit log holds no such records.\n',
    });
    expect(await cli.run(['audit-log', '--action', 'queue.paws'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('action'),
    });
  });

  test('workers needed reckons them, for all queues or for some', async () => {
    const { code, stdout } = await cli.run(['workers', 'needed']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^letters +[\d.]+ +\S+ +0 +0 +0 /m);
    expect(stdout).toMatch(/^Workers needed: 1 \(0 slots at 10 a worker\)\. Workers there are: 1\.$/m);
    const some = await cli.run(
      'workers needed --queues letters --slots 5 --min 3 --max 4 --target 0.5 --json'.split(' '),
    );
    expect(documentOf(some)).toMatchObject({
      desired_workers: 3,
      slots_per_worker: 5,
      queues: [{ name: 'letters' }],
    });
    expect(await cli.run(['workers', 'needed', '--min', 'few'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('min'),
    });
  });

  test('queues objective sets how soon jobs are to start, and shows how that is kept', async () => {
    const objective = ['queues', 'objective', 'letters'];
    expect((await cli.run(objective)).stdout).toBe('letters: no objective.\n');
    const set = await cli.run([...objective, '--within', '10', '--target', '0.95']);
    expect(set).toMatchObject({ code: 0, stdout: 'letters: 95 % start within 10 s.\n' });
    expect((await app.client.get('/queues/letters')).body.objective).toMatchObject({
      start_within: 10,
      target: 0.95,
    });
    const started = await cli.run(['submit', 'echo', '--queue', 'letters', '--wait', '30']);
    expect(started.code).toBe(0);
    expect((await cli.run(objective)).stdout).toBe(
      'letters: 95 % start within 10 s, 100 % of 1 did in the last hour, 100 % of 1 did in three days.\n',
    );
    expect((await cli.run(['queues', 'show', 'letters'])).stdout).toMatch(
      /^objective +95 % start within 10 s/m,
    );
    expect((await cli.run(['queues', 'list'])).stdout).toMatch(/^QUEUE .* LATE /);
    expect((await cli.run([...objective, '--none'])).stdout).toBe('letters: no objective.\n');
  });

  test.each([
    [['--within', '10'], 'An objective needs both, as in: --within 10 --target 0.95\n'],
    [['--within', 'soon', '--target', '1'], '--within takes a number, not "soon".\n'],
    [['--none', '--target', '1'], '--none takes the objective away: leave the others out.\n'],
  ])('queues objective %j says what is wrong with it', async (options, stderr) => {
    expect(await cli.run(['queues', 'objective', 'letters', ...options])).toMatchObject({ code: 2, stderr });
  });

  test('dead-letters resolve, ignore and reopen causes of failures', async () => {
    const { body } = await app.client.post('/jobs', { type: 'fail', payload: {}, max_attempts: 1 });
    await app.jobWith('FAILED', body.job_id);
    const [group] = documentOf(await cli.run(['dead-letters', 'groups', '--json'])).groups;
    for (const [action, state] of [
      ['resolve', 'resolved'],
      ['ignore', 'ignored'],
      ['reopen', 'open'],
    ]) {
      const { code, stdout } = await cli.run(['dead-letters', action!, group.fingerprint]);
      expect({ code, stdout }).toEqual({ code: 0, stdout: `${group.fingerprint} is ${state}.\n` });
      const listed = await cli.run(['dead-letters', 'groups', '--state', state!]);
      expect(listed.stdout).toContain(group.fingerprint);
    }
    const both = await cli.run(['dead-letters', 'resolve', '0'.repeat(16), group.fingerprint]);
    expect(both).toMatchObject({ code: 1, stdout: `${group.fingerprint} is resolved.\n` });
    expect(both.stderr).toContain('0'.repeat(16));
  });
});
