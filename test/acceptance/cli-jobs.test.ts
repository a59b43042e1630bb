import { Cli, documentOf, linesOf } from '../support/cli.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

describe('roundhouse on a running service', () => {
  let app: App;
  let cli: Cli;
  beforeAll(async () => {
    app = await startApp('cli jobs', { program: FIXTURE_APP });
    cli = new Cli(app.api.ready);
  });
  afterAll(() => app?.stop());

  const submit = async (...args: string[]) => {
    const { code, stdout, stderr } = await cli.run(['submit', ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout.trim();
  };

  describe('submit', () => {
    test('prints the id of the job, with all that options say of it', async () => {
      const id = await submit(
        ...['echo', '{"n": 1}', '--queue', 'later', '--priority', '3', '--tags', 'a,b', '--in', '2h'],
        ...[
          '--max-attempts',
          '2',
          '--job-timeout',
          '7',
          '--lock',
          'l',
          '--limit-key',
          'k',
          '--idempotency-key',
          'i1',
        ],
      );
      const { body } = await app.client.get(`/jobs/${id}`);
      expect(body).toMatchObject({
        type: 'echo',
        payload: { n: 1 },
        queue_name: 'later',
        priority: 3,
        tags: ['a', 'b'],
        max_attempts: 2,
        lock: 'l',
        limit_key: 'k',
        idempotency_key: 'i1',
      });
      const wait = Date.parse(body.scheduled_at) - Date.parse(body.created_at);
      expect(wait / 1000).toBeCloseTo(7_200, -1);
      expect(
        await submit(
          'echo',
          '{"n": 1}',
          '--queue',
          'later',
          '--priority',
          '3',
          '--tags',
          'a,b',
          '--in',
          '2h',
          '--max-attempts',
          '2',
          '--job-timeout',
          '7',
          '--lock',
          'l',
          '--limit-key',
          'k',
          '--idempotency-key',
          'i1',
        ),
      ).toBe(id);
      const child = await submit('echo', '--depends-on', id);
      expect((await app.client.get(`/jobs/${child}`)).body.depends_on).toEqual([id]);
    });

    test('reads the payload from standard input', async () => {
      const { stdout } = await cli.run(['submit', 'echo', '-'], '{"from": "a pipe"}');
      const { body } = await app.client.get(`/jobs/${stdout.trim()}`);
      expect(body.payload).toEqual({ from: 'a pipe' });
    });

    test('waits for the result, and prints it', async () => {
      const outcome = await cli.run(['submit', 'echo', '{"n": 2}', '--wait', '30']);
      expect(outcome).toMatchObject({ code: 0, stderr: '' });
      expect(documentOf(outcome)).toEqual({ n: 2 });
    });

    test('tells by its exit code that the job has failed, or has not ended in time', async () => {
      const failed = await cli.run(['submit', 'fail', '{}', '--max-attempts', '1', '--wait', '30']);
      expect(failed).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/is FAILED: failure 1\n$/),
      });
      const late = await cli.run(['submit', 'echo', '{}', '--in', '1h', '--wait', '1']);
      expect(late).toMatchObject({ code: 124, stderr: expect.stringMatching(/is PENDING\n$/) });
    });

    test.each([
      [['echo', '{n: 1}'], 65, /^The payload is not JSON: .*single quotes.*\n$/],
      [['echo', '@/no/such/file'], 65, /^\/no\/such\/file cannot be read: ENOENT/],
      [['echo', '[1]'], 1, /payload/],
      [['ecoh', '{}'], 1, /Did you mean "echo"\?/],
      [
        ['echo', '{}', '--in', 'soon'],
        2,
        /^--in takes a duration such as 90, 90s, 5min, 2h or 1d, not "soon"\.\n$/,
      ],
      [
        ['echo', '{}', '--priority', 'high'],
        2,
        /^--priority takes a whole number from 1 on, not "high"\.\n$/,
      ],
      [[], 2, /^Say the type of the job/],
    ])('refuses %j in a sentence', async (args, code, sentence) => {
      const outcome = await cli.run(['submit', ...args]);
      expect(outcome).toEqual({ code, stdout: '', stderr: expect.stringMatching(sentence) });
    });
  });

  test('jobs list shows what fits, and goes from page to page', async () => {
    const ids = [];
    for (let n = 0; n < 5; n++)
      ids.unshift(await submit('echo', `{"n": ${n}}`, '--queue', 'paged', '--tags', 'mine'));
    const { stdout } = await cli.run(['jobs', 'list', '--queue', 'paged']);
    expect(stdout).toMatch(/^ID +TYPE +QUEUE +STATUS +TRIES +AGE +ERROR\n/);
    expect(stdout.match(/^\S{36}/gm)).toEqual(ids);

    const page = documentOf(await cli.run(['jobs', 'list', '--queue', 'paged', '--limit', '2', '--json']));
    expect(page).toEqual((await app.client.get('/jobs?queue=paged&limit=2')).body);
    const next = await cli.run([
      'jobs',
      'list',
      '--queue',
      'paged',
      '--limit',
      '2',
      '--cursor',
      page.next_cursor,
    ]);
    expect(next.stdout.match(/^\S{36}/gm)).toEqual(ids.slice(2, 4));
    expect(next.stderr).toMatch(/^There may be more: --all shows all, --cursor \S+ the next ones\.\n$/);
    const all = await cli.run(['jobs', 'list', '--tag', 'mine', '--limit', '2', '--all', '--json']);
    expect(linesOf(all).map(({ job_id }) => job_id)).toEqual(ids);
    const found = await cli.run(['jobs', 'list', '--queue', 'paged', '--search', 'payload.n:3']);
    expect(found.stdout.match(/^\S{36}/gm)).toEqual([ids[1]]);
    expect(await cli.run(['jobs', 'list', '--queue', 'nothing-here'])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'There are no such jobs.\n',
    });
  });

  test('jobs show, events, logs and explain tell about one job', async () => {
    const id = await submit('fail', '{"times": 9}', '--max-attempts', '1');
    await app.jobWith('FAILED', id);
    const shown = await cli.run(['jobs', 'show', id]);
    expect(shown.stdout).toMatch(/^status +FAILED$/m);
    expect(shown.stdout).toMatch(/^error +failure 1$/m);
    expect(shown.stdout).toMatch(/^ +1  \S+ +\d+ ms  failed +RangeError: failure 1$/m);
    expect(documentOf(await cli.run(['jobs', 'show', id, '--json']))).toEqual(
      (await app.client.get(`/jobs/${id}`)).body,
    );
    const events = await cli.run(['jobs', 'events', id]);
    expect(events.stdout.match(/submitted|started|failed/g)).toEqual(['submitted', 'started', 'failed']);
    expect((await cli.run(['jobs', 'explain', id])).stdout).toMatch(/^finished: \w/);
    const speaker = await submit('speak', '{"lines": 2}', '--wait', '30').catch(() => '');
    expect(speaker).toBe('null');
    const [job] = documentOf(await cli.run(['jobs', 'list', '--type', 'speak', '--json'])).jobs;
    const logs = await cli.run(['jobs', 'logs', job.job_id]);
    expect(logs.stdout).toMatch(/^[\d:.]{12}  info   plain\n[\d:.]{12}  warn   a/);
    expect((await cli.run(['jobs', 'logs', job.job_id, '--follow'])).stdout).toBe(logs.stdout);
  });

  test('jobs cancel, retry and run-now mean the jobs that are named, and go on after one that is refused', async () => {
    const [one, other] = [await submit('echo', '--in', '1h'), await submit('echo', '--in', '1h')];
    const none = '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55';
    const cancelled = await cli.run(['jobs', 'cancel', one, none, other]);
    expect(cancelled.code).toBe(1);
    expect(cancelled.stdout).toBe(`${one}  is cancelled.\n${other}  is cancelled.\n`);
    expect(cancelled.stderr).toMatch(new RegExp(`^${none}: .+\n$`));
    const again = await cli.run(['jobs', 'run-now', one]);
    expect(again).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/CANCELLED/) });
    const retried = await cli.run(['jobs', 'retry', one, other, '--json']);
    expect(linesOf(retried).map(({ job_id }) => job_id)).toEqual([one, other]);
    await app.jobWith('COMPLETED', one);
    const scheduled = await submit('echo', '--in', '1h');
    expect((await cli.run(['jobs', 'run-now', scheduled])).code).toBe(0);
    await app.jobWith('COMPLETED', scheduled);
  });

  test('jobs cancel means all that fit, when somebody has agreed', async () => {
    for (let n = 0; n < 3; n++) await submit('echo', '--queue', 'many', '--in', '1h');
    const filter = ['--queue', 'many', '--status', 'pending'];
    expect(await cli.run(['jobs', 'cancel', ...filter, '--dry-run'])).toMatchObject({
      code: 0,
      stdout: 'This would cancel 3 jobs.\n',
    });
    expect(await cli.run(['jobs', 'cancel', ...filter])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'Cancel 3 jobs? Say so with --yes: there is nobody to ask.\n',
    });
    const done = await cli.run(['jobs', 'cancel', ...filter, '--yes']);
    expect(done).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^Operation \S+ completed: cancel: 3 of 3\.\n$/),
    });
    const ended = documentOf(
      await cli.run([
        'jobs',
        'retry',
        '--queue',
        'many',
        '--status',
        'cancelled',
        '--limit',
        '2',
        '--yes',
        '--json',
      ]),
    );
    expect(ended).toMatchObject({ action: 'retry', state: 'completed', done: 2 });
    const listed = await cli.run(['operations', 'list']);
    expect(listed.stdout).toContain(ended.operation_id);
    expect((await cli.run(['operations', 'watch', ended.operation_id])).code).toBe(0);
    expect((await cli.run(['operations', 'abort', ended.operation_id])).stderr).toMatch(/ended|completed/);
  });

  test('dead-letters list, groups, redrive and discard what failed for good', async () => {
    const ids = [];
    for (let n = 0; n < 3; n++)
      ids.push(await submit('fail', '{}', '--max-attempts', '1', '--queue', 'dead'));
    for (const id of ids) await app.jobWith('FAILED', id);
    const listed = documentOf(await cli.run(['dead-letters', 'list', '--queue', 'dead', '--json']));
    expect(listed.dead_letters).toHaveLength(3);
    expect((await cli.run(['dead-letters', 'groups'])).stdout).toContain(listed.dead_letters[0].fingerprint);
    expect((await cli.run(['dead-letters', 'show', ids[0]!])).stdout).toMatch(/^status +FAILED$/m);
    expect((await cli.run(['dead-letters', 'discard', ids[0]!])).stdout).toBe(`${ids[0]}  is deleted.\n`);
    const redriven = await cli.run(['dead-letters', 'redrive', '--queue', 'dead', '--yes', '--json']);
    expect(documentOf(redriven)).toMatchObject({ state: 'completed', done: 2 });
    for (const id of ids.slice(1)) await app.jobWith('FAILED', id);
    const discarded = await cli.run(['dead-letters', 'discard', '--queue', 'dead', '--yes']);
    expect(discarded).toMatchObject({ code: 0, stdout: expect.stringContaining('discard: 2 of 2') });
    expect((await cli.run(['dead-letters', 'redrive'])).code).toBe(2);
  });

  test('queues list, show, pause, resume and limits', async () => {
    await submit('echo', '--queue', 'letters', '--in', '1h');
    expect((await cli.run(['queues', 'list'])).stdout).toMatch(/^letters +open +1 +0 +0 /m);
    const paused = await cli.run([
      'queues',
      'pause',
      'letters',
      '--reason',
      'no stamps',
      '--until',
      '2030-01-31T15:00:00Z',
    ]);
    expect(paused.stdout).toMatch(
      /^letters is paused \d+ s ago until 2030-01-31T15:00:00.000Z by \S+: no stamps\.\n$/,
    );
    expect((await cli.run(['queues', 'show', 'letters'])).stdout).toMatch(/^state +paused .*no stamps$/m);
    expect((await cli.run(['queues', 'resume', 'letters'])).stdout).toBe(
      'letters is open, with 1 job waiting.\n',
    );
    const limited = await cli.run([
      'queues',
      'limits',
      'letters',
      '--rate',
      '100/minute',
      '--concurrency',
      '5',
      '--key-concurrency',
      '1',
    ]);
    expect(limited.stdout).toBe('letters: 100/minute, 5 at once; of each key 1 at once.\n');
    expect((await cli.run(['queues', 'limits', 'letters'])).stdout).toBe(limited.stdout);
    expect((await cli.run(['queues', 'limits', 'letters', '--none'])).stdout).toBe('letters: no limits.\n');
    expect(await cli.run(['queues', 'limits', 'letters', '--rate', 'often'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/rate/),
    });
    const answer = (await app.client.get('/queues/letters')).body;
    expect(documentOf(await cli.run(['queues', 'show', 'letters', '--json']))).toMatchObject({
      name: answer.name,
      limits: null,
    });
  });

  test('schedules create, list, show, preview, pause, resume, run and delete', async () => {
    const created = await cli.run([
      'schedules',
      'create',
      'nightly',
      '--cron',
      '30 2 * * *',
      '--timezone',
      'Europe/Berlin',
      '--type',
      'echo',
      '--payload',
      '{"n": 1}',
    ]);
    expect(created).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^nightly fires next at \S+Z\.\n$/),
    });
    expect((await cli.run(['schedules', 'list'])).stdout).toMatch(
      /^nightly +active +30 2 \* \* \* +Europe\/Berlin +echo +in /m,
    );
    expect(
      (await cli.run(['schedules', 'preview', 'nightly', '--count', '3'])).stdout.split('\n'),
    ).toHaveLength(5);
    const preview = documentOf(
      await cli.run(['schedules', 'preview', '--cron', '0 0 1 1 *', '--count', '1', '--json']),
    );
    expect(preview.occurrences).toHaveLength(1);
    expect((await cli.run(['schedules', 'pause', 'nightly', '--reason', 'holiday'])).stdout).toMatch(
      /^nightly is paused .*: holiday\.\n$/,
    );
    expect((await cli.run(['schedules', 'resume', 'nightly'])).code).toBe(0);
    const { stdout } = await cli.run(['schedules', 'run', 'nightly']);
    expect(await app.jobWith('COMPLETED', stdout.trim())).toMatchObject({ result: { n: 1 } });
    expect((await cli.run(['schedules', 'show', 'nightly'])).stdout).toMatch(/^cron +30 2 \* \* \*$/m);
    expect((await cli.run(['schedules', 'delete', 'nightly'])).code).toBe(2);
    expect((await cli.run(['schedules', 'delete', 'nightly', '--yes'])).stdout).toBe('nightly is deleted.\n');
    expect((await cli.run(['schedules', 'show', 'nightly'])).code).toBe(1);
  });

  test('workflows list, show, cancel and retry', async () => {
    const { body } = await app.client.post('/workflows', {
      name: 'two',
      jobs: [
        { ref: 'first', type: 'echo', payload: {}, schedule_in: 3_600 },
        { ref: 'second', type: 'echo', payload: {}, depends_on: ['first'] },
      ],
    });
    const id = body.workflow_id;
    expect((await cli.run(['workflows', 'list', '--status', 'RUNNING'])).stdout).toContain(id);
    const shown = await cli.run(['workflows', 'show', id]);
    expect(shown.stdout).toMatch(/^second +\S{36} +echo +BLOCKED +first +-$/m);
    expect((await cli.run(['workflows', 'cancel', id])).stdout).toMatch(
      new RegExp(`^${id}  is CANCELLED\\. Jobs: \\d done`),
    );
    expect((await cli.run(['workflows', 'retry', id])).code).toBe(0);
    expect(await cli.run(['workflows', 'list', '--status', 'done'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^--status takes RUNNING, /),
    });
  });

  test('workers list, and drain', async () => {
    const { workers } = documentOf(await cli.run(['workers', 'list', '--json']));
    const { id } = workers.find(({ state }: { state: string }) => state === 'running');
    expect((await cli.run(['workers', 'list'])).stdout).toMatch(new RegExp(`^${id} +running +0/10 `, 'm'));
    await app.addWorker();
    const drained = await cli.run(['workers', 'drain', id]);
    expect(drained).toMatchObject({ code: 0, stdout: `${id}  drains: 0 jobs to finish first.\n` });
  });
});
