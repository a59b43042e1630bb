import { eventually } from '../support/eventually.js';
import { FIXTURE_APP, startProduct } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const NO_WAIT = { base_delay: 0, jitter: 0 };

describe('the events of a job, as a list,', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('job events', {
      program: FIXTURE_APP,
      environment: { WORKER_QUEUES: 'default:20', WORKER_TIMEOUT: '1' },
    });
  });
  afterAll(() => app?.stop());

  const submit = async (job: object): Promise<string> => (await app.client.post('/jobs', job)).body.job_id;
  const eventsOf = async (id: string, query = '') =>
    (await app.client.get(`/jobs/${id}/events${query}`)).body.events;
  const words = (events: { event: string; attempt: number }[]) =>
    events.map(({ event, attempt }) => `${event} ${attempt}`);
  /** Waits for exactly these, of a job that comes to rest. */
  const becomes = async (id: string, expected: string[]) => {
    const last = expected.at(-1);
    await eventually(async () => words(await eventsOf(id)).at(-1) === last);
    expect(words(await eventsOf(id))).toEqual(expected);
  };

  test('begin with the submission and hold everything up to the end, with errors and workers', async () => {
    const id = await submit({ type: 'fail', payload: { times: 1 }, max_attempts: 2, backoff: NO_WAIT });
    const job = await app.jobWith('COMPLETED', id);
    const { status, body, headers } = await app.client.get(`/jobs/${id}/events`);
    expect([status, body.next_after, headers.get('vary')]).toEqual([200, null, 'Accept, Origin']);
    expect(words(body.events)).toEqual(['submitted 0', 'started 1', 'failed 1', 'started 2', 'completed 2']);
    const [submitted, , failed, , completed] = body.events;
    expect(submitted).toEqual({
      id: 0,
      event: 'submitted',
      attempt: 0,
      at: job.created_at,
      worker_id: null,
      error: null,
      actor: 'anonymous',
    });
    expect(failed).toMatchObject({
      worker_id: job.worker_id,
      error: { name: 'RangeError', message: 'failure 1', stack: expect.any(String) },
    });
    expect(completed).toMatchObject({ at: job.finished_at, worker_id: job.worker_id, error: null });
  });

  const later = { schedule_in: 3600 };
  const dawdle = { type: 'sleep', payload: { ms: 60_000 } };

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
    [
      'a handler that wants another time',
      { type: 'decide', payload: { error: 'later', times: 1 } },
      ['submitted 0', 'started 1', 'snoozed 1', 'started 2', 'completed 2'],
    ],
    [
      'a handler that gives up',
      { type: 'decide', payload: { error: 'cancel' } },
      ['submitted 0', 'started 1', 'cancelled 1'],
    ],
  ])('tell of %s', async (_, job, expected) => {
    const id = await submit(job);
    await becomes(id, expected);
  });

  test('tell what was done to it over HTTP, and by whom', async () => {
    const act = async (method: string, path: string, body?: object) => {
      const { status } = await app.client.send(method, path, body && JSON.stringify(body));
      expect(status).toBeLessThan(300);
    };
    const id = await submit({ payload: {}, ...later });
    await act('PATCH', `/jobs/${id}`, { priority: 2 });
    await act('POST', `/jobs/${id}/run-now`);
    await becomes(id, ['submitted 0', 'updated 0', 'run_now 0', 'started 1', 'completed 1']);
    const actors = (await eventsOf(id)).map((event: any) => event.actor);
    expect(actors).toEqual(['anonymous', 'anonymous', 'anonymous', null, null]);

    const revived = await submit({ payload: {}, ...later });
    await act('POST', `/jobs/${revived}/cancel`);
    await act('POST', `/jobs/${revived}/retry`);
    await becomes(revived, ['submitted 0', 'cancelled 0', 'retried 0', 'started 1', 'completed 1']);

    const running = await submit(dawdle);
    await app.jobWith('PROCESSING', running);
    await act('POST', `/jobs/${running}/cancel`);
    await becomes(running, ['submitted 0', 'started 1', 'cancel_requested 1', 'cancelled 1']);
  });

  test('tell when a lock or another job lets it go on, or does not', async () => {
    const first = await submit({ type: 'sleep', payload: { ms: 3_000 }, lock: 'printer' });
    const second = await submit({ payload: {}, lock: 'printer' });
    const child = await submit({ payload: {}, depends_on: [second] });
    await becomes(first, ['submitted 0', 'started 1', 'completed 1']);
    await becomes(second, ['submitted 0', 'unblocked 0', 'started 1', 'completed 1']);
    await becomes(child, ['submitted 0', 'unblocked 0', 'started 1', 'completed 1']);
    const failing = await submit({ type: 'fail', payload: {}, max_attempts: 1, schedule_in: 0.5 });
    const orphan = await submit({ payload: {}, depends_on: [failing] });
    await becomes(orphan, ['submitted 0', 'cancelled 0']);
    expect((await eventsOf(orphan))[1].error.message).toContain(failing);
  });

  test('tell that another submission took its place', async () => {
    const job = { ...later, unique: { key: 'one', on_conflict: 'replace' } };
    const id = await submit({ ...job, payload: { n: 1 } });
    expect(await submit({ ...job, payload: { n: 2 } })).toBe(id);
    await becomes(id, ['submitted 0', 'replaced 0']);
  });

  test('tell of workers that ended in good order or not', async () => {
    const start = (queues: string) =>
      startProduct(
        'worker',
        app.database.url,
        { WORKER_QUEUES: queues, STALLED_WORKER_TIMEOUT: '5', WORKER_TIMEOUT: '1' },
        FIXTURE_APP,
      );
    const [killed, stopped] = await Promise.all([start('killed'), start('stopped')]);
    const endless = { type: 'sleep', payload: { ms: 60_000, times: 1 } };
    const [interrupted, released] = [
      await submit({ ...endless, queue: 'killed' }),
      await submit({ ...endless, queue: 'stopped' }),
    ];
    for (const id of [interrupted, released]) await app.jobWith('PROCESSING', id);
    await Promise.all([killed.stop('SIGKILL'), stopped.stop('SIGTERM')]);
    const successor = await start('killed,stopped');
    for (const [id, outcome] of [
      [interrupted, 'interrupted 1'],
      [released, 'released 1'],
    ] as const) {
      await app.jobWith('COMPLETED', id, 30_000);
      await becomes(id, ['submitted 0', 'started 1', outcome, 'started 2', 'completed 2']);
    }
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
