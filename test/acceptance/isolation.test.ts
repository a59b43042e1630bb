import { eventually } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import { isRunning } from '../support/running-program.js';
import { type App, startApp } from '../support/start-app.js';

/** Processes start in a second on a quiet machine, and in ten on one that is busy with other tests. */
const LONG_MS = 60_000;

describe('a handler with "isolate"', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('isolation', {
      program: FIXTURE_APP,
      environment: {
        WORKER_TIMEOUT: '0.5',
        STALLED_WORKER_TIMEOUT: '5',
        SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
      },
    });
    await app.database.pool.query(
      'CREATE TABLE pids (job_id uuid, attempt integer, pid integer, child integer); CREATE TABLE effects (job_id uuid, attempt integer)',
    );
  }, 3 * LONG_MS);
  afterAll(() => app?.stop());

  const submit = async (payload: object, more: object = {}): Promise<string> =>
    (await app.client.post('/jobs', { type: 'isolated', payload, ...more })).body.job_id;
  const attemptsOf = async (id: string): Promise<any[]> =>
    (await app.client.get(`/jobs/${id}/attempts`)).body.attempts;
  const processOf = (id: string): Promise<{ pid: number; child: number }> =>
    eventually(async () => {
      const { rows } = await app.database.pool.query(
        'SELECT pid, child FROM pids WHERE job_id = $1 ORDER BY attempt DESC LIMIT 1',
        [id],
      );
      return rows[0];
    }, LONG_MS);

  test('runs in another process and has all that a handler has', async () => {
    const spoken = await submit({ act: 'speak' }, { max_attempts: 1 });
    const { result, progress } = await app.jobWith('COMPLETED', spoken, LONG_MS);
    expect(progress).toMatchObject({ percent: 40, message: 'Reading' });
    expect(result).toMatchObject({ isLastAttempt: true, maxAttempts: 1 });
    const { body } = await app.client.get(`/jobs/${spoken}/logs`);
    expect(body.logs).toMatchObject([{ level: 'warn', message: 'from afar' }]);
    await app.jobWith('COMPLETED', result.child, LONG_MS);
    expect((await processOf(spoken)).pid).not.toBe(app.workers[0]!.child.pid);
  });

  test('is not given the key of what is sealed', async () => {
    expect((await app.jobWith('COMPLETED', await submit({ act: 'secretsKey' }), LONG_MS)).result).toBe('');
  });

  test('completes its job in its own transaction, once', async () => {
    const id = await submit({ act: 'write' });
    expect(await app.jobWith('COMPLETED', id, LONG_MS)).toMatchObject({
      result: { written: 1 },
      attempts: 1,
    });
    const { rows } = await app.database.pool.query('SELECT attempt FROM effects WHERE job_id = $1', [id]);
    expect(rows).toEqual([{ attempt: 1 }]);
  });

  test('runs inside the middlewares, in its own process', async () => {
    const done = await submit({ act: 'speak', around: true });
    const { result } = await app.jobWith('COMPLETED', done, LONG_MS);
    expect(result).toMatchObject({ around: (await processOf(done)).pid, result: { maxAttempts: 3 } });
    const failed = await submit({ act: 'fail', around: true }, { max_attempts: 1 });
    const { error_message: message } = await app.jobWith('FAILED', failed, LONG_MS);
    expect(message).toBe(`seen in ${(await processOf(failed)).pid}`);
  });

  test('fails with its own error, and returns what can be stored', async () => {
    const failed = await submit({ act: 'fail' }, { max_attempts: 1 });
    expect(await app.jobWith('FAILED', failed, LONG_MS)).toMatchObject({ error_message: 'no use' });
    expect((await attemptsOf(failed))[0]).toMatchObject({
      outcome: 'failed',
      error: { name: 'RangeError', stack: expect.stringContaining('isolated') },
    });
    const odd = await submit({ act: 'odd' });
    expect(await app.jobWith('COMPLETED', odd, LONG_MS)).toMatchObject({
      result: { when: '1970-01-01T00:00:00.000Z', big: 'a\ufffdb' },
    });
  });

  test('is killed when it does not end in time, be it a busy loop, with all that it has started', async () => {
    const id = await submit({ act: 'family' }, { timeout: 1, max_attempts: 1 });
    expect(await app.jobWith('FAILED', id, LONG_MS)).toMatchObject({ attempts: 1 });
    expect(await attemptsOf(id)).toMatchObject([{ outcome: 'timed_out' }]);
    const { pid, child } = await processOf(id);
    await eventually(() => !isRunning(pid) && !isRunning(child));
    expect(app.workers[0]!.output()).not.toContain('ignored its abort signal');
  });

  test('is killed when its job is cancelled', async () => {
    const id = await submit({ act: 'spin' });
    const { pid } = await processOf(id);
    await app.client.post(`/jobs/${id}/cancel`);
    await app.jobWith('CANCELLED', id, LONG_MS);
    await eventually(() => !isRunning(pid));
  });

  test('hears its signal', async () => {
    const id = await submit({ act: 'wait' });
    await processOf(id);
    await app.client.post(`/jobs/${id}/cancel`);
    await app.jobWith('CANCELLED', id, LONG_MS);
    const { rows } = await app.database.pool.query(
      'SELECT extract(epoch FROM finished_at - cancel_requested_at)::float8 AS seconds FROM jobs WHERE id = $1',
      [id],
    );
    expect(rows[0].seconds).toBeLessThan(4);
  });

  test.each([
    ['die', /^The process of this attempt was killed by SIGKILL$/],
    ['exit', /^The process of this attempt ended with exit code 3$/],
    ['stray', /^The process of this attempt ended with exit code 1: RangeError: nobody catches this$/],
    ['hoard', /^The process of this attempt ran out of its 128 MiB of memory/],
    ['buffers', /^The process of this attempt ran out of its 128 MiB of memory and was killed$/],
  ])('whose process dies of itself (%s) is interrupted, and its job runs again', async (act, reason) => {
    const id = await submit({ act, times: 1 }, { max_attempts: 1 });
    expect(await app.jobWith('COMPLETED', id, LONG_MS)).toMatchObject({ attempts: 2, max_attempts: 2 });
    expect(await attemptsOf(id)).toMatchObject([
      { outcome: 'interrupted', error: { message: expect.stringMatching(reason) } },
      { outcome: 'completed' },
    ]);
  });

  test('whose process dies three times is FAILED and says why', async () => {
    const id = await submit({ act: 'die' });
    const failed = await app.jobWith('FAILED', id, LONG_MS);
    expect(failed).toMatchObject({
      attempts: 3,
      error_message:
        'Lost 3 times while running alone, so it is not started again by itself. The last time: The process of this attempt was killed by SIGKILL',
    });
    expect((await attemptsOf(id)).map(({ outcome }) => outcome)).toEqual(Array(3).fill('interrupted'));
  });

  test('is told to end when its worker stops, and is given back', async () => {
    const spinning = await submit({ act: 'spin', times: 1 });
    const waiting = await submit({ act: 'wait', times: 1 });
    const pids = await Promise.all([spinning, waiting].map(async (id) => (await processOf(id)).pid));
    expect(await app.workers[0]!.stop()).toBe(0);
    await eventually(() => !pids.some(isRunning));
    await app.addWorker();
    for (const id of [spinning, waiting]) {
      await app.jobWith('COMPLETED', id, LONG_MS);
      expect((await attemptsOf(id)).map(({ outcome }) => outcome)).toEqual(['released', 'completed']);
    }
  });

  test('does not outlive its worker, nor is that held against its job', async () => {
    const id = await submit({ act: 'spin', times: 1 });
    const { pid } = await processOf(id);
    await app.workers.at(-1)!.stop('SIGKILL');
    await eventually(() => !isRunning(pid));
    await app.addWorker();
    await app.jobWith('COMPLETED', id, LONG_MS);
    const { rows } = await app.database.pool.query(
      'SELECT interruptions, interruptions_alone FROM jobs WHERE id = $1',
      [id],
    );
    expect(rows).toEqual([{ interruptions: 1, interruptions_alone: 0 }]);
  });
});
