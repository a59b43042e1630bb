import { SOON_MS } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

describe('the attempts of a job', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('attempts', { program: FIXTURE_APP, environment: { WORKER_CONCURRENCY: '20' } });
  });
  afterAll(() => app?.stop());

  const submit = async (job: object): Promise<string> => (await app.client.post('/jobs', job)).body.job_id;
  const attemptsOf = async (id: string) => (await app.client.get(`/jobs/${id}/attempts`)).body.attempts;
  const outcomesOf = async (id: string) => (await attemptsOf(id)).map((attempt: any) => attempt.outcome);
  /** The waits (ms) between the end of an attempt and the start of the next. */
  const waitsOf = async (id: string): Promise<number[]> => {
    const attempts = await attemptsOf(id);
    return attempts
      .slice(1)
      .map((next: any, index: number) => Date.parse(next.started_at) - Date.parse(attempts[index].ended_at));
  };

  test('follow each other after exactly base × 2^(k−2), at most max, when there is no jitter', async () => {
    const job = {
      type: 'fail',
      payload: { times: 4 },
      max_attempts: 5,
      backoff: { base_delay: 0.2, max_delay: 0.5, jitter: 0 },
    };
    const ids = await Promise.all(Array.from({ length: 5 }, () => submit(job)));
    for (const id of ids) {
      const done = await app.jobWith('COMPLETED', id);
      expect(done).toMatchObject({
        attempts: 5,
        max_attempts: 5,
        error_message: null,
        result: { attempt: 5, isLastAttempt: true },
      });
      expect(await outcomesOf(id)).toEqual(['failed', 'failed', 'failed', 'failed', 'completed']);
    }
    const all = await Promise.all(ids.map(waitsOf));
    for (const [index, wait] of [200, 400, 500, 500].entries()) {
      const waits = all.map((one) => one[index]!);
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(wait);
      expect(Math.min(...waits)).toBeLessThan(wait + SOON_MS);
    }
  });

  test('wait by 003’s formula when the job asks for it', async () => {
    const id = await submit({
      type: 'fail',
      payload: { times: 2 },
      retry: { max_attempts: 3, wait: 0.1, linear_wait: 0.2, exponential_wait: 0.5 },
    });
    await app.jobWith('COMPLETED', id);
    const [first, second] = await waitsOf(id);
    expect(first).toBeGreaterThanOrEqual(100 + 200 + 500);
    expect(second).toBeGreaterThanOrEqual(100 + 400 + 250);
  });

  test('end with the job FAILED when the budget is spent, and the last error is told', async () => {
    const id = await submit({
      type: 'fail',
      payload: {},
      max_attempts: 2,
      backoff: { base_delay: 0, jitter: 0 },
    });
    const failed = await app.jobWith('FAILED', id);
    expect(failed).toMatchObject({ attempts: 2, max_attempts: 2, error_message: 'failure 2', result: null });
    expect(failed.finished_at).not.toBeNull();
    expect(await attemptsOf(id)).toMatchObject([
      { number: 1, outcome: 'failed', error: { name: 'RangeError', message: 'failure 1' } },
      { number: 2, outcome: 'failed', error: { stack: expect.stringContaining('FailHandler') } },
    ]);
  });

  test('time out, also when the handler ignores its signal, and the next one succeeds', async () => {
    const late = { type: 'sleep', timeout: 1, backoff: { base_delay: 0, jitter: 0 } };
    const heeding = await submit({ ...late, payload: { ms: 60_000, times: 1 } });
    const ignoring = await submit({ ...late, payload: { ms: 8_000, times: 1, ignore: true } });
    const durationOf = async (id: string) => {
      const [first] = await attemptsOf(id);
      expect(first).toMatchObject({ outcome: 'timed_out', error: { name: 'TimeoutError' } });
      return Date.parse(first.ended_at) - Date.parse(first.started_at);
    };
    expect(await app.jobWith('COMPLETED', heeding)).toMatchObject({ attempts: 2, result: { attempt: 2 } });
    expect(await durationOf(heeding)).toBeLessThan(SOON_MS);
    expect(await app.jobWith('COMPLETED', ignoring)).toMatchObject({ attempts: 2, result: { attempt: 2 } });
    expect(await durationOf(ignoring)).toBeGreaterThanOrEqual(6_000);
    await app.workers[0]!.says('ignored its abort signal');
  });

  test('keep results and errors that are hard to keep', async () => {
    const whatIs = async (what: string, status: string) =>
      app.jobWith(status, await submit({ type: 'return', payload: { what } }));
    expect(await whatIs('nul', 'COMPLETED')).toMatchObject({ result: { text: 'a\ufffdb', half: '\ufffd' } });
    expect(await whatIs('large', 'COMPLETED')).toMatchObject({
      result: { truncated: true, bytes: 300 * 1024 + 2 },
    });
    expect(await whatIs('bigint', 'COMPLETED')).toMatchObject({ result: { unserializable: true } });
    expect(await whatIs('nothing', 'COMPLETED')).toMatchObject({ result: null });
    expect(await whatIs('nullError', 'FAILED')).toMatchObject({
      error_message: 'The handler threw a value that is not an error: null',
    });
    expect(await whatIs('nulError', 'FAILED')).toMatchObject({ error_message: 'a\ufffdb' });
    expect(await whatIs('secretError', 'FAILED')).toMatchObject({ error_message: 'Request failed' });
    const { rows } = await app.database.pool.query(
      `SELECT FROM jobs j LEFT JOIN job_events e ON e.job_id = j.id WHERE j::text LIKE '%CANARY%' OR e::text LIKE '%CANARY%'`,
    );
    expect(rows).toHaveLength(0);
    expect([app.api, ...app.workers].map((process) => process.output()).join()).not.toContain('CANARY');
  });

  test('start within 100 ms of their time', async () => {
    const at = new Date(Date.now() + 1_500).toISOString();
    const ids = await Promise.all(
      [0, 3, 6, 40, 80].map((ms) =>
        submit({ payload: {}, scheduled_at: new Date(Date.parse(at) + ms).toISOString() }),
      ),
    );
    const jobs = await Promise.all(ids.map((id) => app.jobWith('COMPLETED', id)));
    const delays = jobs.map((job) => Date.parse(job.started_at) - Date.parse(job.scheduled_at));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeLessThan(SOON_MS);
  });

  test('start within a second also in a queue that nobody has heard of', async () => {
    const id = await submit({ payload: {}, queue: 'never-seen.before' });
    const job = await app.jobWith('COMPLETED', id, 5_000);
    expect(Date.parse(job.started_at) - Date.parse(job.created_at)).toBeLessThan(SOON_MS);
  });
});
