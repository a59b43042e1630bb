import { stripVTControlCharacters } from 'node:util';
import { eventually } from '../support/eventually.js';
import { type JokesServer, startJokesServer } from '../support/jokes-server.js';
import { FIXTURE_APP, type ProductProcess } from '../support/product.js';
import { RunningProgram } from '../support/running-program.js';
import { type App, startApp } from '../support/start-app.js';

const INFO = 30;
const WARN = 40;

/** The lines of a process's log; whatever is no JSON fails the test. */
function linesOf({ output }: ProductProcess): Record<string, any>[] {
  return output()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

describe('the lines that operators search for', () => {
  let app: App;
  let api: JokesServer;
  beforeAll(async () => {
    api = await startJokesServer();
    app = await startApp('logs', {
      program: FIXTURE_APP,
      environment: {
        API_BASE_URL: api.url,
        RETRY_BASE_DELAY: '0.01',
        RETRY_JITTER: '0',
        WORKER_TIMEOUT: '0.5',
      },
    });
  });
  afterAll(async () => {
    await app?.stop();
    await api?.stop();
  });

  const submit = async (job: object): Promise<string> => {
    const { status, body } = await app.client.post('/jobs', { payload: {}, ...job });
    expect(status).toBe(201);
    return body.job_id;
  };
  /** Resolves with the one line of this message. */
  const line = (process: ProductProcess, message: string) =>
    eventually(() => {
      const found = linesOf(process).filter(({ msg }) => msg === message);
      if (found.length !== 1) throw new Error(`${found.length} lines say "${message}":\n${process.output()}`);
      return found[0]!;
    });
  const worker = () => app.workers[0]!;

  test('Worker started', async () => {
    expect(await line(worker(), 'Worker started')).toEqual({
      level: INFO,
      time: expect.any(Number),
      role: 'worker',
      pid: worker().child.pid,
      context: 'Worker',
      msg: 'Worker started',
    });
  });

  test('Fetching joke, API timeout and Successfully cached joke, with the job and its attempt beside them', async () => {
    api.mode = 'hang';
    const id = await submit({ type: 'fetch-joke', max_attempts: 2 });
    const about = { job_id: id, job_type: 'fetch_and_cache_joke' };
    expect(await line(worker(), `Job ${id}: Fetching joke (attempt 1/2)`)).toMatchObject({
      ...about,
      attempt: 1,
      level: INFO,
    });
    expect(await line(worker(), `Job ${id}: API timeout on attempt 1`)).toMatchObject({
      ...about,
      attempt: 1,
      level: WARN,
    });
    api.mode = 'ok';
    expect(await line(worker(), `Job ${id}: Fetching joke (attempt 2/2)`)).toMatchObject({ attempt: 2 });
    expect(await line(worker(), `Job ${id}: Successfully cached joke`)).toMatchObject({
      ...about,
      attempt: 2,
      level: INFO,
    });
  });

  test('Health check passed: Database connection OK', async () => {
    const id = await submit({ type: 'health_check_task' });
    expect(await line(worker(), 'Health check passed: Database connection OK')).toMatchObject({
      level: INFO,
      job_id: id,
    });
  });

  test('why an attempt failed, by the name of the error alone', async () => {
    const id = await submit({ type: 'fail_as', payload: { name: 'PaperError', message: 'CANARY-error' } });
    const words = `Job ${id}: attempt 1 has failed (PaperError), the job is FAILED`;
    expect(await line(worker(), words)).toMatchObject({ level: WARN, job_id: id, attempt: 1 });
  });

  test('Found … stalled jobs and Successfully retried stalled job', async () => {
    const victim = await app.addWorker({ WORKER_QUEUES: 'doomed' });
    const others = app.workers.filter((each) => each !== victim);
    for (const other of others.splice(0)) {
      expect(await other.stop()).toBe(0);
      expect((await line(other, 'Graceful shutdown completed - all jobs finished')).level).toBe(INFO);
      app.workers.splice(app.workers.indexOf(other), 1);
    }
    const id = await submit({ type: 'sleep', queue: 'doomed', payload: { ms: 600_000, times: 1 } });
    await app.jobWith('PROCESSING', id);
    await victim.stop('SIGKILL');
    const survivor = await app.addWorker();
    expect(await line(survivor, 'Found 1 stalled jobs, retrying...')).toMatchObject({ level: WARN });
    expect(await line(survivor, `Successfully retried stalled job ${id}`)).toMatchObject({ level: INFO });
    await app.jobWith('COMPLETED', id);
  });

  test('Worker shutdown timeout', async () => {
    const last = app.workers.at(-1)!;
    const id = await submit({ type: 'sleep', payload: { ms: 600_000, times: 1 } });
    await app.jobWith('PROCESSING', id);
    expect(await last.stop()).toBe(0);
    const words = 'Worker shutdown timeout after 0.5s - 1 jobs returned to the queue';
    expect(await line(last, words)).toMatchObject({ level: WARN, role: 'worker' });
  });
});

describe('the log at its most talkative', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('trace log', { program: FIXTURE_APP, environment: { LOG_LEVEL: 'trace' } });
  });
  afterAll(() => app?.stop());

  test('leads from the request to the job and from there to each attempt', async () => {
    const { body, headers } = await app.client.post('/jobs', {
      type: 'fail',
      payload: { times: 1 },
      retry: { max_attempts: 2, wait: 0 },
    });
    await app.jobWith('COMPLETED', body.job_id);
    const accepted = linesOf(app.api).filter(({ request_id }) => request_id === headers.get('x-request-id'));
    expect(accepted).toEqual([
      expect.objectContaining({ job_id: body.job_id, msg: `Job ${body.job_id}: accepted in default` }),
    ]);
    const steps = await eventually(() => {
      const found = linesOf(app.workers[0]!).filter(({ job_id }) => job_id === body.job_id);
      return found.length >= 4 ? found : undefined;
    });
    expect(steps.map(({ attempt, msg }) => [attempt, msg])).toEqual([
      [1, `Job ${body.job_id}: attempt 1/2 starts`],
      [1, `Job ${body.job_id}: attempt 1 has failed (RangeError), the job is PENDING`],
      [2, `Job ${body.job_id}: attempt 2/2 starts`],
      [2, `Job ${body.job_id}: attempt 2 ended as completed, the job is COMPLETED`],
    ]);
  });

  test('tells nothing of payloads, messages of errors, addresses and headers', async () => {
    const failing = await app.client.post(
      '/jobs?CANARY-query',
      { type: 'fail_as', payload: { message: 'CANARY-error', password: 'CANARY-payload' } },
      { Authorization: 'Bearer CANARY-header', Cookie: 'CANARY-cookie' },
    );
    await app.jobWith('FAILED', failing.body.job_id);
    for (const type of ['return', 'no-such-type', ''])
      await app.client.post('/jobs', { type, payload: { secret: 'CANARY-payload' }, CANARY_field: 1 });
    const logs = [app.api, ...app.workers].map((process) => process.output()).join('\n');
    expect(logs).toContain(failing.body.job_id);
    expect(logs).not.toContain('CANARY');
  });
});

describe('the log of a process that is told to be quiet', () => {
  test('has no line but what is at least as severe', async () => {
    const app = await startApp('quiet log', { environment: { LOG_LEVEL: 'error' } });
    const { body } = await app.client.post('/jobs', { payload: {} });
    await app.jobWith('COMPLETED', body.job_id);
    await app.stop();
    // Tests run on a server that may lose everything in a crash, which is worth an error.
    const lines = [app.api, ...app.workers]
      .flatMap(linesOf)
      .filter(({ context }) => context !== 'Durability');
    expect(lines).toEqual([]);
  });
});

describe('the log on a terminal', () => {
  test('is made of lines for people', async () => {
    const module = new URL('../../dist/src/common/logging.js', import.meta.url).href;
    const program = RunningProgram.node([
      '--input-type=module',
      '--eval',
      `process.stdout.isTTY = true;
       const { NestLog, createLog } = await import('${module}');
       new NestLog(createLog('info', 'api')).log('Ready: here', 'Process');`,
    ]);
    await program.exited;
    expect(stripVTControlCharacters(program.output)).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}] INFO: Ready: here/);
  });
});
