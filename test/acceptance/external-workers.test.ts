import { SOON_MS, eventually } from '../support/eventually.js';
import { ExternalWorker } from '../support/external-worker.js';
import { FIXTURE_APP, startProduct } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const UPPER = {
  description: 'Writes a text in capitals.',
  payload_schema: {
    type: 'object',
    properties: { text: { type: 'string', maxLength: 100 } },
    required: ['text'],
    additionalProperties: false,
  },
  queue: 'texts',
  backoff: { base_delay: 0.1, jitter: 0 },
};

describe('an external worker', () => {
  let app: App;
  let worker: ExternalWorker;
  let other: ExternalWorker;
  beforeAll(async () => {
    app = await startApp('external workers', { workers: 1 });
    for (const type of ['upper', 'slow'])
      expect((await app.client.send('PUT', `/job-types/${type}`, JSON.stringify(UPPER))).status).toBe(201);
  });
  beforeEach(async () => {
    // A queue of its own for each test: nobody finds what another one has left.
    const queue = `texts-${Math.random().toString(36).slice(2)}`;
    worker = new ExternalWorker(app.api.ready, { queues: [queue] });
    other = new ExternalWorker(app.api.ready, { queues: [queue] });
    submit = async (job = {}) => {
      const { status, body } = await app.client.post('/jobs', {
        type: 'upper',
        payload: { text: 'a' },
        queue,
        ...job,
      });
      if (status !== 201) throw new Error(JSON.stringify(body));
      return body.job_id;
    };
  });
  afterAll(() => app?.stop());

  let submit: (job?: object) => Promise<string>;
  const outcomes = async (id: string) =>
    (await app.client.get(`/jobs/${id}/attempts`)).body.attempts.map((each: any) => each.outcome);
  const json = (text: string | Date) => new Date(text).getTime();

  test('takes a job, says how far it has come, and completes it', async () => {
    const id = await submit({ payload: { text: 'hello' }, priority: 2 });
    const lease = await worker.leaseOne();
    expect(lease).toMatchObject({
      lease_token: expect.stringMatching(/^rhl_[\w-]{51}$/),
      attempt: 1,
      timeout: 300,
      job: { job_id: id, type: 'upper', priority: 2, max_attempts: 3, payload: { text: 'hello' } },
    });
    const sign = {
      progress: 40,
      message: 'at it',
      logs: [{ message: 'one' }, { level: 'warn', message: 'two' }],
    };
    expect((await worker.say(lease, 'heartbeat', sign)).body).toMatchObject({ cancel_requested: false });
    const { body: job } = await app.client.get(`/jobs/${id}`);
    expect(job).toMatchObject({ status: 'PROCESSING', progress: { percent: 40, message: 'at it' } });
    const { body } = await app.client.get(`/jobs/${id}/logs`);
    expect(body.logs.map((line: any) => [line.level, line.message])).toEqual([
      ['info', 'one'],
      ['warn', 'two'],
    ]);
    const { body: shown } = await app.client.get(`/workers/${job.worker_id}`);
    expect(shown).toMatchObject({
      is_external: true,
      hostname: worker.name,
      state: 'running',
      job_ids: [id],
      busy: 1,
    });
    const ended = await worker.say(lease, 'complete', { result: { text: 'HELLO' } });
    expect([ended.status, ended.body]).toEqual([
      200,
      { job_id: id, attempt: 1, outcome: 'completed', job_status: 'COMPLETED' },
    ]);
    expect((await app.client.get(`/jobs/${id}`)).body.result).toEqual({ text: 'HELLO' });
  });

  test('that waits has a job as soon as there is one', async () => {
    const waiting = worker.leaseOne();
    await eventually(async () =>
      (await app.client.get('/workers')).body.workers.some((w: any) => w.hostname === worker.name),
    );
    const sentAt = performance.now();
    const id = await submit();
    expect((await waiting).job.job_id).toBe(id);
    expect(performance.now() - sentAt).toBeLessThan(SOON_MS);
  });

  test('that waits in vain has an empty answer when its time is over', async () => {
    expect(await worker.lease({ wait: 0.2 })).toEqual([]);
    expect(await worker.lease()).toEqual([]);
  });

  test('never has a job that another one has, however many race', async () => {
    const ids = await Promise.all(Array.from({ length: 60 }, () => submit()));
    const racers = Array.from({ length: 12 }, (_, at) => (at % 2 ? worker : other));
    const taken: string[] = [];
    await Promise.all(
      racers.map(async (racer) => {
        for (
          let leases = await racer.lease({ max: 3 });
          leases.length > 0;
          leases = await racer.lease({ max: 3 })
        )
          taken.push(...leases.map((lease) => lease.job.job_id as string));
      }),
    );
    expect(taken.sort()).toEqual(ids.sort());
  });

  test('keeps a job for longer than its lease by heartbeats', async () => {
    const id = await submit();
    const lease = await worker.leaseOne({ lease_seconds: 5 });
    const end = json(lease.lease_expires_at);
    await eventually(async () => {
      expect((await worker.say(lease, 'heartbeat')).status).toBe(200);
      return Date.now() > end + 2_000;
    });
    expect((await worker.say(lease, 'complete', { result: 1 })).status).toBe(200);
    expect(await outcomes(id)).toEqual(['completed']);
  });

  test('that says nothing loses its job to another one when the lease ends, and cannot end it any more', async () => {
    const id = await submit({ max_attempts: 1 });
    const lost = await worker.leaseOne({ lease_seconds: 5 });
    const lease = await other.leaseOne({ wait: 30 });
    expect(lease).toMatchObject({ attempt: 2, job: { job_id: id } });
    const late = Date.now() - json(lost.lease_expires_at);
    expect(late).toBeGreaterThan(-SOON_MS);
    expect(late).toBeLessThan(SOON_MS);
    for (const word of ['complete', 'heartbeat', 'release']) {
      const { status, body } = await worker.say(lost, word);
      expect([word, status, body.code, body.job_status, body.outcome]).toEqual([
        ...[word, 409, 'lease_lost', 'PROCESSING', 'interrupted'],
      ]);
    }
    expect((await other.say(lease, 'complete', { result: 'theirs' })).status).toBe(200);
    expect(await outcomes(id)).toEqual(['interrupted', 'completed']);
    expect((await app.client.get(`/jobs/${id}`)).body).toMatchObject({
      result: 'theirs',
      status: 'COMPLETED',
    });
    const { body } = await app.client.get(`/jobs/${id}/events`);
    const refused = body.events.filter((event: any) => event.event === 'result_refused');
    expect(refused.map((event: any) => event.attempt)).toEqual([1]);
  });

  test('that lost the answer asks again and is told the same; another outcome comes too late', async () => {
    const id = await submit();
    const lease = await worker.leaseOne();
    const first = await worker.say(lease, 'complete', { result: 1 });
    const again = await worker.say(lease, 'complete', { result: 1 });
    expect([again.status, again.body]).toEqual([200, first.body]);
    const late = await worker.say(lease, 'fail', { error: { message: 'no' } });
    expect([late.status, late.body.code]).toEqual([409, 'lease_lost']);
    expect(await outcomes(id)).toEqual(['completed']);
  });

  test('that fails has the job retried as its type says, and once more when it says so itself', async () => {
    const id = await submit();
    const fail = async (body: object) => worker.say(await worker.leaseOne(), 'fail', body);
    const error = {
      name: 'ValueError',
      message: 'no',
      stack: 'Traceback (most recent call last):\n  File "a.py"',
    };
    expect((await fail({ error })).body).toMatchObject({ outcome: 'failed', job_status: 'PENDING' });
    expect((await fail({ error, retry_in: 0 })).body).toMatchObject({ job_status: 'PENDING' });
    expect((await fail({ error })).body).toMatchObject({ job_status: 'FAILED' });
    const { body } = await app.client.get(`/jobs/${id}/attempts`);
    expect(body.attempts[0].error).toEqual(error);
    const hopeless = await submit();
    expect((await fail({ error, permanent: true })).body).toMatchObject({
      job_id: hopeless,
      job_status: 'FAILED',
    });
  });

  test('gives a job back, or puts it off, and that costs no attempt', async () => {
    const id = await submit({ max_attempts: 1 });
    expect((await worker.say(await worker.leaseOne(), 'release')).body.outcome).toBe('released');
    expect((await worker.say(await other.leaseOne(), 'snooze', { delay: 0.1 })).body.outcome).toBe('snoozed');
    expect((await worker.say(await other.leaseOne(), 'complete')).body.job_status).toBe('COMPLETED');
    expect(await outcomes(id)).toEqual(['released', 'snoozed', 'completed']);
  });

  test('learns by its heartbeat that its job is cancelled, and ends it so whatever it says', async () => {
    const id = await submit();
    const lease = await worker.leaseOne();
    expect((await app.client.post(`/jobs/${id}/cancel`)).status).toBe(202);
    expect((await worker.say(lease, 'heartbeat', { extend: 600 })).body).toEqual({
      cancel_requested: true,
      lease_expires_at: lease.lease_expires_at,
    });
    expect((await worker.say(lease, 'complete', { result: 1 })).body).toMatchObject({
      outcome: 'cancelled',
      job_status: 'CANCELLED',
    });
    expect((await worker.say(lease, 'complete', { result: 1 })).status).toBe(200);
  });

  test('cannot keep a job beyond its timeout, which costs an attempt', async () => {
    const id = await submit({ timeout: 2, max_attempts: 1 });
    const lease = await worker.leaseOne();
    const { started_at } = (await app.client.get(`/jobs/${id}`)).body;
    expect(json(lease.lease_expires_at)).toBe(json(started_at) + 2_000);
    await eventually(async () => (await worker.say(lease, 'heartbeat', { extend: 60 })).status === 409);
    await app.jobWith('FAILED', id);
    expect(await outcomes(id)).toEqual(['timed_out']);
  });

  test('that goes before it is answered has taken nothing', async () => {
    const { leave } = worker.askAndLeave({ wait: 30 });
    await eventually(async () =>
      (await app.client.get('/workers')).body.workers.some((w: any) => w.hostname === worker.name),
    );
    leave();
    const ids = [await submit(), await submit()];
    const leases = [await other.leaseOne(), await other.leaseOne()];
    const started = leases.map((lease) => lease.job.job_id);
    // One that came back in the meantime follows the other.
    const cameBack = (await outcomes(ids[0]!)).includes('released');
    expect(started).toEqual(cameBack && started[0] !== ids[0] ? ids.toReversed() : ids);
    // Whatever a caller that was just leaving had been given came back at once, and cost nothing.
    for (const id of ids) expect(await outcomes(id)).not.toContain('interrupted');
  });

  test('is given no job of a type that a handler runs, and our own workers none of a declared one', async () => {
    const { status, body } = await worker.ask({ types: ['echo'] });
    expect([status, body.code, body.errors[0].pointer]).toEqual([422, 'unknown_job_type', '/types/0']);
    const [declared, handled] = [await submit(), await submit({ type: 'echo' })];
    await app.jobWith('COMPLETED', handled);
    expect((await app.client.get(`/jobs/${declared}`)).body).toMatchObject({
      status: 'PENDING',
      attempts: 0,
    });
    expect(await worker.lease({ types: ['slow'] })).toEqual([]);
    expect((await worker.lease({ types: ['slow', 'upper'] })).map((lease) => lease.job.job_id)).toEqual([
      declared,
    ]);
  });

  test('is named where somebody asks why a job waits', async () => {
    const id = await submit();
    const codes = async () =>
      (await app.client.get(`/jobs/${id}/explain`)).body.reasons.map((reason: any) => reason.code);
    expect(await codes()).toContain('no_worker_for_type');
    await worker.lease({ types: ['slow'] });
    expect(await codes()).toContain('no_worker_for_type');
    await submit({ type: 'slow' });
    await worker.lease({ types: ['upper', 'slow'], max: 2 });
    expect(await codes()).toEqual(['running']);
    const next = await submit();
    const { body } = await app.client.get(`/jobs/${next}/explain`);
    expect(body.reasons.map((reason: any) => reason.code)).toEqual(['in_line']);
  });

  test('cannot be told to drain', async () => {
    await worker.lease();
    const { body } = await app.client.get('/workers');
    const { id } = body.workers.find((each: any) => each.hostname === worker.name);
    const { status, body: problem } = await app.client.post(`/workers/${id}/drain`);
    expect([status, problem.code]).toEqual([409, 'worker_state_conflict']);
    expect((await app.client.get('/health')).body.info.worker.alive).toBe(1);
  });

  test.each(['rhl_', 'x', `rhl_${'A'.repeat(51)}`, '%00', 'rhl_%C3%BC'])(
    'with the token %s has no lease',
    async (token) => {
      const { status, body } = await app.client.post(`/leases/${token}/complete`, {});
      expect([status, body.code]).toEqual([404, 'lease_not_found']);
      expect(body.instance).not.toContain('AAAA');
    },
  );

  test('of a build with a handler leaves the jobs of a declared type to external ones', async () => {
    expect((await app.client.send('PUT', '/job-types/fail', JSON.stringify(UPPER))).status).toBe(201);
    const newer = await startProduct('worker', app.database.url, {}, FIXTURE_APP);
    try {
      await newer.says('The job type \\"fail\\" is declared for external workers');
      const [declared, handled] = [await submit({ type: 'fail' }), await submit({ type: 'echo' })];
      await app.jobWith('COMPLETED', handled);
      expect((await worker.leaseOne({ types: ['fail'] })).job.job_id).toBe(declared);
    } finally {
      await newer.stop();
    }
  });
});
