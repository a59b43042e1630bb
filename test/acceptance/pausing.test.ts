import { SOON_MS, eventually } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

describe('a paused queue', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('pausing', { workers: 2, program: FIXTURE_APP });
  });
  afterAll(() => app?.stop());

  const submit = async (queue: string, job: object = {}): Promise<string> =>
    (await app.client.post('/jobs', { payload: {}, queue, ...job })).body.job_id;
  const makeQueue = async (queue: string) => app.jobWith('COMPLETED', await submit(queue));
  const statusOf = async (jobId: string) => (await app.client.get(`/jobs/${jobId}`)).body.status;
  const now = async (): Promise<number> =>
    (await app.database.pool.query('SELECT clock_timestamp() AS now')).rows[0].now.getTime();

  test('starts no job on any worker, lets running ones end, and goes on when it is resumed', async () => {
    await makeQueue('mail');
    const running = await submit('mail', { type: 'sleep', payload: { ms: 700 } });
    await app.jobWith('PROCESSING', running);

    const paused = await app.client.post('/queues/mail/pause', { reason: 'The provider is down' });
    expect(paused.status).toBe(200);
    expect(paused.body).toMatchObject({
      name: 'mail',
      paused: { by: 'anonymous', reason: 'The provider is down', until: null },
      seconds_to_drain: null,
    });
    expect((await app.client.get('/queues/mail')).body.paused).toEqual(paused.body.paused);

    const waiting = await Promise.all(Array.from({ length: 20 }, () => submit('mail')));
    const elsewhere = await submit('other');
    await app.jobWith('COMPLETED', elsewhere);
    expect(await app.jobWith('COMPLETED', running)).toMatchObject({ attempts: 1 });
    for (const jobId of waiting) expect(await statusOf(jobId)).toBe('PENDING');
    // A look at the line that took long is believed for a while.
    const { depth, oldest_waiting } = await eventually(async () => {
      const { body } = await app.client.get('/queues/mail');
      return body.oldest_waiting && body;
    });
    expect(depth).toMatchObject({ PENDING: 20, PROCESSING: 0, COMPLETED: 2 });
    expect(waiting).toContain(oldest_waiting.job_id);

    const resumed = await app.client.post('/queues/mail/resume');
    expect(resumed).toMatchObject({ status: 200, body: { name: 'mail', paused: null } });
    for (const jobId of waiting) await app.jobWith('COMPLETED', jobId, 1_000);
  });

  test('goes on by itself within a second of its end', async () => {
    await makeQueue('timed');
    const until = new Date((await now()) + 1_500);
    const { body } = await app.client.post('/queues/timed/pause', { until: until.toISOString() });
    expect(body.paused).toMatchObject({ reason: null, until: until.toISOString() });
    // The second is due before the end of the pause, so that its own alarm does not hide the pause's.
    const jobs = [await submit('timed'), await submit('timed', { schedule_in: 0.4 })];
    for (const jobId of jobs) {
      const { started_at } = await app.jobWith('COMPLETED', jobId);
      expect(Date.parse(started_at)).toBeGreaterThanOrEqual(until.getTime());
      expect(Date.parse(started_at)).toBeLessThan(until.getTime() + SOON_MS);
    }
    expect((await app.client.get('/queues/timed')).body.paused).toBeNull();
  });

  test('goes on at its end on a worker that came when it had long been paused', async () => {
    await makeQueue('inherited');
    const until = new Date((await now()) + 4_000);
    await app.client.post('/queues/inherited/pause', { until: until.toISOString() });
    const jobId = await submit('inherited', { type: 'sleep' });
    await Promise.all(app.workers.splice(0).map((worker) => worker.stop('SIGKILL')));
    await app.addWorker();
    // On a busy machine a worker may need longer than the pause lasts to start.
    const latest = Math.max(until.getTime(), await now()) + SOON_MS;
    const { started_at } = await app.jobWith('COMPLETED', jobId);
    expect(Date.parse(started_at)).toBeGreaterThanOrEqual(until.getTime());
    expect(Date.parse(started_at)).toBeLessThan(latest);
  });

  test('can be paused again for another reason and end, and resumed again', async () => {
    await makeQueue('again');
    const first = (await app.client.post('/queues/again/pause', { reason: 'first' })).body.paused;
    const same = (await app.client.post('/queues/again/pause', { reason: 'first' })).body.paused;
    expect(same).toEqual(first);
    const until = '2090-01-01T00:00:00.000Z';
    const second = (await app.client.post('/queues/again/pause', { reason: 'second', until })).body.paused;
    expect(second).toEqual({ ...first, reason: 'second', until });
    // No body at all: paused for no reason given, until somebody resumes it.
    const third = (await app.client.post('/queues/again/pause')).body.paused;
    expect(third).toEqual({ ...first, reason: null, until: null });
    for (const _ of [1, 2]) {
      expect(await app.client.post('/queues/again/resume')).toMatchObject({
        status: 200,
        body: { paused: null },
      });
    }
    const later = (await app.client.post('/queues/again/pause')).body.paused;
    expect(Date.parse(later.since)).toBeGreaterThan(Date.parse(first.since));
    await app.client.post('/queues/again/resume');
  });

  test('must exist, and its end must lie ahead', async () => {
    await makeQueue('emails');
    for (const action of ['pause', 'resume']) {
      const unknown = await app.client.post(`/queues/emials/${action}`);
      expect(unknown).toMatchObject({ status: 404, body: { code: 'queue_not_found' } });
      expect(unknown.body.detail).toContain('Did you mean "emails"?');
      expect(await app.client.post(`/queues/no%00thing/${action}`)).toMatchObject({ status: 404 });
    }
    const wrong: [object, string][] = [
      [{ until: '2020-01-01T00:00:00Z' }, '/until'],
      [{ until: 'tomorrow' }, '/until'],
      [{ reason: '' }, '/reason'],
      [{ resaon: 'a typo' }, '/resaon'],
    ];
    for (const [body, pointer] of wrong) {
      const answer = await app.client.post('/queues/emails/pause', body);
      expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
      expect(answer.body.errors[0].pointer).toBe(pointer);
    }
    expect((await app.client.get('/queues/emails')).body.paused).toBeNull();
  });
});
