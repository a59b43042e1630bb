import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const NOBODY = '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55';

describe('managing', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('managing', { program: FIXTURE_APP, workers: 2 });
  });
  afterAll(() => app?.stop());

  const submit = async (job: object = {}) =>
    (await app.client.post('/jobs', { payload: {}, ...job })).body.job_id as string;
  const act = (id: string, action: string) => app.client.post(`/jobs/${id}/${action}`);
  const patch = (id: string, changes: object) =>
    app.client.send('PATCH', `/jobs/${id}`, JSON.stringify(changes));
  const later = { scheduled_at: '2090-01-01T00:00:00Z' };

  const events = async (id: string) => {
    const { body } = await app.client.get(`/jobs/${id}/events`);
    return body.events.map(({ event, actor }: any) => (actor ? `${event} by ${actor}` : event));
  };

  /** Resolves when the first retry of a job waits for its time. */
  const retryOf = (id: string) =>
    eventually(async () => {
      const { body } = await app.client.get(`/jobs/${id}`);
      return body.status === 'PENDING' && body.attempts === 1;
    });

  /** A job in each state, by way of the API. */
  const jobIn: Record<string, () => Promise<string>> = {
    PENDING: () => submit(later),
    BLOCKED: async () => submit({ depends_on: [await submit(later)] }),
    PROCESSING: async () => {
      const id = await submit({ type: 'sleep', payload: { ms: 60_000 } });
      await app.jobWith('PROCESSING', id);
      return id;
    },
    COMPLETED: async () => {
      const id = await submit();
      await app.jobWith('COMPLETED', id);
      return id;
    },
    FAILED: async () => {
      const id = await submit({ type: 'fail', max_attempts: 1 });
      await app.jobWith('FAILED', id);
      return id;
    },
    CANCELLED: async () => {
      const id = await submit(later);
      await act(id, 'cancel');
      return id;
    },
  };

  test.each([
    ['cancel', ['COMPLETED', 'FAILED', 'CANCELLED']],
    ['retry', ['PENDING', 'BLOCKED', 'PROCESSING', 'COMPLETED']],
    ['run-now', ['BLOCKED', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED']],
    ['PATCH', ['PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED']],
  ])('%s is refused in any other state, with the state', async (action, states) => {
    for (const state of states) {
      const id = await jobIn[state]!();
      const answer = action === 'PATCH' ? await patch(id, { priority: 1 }) : await act(id, action);
      expect(answer).toMatchObject({
        status: 409,
        body: { status: 409, code: 'job_state_conflict', job_id: id, job_status: state },
      });
      expect(answer.body.detail).toMatch(new RegExp(`^Job ${id} is ${state}: only `));
      if (state === 'PROCESSING') await act(id, 'cancel');
    }
  });

  test('a change that is refused leaves no new queue behind', async () => {
    const { status } = await patch(await jobIn.COMPLETED!(), { queue: 'never_used' });
    expect(status).toBe(409);
    expect((await app.client.get('/queues/never_used')).status).toBe(404);
  });

  test.each(['cancel', 'retry', 'run-now'])('%s of a job that does not exist is a 404', async (action) => {
    expect(await act(NOBODY, action)).toMatchObject({ status: 404, body: { code: 'job_not_found' } });
    expect(await act('nonsense', action)).toMatchObject({ status: 404, body: { code: 'job_not_found' } });
  });

  describe('cancelling', () => {
    test('ends a job that waits at once', async () => {
      for (const state of ['PENDING', 'BLOCKED']) {
        const id = await jobIn[state]!();
        const { status, body } = await act(id, 'cancel');
        expect({ status, state: body.status }).toEqual({ status: 200, state: 'CANCELLED' });
        expect(body.finished_at).not.toBeNull();
        expect(await events(id)).toEqual(['submitted by anonymous', 'cancelled by anonymous']);
      }
    });

    test('ends a running job through its worker, and never again', async () => {
      const id = await submit({ type: 'sleep', payload: { ms: 60_000 }, max_attempts: 5 });
      await app.jobWith('PROCESSING', id);
      expect((await act(id, 'cancel')).status).toBe(202);
      const job = await app.jobWith('CANCELLED', id);
      expect(job).toMatchObject({ attempts: 1, result: null });
      expect(await events(id)).toEqual([
        'submitted by anonymous',
        'started',
        'cancel_requested by anonymous',
        'cancelled',
      ]);
    });

    test('ends a running job that ignores its signal five seconds later', async () => {
      const id = await submit({ type: 'sleep', payload: { ms: 60_000, ignore: true } });
      await app.jobWith('PROCESSING', id);
      expect((await act(id, 'cancel')).status).toBe(202);
      expect((await act(id, 'cancel')).status).toBe(202);
      await app.jobWith('CANCELLED', id);
    });

    test('ends a job whose retry waits', async () => {
      const id = await submit({ type: 'fail', backoff: { base_delay: 3600, max_delay: 3600 } });
      await retryOf(id);
      const { body } = await act(id, 'cancel');
      expect(body.status).toBe('CANCELLED');
    });
  });

  describe('retrying', () => {
    test('runs a failed job once more under its id and adds its original number of attempts', async () => {
      const id = await submit({
        type: 'fail',
        payload: { times: 2 },
        max_attempts: 2,
        retry: undefined,
        backoff: { base_delay: 0 },
      });
      await app.jobWith('FAILED', id);
      const { status, body } = await act(id, 'retry');
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { status: 'PENDING', max_attempts: 4, attempts: 2, finished_at: null },
      });
      expect(await app.jobWith('COMPLETED', id)).toMatchObject({ attempts: 3, error_message: null });
      expect(await events(id)).toEqual([
        'submitted by anonymous',
        'started',
        'failed',
        'started',
        'failed',
        'retried by anonymous',
        'started',
        'completed',
      ]);
    });

    test('keeps a job without a limit without one', async () => {
      const id = await submit({ ...later, retry: true });
      await act(id, 'cancel');
      expect((await act(id, 'retry')).body).toMatchObject({ max_attempts: null });
    });

    test('goes behind the lock when another job has it, and after a parent that runs again', async () => {
      const lock = randomUUID();
      const first = await submit({ lock, type: 'fail', max_attempts: 1 });
      await app.jobWith('FAILED', first);
      const holder = await submit({ lock, type: 'sleep', payload: { ms: 60_000 } });
      await app.jobWith('PROCESSING', holder);
      expect((await act(first, 'retry')).body.status).toBe('BLOCKED');
      await act(holder, 'cancel');
      await app.jobWith('FAILED', first);

      const parent = await submit(later);
      const child = await submit({ depends_on: [parent] });
      await act(parent, 'cancel');
      await app.jobWith('CANCELLED', child);
      expect(await act(child, 'retry')).toMatchObject({
        status: 409,
        body: { code: 'dependency_failed', job_status: 'CANCELLED' },
      });
      await patchAfterRetry(parent);
      expect((await app.client.get(`/jobs/${child}`)).body.status).toBe('BLOCKED');
    });

    /** Retries a job and puts it off again before it runs. */
    const patchAfterRetry = async (id: string) => {
      await app.database.pool.query(`UPDATE queues SET paused_at = now() WHERE name = 'default'`);
      await act(id, 'retry');
      await patch(id, later);
      await app.database.pool.query(`UPDATE queues SET paused_at = NULL WHERE name = 'default'`);
    };
  });

  describe('changing a waiting job', () => {
    test('takes priority, schedule, payload and queue', async () => {
      const id = await submit(later);
      const { status, body } = await patch(id, {
        priority: 1,
        payload: { b: 2 },
        queue: 'elsewhere',
        scheduled_at: '2091-01-01T00:00:00Z',
      });
      expect({ status, body }).toMatchObject({
        status: 200,
        body: {
          status: 'PENDING',
          priority: 1,
          payload: { b: 2 },
          queue_name: 'elsewhere',
          scheduled_at: '2091-01-01T00:00:00.000Z',
        },
      });
      expect(await events(id)).toEqual(['submitted by anonymous', 'updated by anonymous']);
      await patch(id, { scheduled_at: '2000-01-01T00:00:00Z' });
      expect(await app.jobWith('COMPLETED', id)).toMatchObject({ result: { b: 2 }, queue_name: 'elsewhere' });
    });

    test.each([
      [{}, ''],
      [{ priority: 0 }, '/priority'],
      [{ queue: 'A' }, '/queue'],
      [{ scheduled_at: 'tomorrow' }, '/scheduled_at'],
      [{ payload: [] }, '/payload'],
      [{ lock: 'x' }, '/lock'],
    ])('refuses %j', async (changes, pointer) => {
      const answer = await patch(await submit(later), changes);
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
    });

    test("refuses a payload that does not fit the job's type", async () => {
      const id = await submit({ ...later, type: 'fetch-joke' });
      const { status, body } = await patch(id, { payload: { category: 7 } });
      expect({ status, pointer: body.errors[0].pointer }).toEqual({
        status: 422,
        pointer: '/payload/category',
      });
    });
  });

  test('run now starts a scheduled job, and one whose retry waits', async () => {
    const scheduled = await submit(later);
    expect((await act(scheduled, 'run-now')).status).toBe(200);
    await app.jobWith('COMPLETED', scheduled);
    const failing = await submit({
      type: 'fail',
      payload: { times: 1 },
      backoff: { base_delay: 3600, max_delay: 3600 },
    });
    await retryOf(failing);
    await act(failing, 'run-now');
    expect(await app.jobWith('COMPLETED', failing)).toMatchObject({ attempts: 2 });
  });
});
