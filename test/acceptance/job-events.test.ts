import { eventually } from '../support/eventually.js';
import { FIXTURE_APP, startProduct } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const NO_WAIT = { base_delay: 0, jitter: 0 };

describe('the events of a job, as a list,', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('job events', {
      program: FIXTURE_APP,
      environment: { WORKER_QUEUES: 'default:20' },
    });
  });
  afterAll(() => app?.stop());

  const submit = async (job: object): Promise<string> => (await app.client.post('/jobs', job)).body.job_id;
  const eventsOf = async (id: string, query = '') =>
    (await app.client.get(`/jobs/${id}/events${query}`)).body.events;
  const words = (events: { event: string; attempt: number }[]) =>
    events.map(({ event, attempt }) => `${event} ${attempt}`);

  test('begin with the submission and hold everything up to the end, with errors and workers', async () => {
    const id = await submit({ type: 'fail', payload: { times: 1 }, max_attempts: 2, backoff: NO_WAIT });
    const job = await app.jobWith('COMPLETED', id);
    const { status, body, headers } = await app.client.get(`/jobs/${id}/events`);
    expect([status, body.next_after, headers.get('vary')]).toEqual([200, null, 'Accept']);
    expect(words(body.events)).toEqual(['submitted 0', 'started 1', 'failed 1', 'started 2', 'completed 2']);
    const [submitted, , failed, , completed] = body.events;
    expect(submitted).toEqual({
      id: 0,
      event: 'submitted',
      attempt: 0,
      at: job.created_at,
      worker_id: null,
      error: null,
      actor: null,
    });
    expect(failed).toMatchObject({
      worker_id: job.worker_id,
      error: { name: 'RangeError', message: 'failure 1', stack: expect.any(String) },
    });
    expect(completed).toMatchObject({ at: job.finished_at, worker_id: job.worker_id, error: null });
  });

  test.each<[string, object, string[]]>([
    [
      'a failure for good',
      { type: 'fail', payload: {}, max_attempts: 1 },
      ['submitted 0', 'started 1', 'failed 1'],
    ],
    [
      'a timeout',
      { type: 'sleep', payload: { ms: 60_000, times: 1 }, timeout: 1, backoff: NO_WAIT },
      ['submitted 0', 'started 1', 'timed_out 1', 'started 2', 'completed 2'],
    ],
  ])('tell of %s', async (_, job, expected) => {
    const id = await submit(job);
    await eventually(async () => words(await eventsOf(id)).length === expected.length);
    expect(words(await eventsOf(id))).toEqual(expected);
  });

  test.each([
    ['SIGKILL', 'interrupted 1'],
    ['SIGTERM', 'released 1'],
  ] as const)('tell of a worker that ended by %s', async (signal, outcome) => {
    const queue = `doomed-${signal.toLowerCase()}`;
    const environment = { WORKER_QUEUES: queue, STALLED_WORKER_TIMEOUT: '5', WORKER_TIMEOUT: '1' };
    const start = () => startProduct('worker', app.database.url, environment, FIXTURE_APP);
    const doomed = await start();
    const id = await submit({ type: 'sleep', payload: { ms: 60_000, times: 1 }, queue });
    await app.jobWith('PROCESSING', id);
    await doomed.stop(signal);
    const successor = await start();
    await app.jobWith('COMPLETED', id);
    expect(words(await eventsOf(id))).toEqual([
      'submitted 0',
      'started 1',
      outcome,
      'started 2',
      'completed 2',
    ]);
    await successor.stop();
  });

  test('tell what somebody did to it by hand, and who', async () => {
    const id = await submit({ payload: {}, schedule_in: 3600 });
    await app.database.pool.query(`UPDATE jobs SET status = 'CANCELLED' WHERE id = $1`, [id]);
    const [, edited] = await eventsOf(id);
    expect(edited).toMatchObject({ event: 'edited', attempt: 0, actor: expect.any(String) });
  });

  test('are walked through page by page, completely and without repeats', async () => {
    const id = await submit({ type: 'fail', payload: { times: 4 }, max_attempts: 5, backoff: NO_WAIT });
    await app.jobWith('COMPLETED', id);
    const whole = await eventsOf(id);
    expect(whole).toHaveLength(11);
    const walked: object[] = [];
    for (let query = '?limit=3'; ;) {
      const { body } = await app.client.get(`/jobs/${id}/events${query}`);
      walked.push(...body.events);
      if (body.next_after === null) break;
      query = `?limit=3&after=${body.next_after}`;
    }
    expect(walked).toEqual(whole);
    expect(await eventsOf(id, `?after=${whole[6].id}`)).toEqual(whole.slice(7));
    expect(await eventsOf(id, '?after=0')).toEqual(whole.slice(1));
    expect(await eventsOf(id, '?limit=1')).toEqual(whole.slice(0, 1));
  });

  test.each(['after=-1', 'after=x', 'limit=0', 'limit=1001', 'befor=1'])('refuse %s', async (query) => {
    const id = await submit({ payload: {} });
    expect((await app.client.get(`/jobs/${id}/events?${query}`)).status).toBe(422);
  });

  test('are those of a job that exists', async () => {
    for (const id of ['nonsense', '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55']) {
      const { status, body } = await app.client.get(`/jobs/${id}/events`);
      expect([status, body.code]).toEqual([404, 'job_not_found']);
    }
  });
});
