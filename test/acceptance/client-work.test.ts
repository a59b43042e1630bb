import {
  PermanentFailure,
  RetryLater,
  Roundhouse,
  type Task,
  TaskAbortedError,
} from '../../clients/typescript/src/index.js';
import { eventually } from '../support/eventually.js';
import { type App, startApp } from '../support/start-app.js';
import { type TcpProxy, startTcpProxy } from '../support/tcp-proxy.js';

interface OwnTypes {
  resize: { payload: { width: number }; result: { bytes: number } };
  step: { payload: { n?: number } };
}

describe('a worker made of the TypeScript client', () => {
  let app: App;
  let way: TcpProxy;
  let client: Roundhouse<OwnTypes>;
  const hired: { stop: AbortController; ended: Promise<void> }[] = [];
  const errors: unknown[] = [];
  beforeAll(async () => {
    app = await startApp('typescript client work');
    way = await startTcpProxy(app.api.ready);
    client = new Roundhouse<OwnTypes>({ url: app.api.ready });
    for (const type of ['resize', 'step'])
      await client.request('PUT /job-types/{type}', {
        path: { type },
        body: { description: 'Does a step.', queue: 'steps', backoff: { base_delay: 1, max_delay: 1 } },
      });
  });
  afterEach(async () => {
    way.mend();
    for (const { stop } of hired) stop.abort();
    await Promise.all(hired.splice(0).map(({ ended }) => ended));
    errors.splice(0);
  });
  afterAll(async () => {
    await way?.stop();
    await app?.stop();
  });

  type Run = (task: Task<{ n?: number }>) => unknown;

  function hire(step: Run, options: object = {}, by = client) {
    const stop = new AbortController();
    const ended = by.work({
      queues: ['steps'],
      handlers: { step },
      signal: stop.signal,
      onError: (error) => errors.push(error),
      ...options,
    });
    hired.push({ stop, ended });
    return { stop, ended };
  }

  const outcomes = async (job_id: string) => {
    const { attempts } = await client.request('GET /jobs/{job_id}/attempts', { path: { job_id } });
    return attempts.map(({ outcome }) => outcome);
  };
  /** A handler that ends when it is told to, and tells that it has begun. */
  function byHand() {
    const begun: ((result: string) => void)[] = [];
    return {
      step: () => new Promise((finish) => begun.push(finish)),
      finish: async (run: number, result: string) => (await eventually(() => begun[run]))(result),
      begun,
    };
  }

  const fired = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

  test('does jobs, as many at a time as it may, and tells their results, progress and log lines', async () => {
    let [now, most] = [0, 0];
    const stop = new AbortController();
    const ended = client.work({
      queues: ['steps'],
      concurrency: 2,
      signal: stop.signal,
      handlers: {
        resize: async (task) => {
          most = Math.max(most, (now += 1));
          task.log('begun');
          task.progress(40, 'halfway');
          await eventually(() => most === 2);
          now -= 1;
          return { bytes: task.payload.width * 2 };
        },
      },
    });
    hired.push({ stop, ended });
    const jobs = await Promise.all([1, 2, 3].map((width) => client.jobs.submit('resize', { width })));
    const done = await Promise.all(jobs.map((job) => client.waitFor(job)));
    expect(done.map(({ result }) => result?.bytes)).toEqual([2, 4, 6]);
    expect(most).toBe(2);
    const { logs } = await client.request('GET /jobs/{job_id}/logs', { path: jobs[0]! });
    expect(logs).toMatchObject([{ level: 'info', message: 'begun' }]);
    stop.abort();
    await ended;
  });

  test('runs a job again when it fails, later when it wants to, and no more when there is no use', async () => {
    hire((task) => {
      if (task.payload.n === 0) throw new PermanentFailure('no use');
      if (task.attempt === 1) throw new RangeError('not yet');
      if (task.attempt === 2) throw new RetryLater(0);
      return { attempt: task.attempt };
    });
    const job = await client.jobs.submit('step', {});
    expect((await client.waitFor(job)).result).toEqual({ attempt: 3 });
    expect(await outcomes(job.job_id)).toEqual(['failed', 'snoozed', 'completed']);
    const hopeless = await client.jobs.submit('step', { n: 0 });
    await expect(client.waitFor(hopeless)).rejects.toThrow('no use');
    expect(await outcomes(hopeless.job_id)).toEqual(['failed']);
  });

  const fail = (message: string) => {
    throw new Error(message);
  };
  const runs: [string, Run, RegExp][] = [
    ['a result that is no JSON', () => 1n, /BigInt/],
    ['a result that cannot be stored', () => 'a\ud800', /cannot be told/],
    ['an error that cannot be stored', () => fail('a\ud800'), /cannot be told/],
    [
      'log lines and progress that cannot be told',
      ({ log, progress }) => {
        log('a\ud800');
        progress(Number.NaN);
        progress(1, 'a\ud800');
        fail('after all');
      },
      /after all/,
    ],
  ];

  test.each(runs)('fails a job at once with %s', async (_, run, why) => {
    hire(run);
    const job = await client.jobs.submit('step', {}, { max_attempts: 1 });
    await expect(client.waitFor(job)).rejects.toThrow(why);
    expect(await outcomes(job.job_id)).toEqual(['failed']);
  });

  test('keeps a job for longer than its lease, and gives it up when somebody cancels it', async () => {
    const reasons: unknown[] = [];
    hire(
      async ({ signal }) => {
        signal.addEventListener('abort', () => reasons.push(signal.reason));
        return fired(signal);
      },
      { leaseSeconds: 5 },
    );
    const job = await client.jobs.submit('step', {});
    const before = await app.jobWith('PROCESSING', job.job_id);
    const expiry = async () => {
      const { rows } = await app.database.pool.query(
        'SELECT lease_expires_at AS at FROM jobs WHERE id = $1',
        [job.job_id],
      );
      return rows[0].at as Date;
    };
    const first = await expiry();
    await eventually(async () => (await expiry()) > first);
    await client.jobs.cancel(job);
    await expect(client.waitFor(job)).rejects.toMatchObject({ job: { status: 'CANCELLED' } });
    expect(reasons).toEqual([expect.objectContaining({ why: 'cancelled' })]);
    expect(reasons[0]).toBeInstanceOf(TaskAbortedError);
    expect(await outcomes(job.job_id)).toEqual(['cancelled']);
    expect(before.attempts).toBe(1);
  });

  test('finishes what it has when it is stopped, and takes nothing more', async () => {
    const { step, finish, begun } = byHand();
    const { stop, ended } = hire(step);
    const job = await client.jobs.submit('step', {});
    await eventually(() => begun.length === 1);
    stop.abort();
    const next = await client.jobs.submit('step', {});
    await finish(0, 'done');
    await ended;
    expect((await client.jobs.get(job)).result).toBe('done');
    expect((await client.jobs.get(next)).status).toBe('PENDING');
    await client.jobs.cancel(next);
  });

  test('gives back what takes too long when it is stopped', async () => {
    const { step, begun } = byHand();
    const reasons: unknown[] = [];
    const run: Run = ({ signal }) => {
      signal.addEventListener('abort', () => reasons.push(signal.reason));
      return step();
    };
    const { stop, ended } = hire(run, { grace: 0 });
    const job = await client.jobs.submit('step', {});
    await eventually(() => begun.length === 1);
    stop.abort();
    await ended;
    expect(await outcomes(job.job_id)).toEqual(['released']);
    await client.jobs.cancel(job);
    expect(reasons).toEqual([expect.objectContaining({ why: 'stopping' })]);
    expect(errors).toEqual([]);
  });

  test('lasts while the service is away, and tells the result then', async () => {
    const { step, finish, begun } = byHand();
    let failures = 0;
    const counting: typeof fetch = (input, init) =>
      fetch(input, init).catch((error: unknown) => {
        failures += 1;
        throw error;
      });
    hire(step, {}, new Roundhouse<OwnTypes>({ url: way.url, fetch: counting }));
    const job = await client.jobs.submit('step', {});
    await eventually(() => begun.length === 1);
    way.cut();
    await finish(0, 'kept');
    const next = await client.jobs.submit('step', {});
    await eventually(() => failures > 0);
    way.mend();
    expect((await client.waitFor(job)).result).toBe('kept');
    await finish(1, 'next');
    expect((await client.waitFor(next)).result).toBe('next');
  });

  test('gives a job up that it does not hold any more', async () => {
    const reasons: unknown[] = [];
    const { step, begun } = byHand();
    const run: Run = ({ signal }) => {
      signal.addEventListener('abort', () => reasons.push(signal.reason));
      return Promise.race([step(), fired(signal)]);
    };
    hire(run, { leaseSeconds: 5 });
    const job = await client.jobs.submit('step', {}, { max_attempts: 1 });
    await eventually(() => begun.length === 1);
    await app.database.pool.query(`UPDATE jobs SET lease_expires_at = now() - interval '1 s' WHERE id = $1`, [
      job.job_id,
    ]);
    await eventually(() => reasons.length > 0);
    expect(reasons[0]).toMatchObject({ why: 'lost' });
    await client.jobs.cancel(job).catch(() => undefined);
  });

  test('ends when asking for jobs is refused', async () => {
    const asking = client.work({ queues: ['Not A Queue'], handlers: { step: () => null } });
    await expect(asking).rejects.toMatchObject({ status: 422 });
  });
});
