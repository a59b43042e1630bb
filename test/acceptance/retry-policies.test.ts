import { SOON_MS } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

describe('what becomes of a job whose handler throws', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('retry policies', {
      program: FIXTURE_APP,
      environment: { WORKER_CONCURRENCY: '20', RETRY_JITTER: '0' },
    });
  });
  afterAll(() => app?.stop());

  const submit = async (type: string, payload: object, more: object = {}): Promise<string> =>
    (await app.client.post('/jobs', { type, payload, ...more })).body.job_id;
  const attemptsOf = async (id: string) => (await app.client.get(`/jobs/${id}/attempts`)).body.attempts;
  const outcomesOf = async (id: string) => (await attemptsOf(id)).map((attempt: any) => attempt.outcome);
  const waitsOf = async (id: string): Promise<number[]> => {
    const attempts = await attemptsOf(id);
    return attempts
      .slice(1)
      .map((next: any, index: number) => Date.parse(next.started_at) - Date.parse(attempts[index].ended_at));
  };
  const distancesOf = async (id: string): Promise<number[]> => {
    const starts = (await attemptsOf(id)).map((attempt: any) => Date.parse(attempt.started_at));
    return starts.slice(1).map((start: number, index: number) => start - starts[index]);
  };

  test('a PermanentFailure: it is FAILED at once, whatever is left of its budget', async () => {
    const id = await submit('decide', { error: 'permanent' });
    expect(await app.jobWith('FAILED', id)).toMatchObject({
      attempts: 1,
      max_attempts: 2,
      error_message: 'no use',
    });
    expect(await attemptsOf(id)).toMatchObject([
      { outcome: 'failed', error: { name: 'PermanentFailure', message: 'no use' } },
    ]);
  });

  test.each(['later', 'date'])(
    'a RetryLater (%s): it runs again then, and its budget is whole',
    async (error) => {
      const id = await submit('decide', { error, times: 3 });
      expect(await app.jobWith('COMPLETED', id)).toMatchObject({
        attempts: 4,
        max_attempts: 5,
        error_message: null,
        result: { attempt: 4, maxAttempts: 5 },
      });
      expect(await outcomesOf(id)).toEqual(['snoozed', 'snoozed', 'snoozed', 'completed']);
      for (const wait of await waitsOf(id)) expect(wait).toBeLessThan(300 + SOON_MS);
      // A time is 300 ms after the handler made it; a wait begins with the end of the attempt.
      const least = error === 'later' ? await waitsOf(id) : await distancesOf(id);
      for (const wait of least) expect(wait).toBeGreaterThanOrEqual(300);
    },
  );

  test('a CancelJob: it is CANCELLED, and why is on record', async () => {
    const id = await submit('decide', { error: 'cancel' });
    expect(await app.jobWith('CANCELLED', id)).toMatchObject({ attempts: 1, result: null });
    expect(await attemptsOf(id)).toMatchObject([
      { outcome: 'cancelled', error: { name: 'CancelJob', message: 'not needed any more' } },
    ]);
  });

  test.each([
    ['overloaded', 'a subclass of one it is retried for', ['failed', 'failed', 'completed'], 'COMPLETED'],
    ['twin', 'a class of the same name', ['failed', 'failed', 'completed'], 'COMPLETED'],
    ['refused', 'one it is not, though of such a class', ['failed'], 'FAILED'],
    ['other', 'one it does not name', ['failed'], 'FAILED'],
  ])('an error of its type’s lists (%s): %s', async (error, _, outcomes, status) => {
    const id = await submit('picky', { error, times: 2 });
    await app.jobWith(status, id);
    expect(await outcomesOf(id)).toEqual(outcomes);
  });

  test('anything, with a strategy of the user’s own: it waits as that says, or ends', async () => {
    const waiting = await submit('squares', { error: 'other', times: 2 });
    const hopeless = await submit('squares', { error: 'hopeless' });
    expect(await app.jobWith('FAILED', hopeless)).toMatchObject({ attempts: 1, max_attempts: 4 });
    await app.jobWith('COMPLETED', waiting);
    const [first, second] = await waitsOf(waiting);
    expect(first).toBeGreaterThanOrEqual(100);
    expect(first).toBeLessThan(100 + SOON_MS);
    expect(second).toBeGreaterThanOrEqual(400);
    expect(second).toBeLessThan(400 + SOON_MS);
  });

  test('anything, without a limit: it is retried for ever, by steps up to the cap', async () => {
    const id = await submit('for_ever', { error: 'other', times: 4 });
    expect(await app.jobWith('COMPLETED', id)).toMatchObject({ attempts: 5, max_attempts: null });
    const waits = await waitsOf(id);
    for (const [index, wait] of [100, 200, 250, 250].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(wait);
      expect(waits[index]).toBeLessThan(wait + SOON_MS);
    }
  });

  test('is shown with the types', async () => {
    const { body } = await app.client.get('/job-types');
    const type = (name: string) => body.job_types.find((candidate: any) => candidate.type === name);
    expect(type('picky')).toMatchObject({
      backoff: { strategy: 'constant', delay: 0, jitter: 0 },
      retry_on: ['Unreachable'],
      fail_on: ['Refused'],
      unique: null,
    });
    expect(type('squares')).toMatchObject({
      backoff: { strategy: 'custom', name: 'squares', unit: 100 },
      retry_on: null,
      fail_on: [],
    });
    expect(type('for_ever')).toMatchObject({ max_attempts: null });
    expect(type('health_check_task')).toMatchObject({
      unique: { by: ['type'], while: 'waiting', on_conflict: 'return' },
    });
  });
});
