import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { EventSource } from '../support/event-source.js';
import { eventually } from '../support/eventually.js';
import { ExternalWorker, type Lease } from '../support/external-worker.js';
import { Client } from '../support/http.js';
import { FIXTURE_APP, startProduct } from '../support/product.js';
import { Hooks, Receiver, WEBHOOK_SETTINGS } from '../support/receiver.js';
import { type App, startApp } from '../support/start-app.js';

const CANARY = 'PLANTED4111111111111111';

/** With a secret at each place that its type keeps back. */
const SECRET = {
  card: CANARY,
  customer: { name: 'Ada', iban: CANARY },
  rows: [{ item: 'pen', pin: CANARY }],
};
const SHOWN = {
  card: '[Redacted]',
  customer: { name: 'Ada', iban: '[Redacted]' },
  rows: [{ item: 'pen', pin: '[Redacted]' }],
};

const DECLARED = {
  description: 'Pays.',
  queue: 'banking',
  max_attempts: 1,
  redact: ['/card', '/customer/iban', '/rows/*/pin'],
};

describe('what a job type keeps back', () => {
  let app: App;
  let receiver: Receiver;
  let outside: ExternalWorker;
  /** All that was answered but to leases, as it came. */
  const answers: string[] = [];
  beforeAll(async () => {
    receiver = await Receiver.start();
    app = await startApp('redaction', { program: FIXTURE_APP, environment: WEBHOOK_SETTINGS });
    outside = new ExternalWorker(app.api.ready);
    expect((await ask('PUT', '/job-types/pay', DECLARED)).status).toBe(201);
    await submit({ type: 'echo', payload: {}, queue: 'banking' });
    const letters = { dead_letter_queue: 'letters' };
    expect((await ask('PATCH', '/queues/banking', letters, { 'If-Match': '*' })).status).toBe(200);
  });
  afterAll(async () => {
    await app?.stop();
    await receiver?.stop();
  });

  const ask = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await fetch(app.api.ready + path, {
      method,
      headers: { ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    answers.push(`${method} ${path} ${JSON.stringify([...response.headers])} ${text}`);
    const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
  };
  const submit = async (job: object): Promise<string> => {
    const { status, body } = await ask('POST', '/jobs', { payload: SECRET, ...job });
    expect([status, body]).toMatchObject([201, { status: expect.any(String) }]);
    return body.job_id;
  };
  const stored = async (id: string) => {
    const { rows } = await app.database.pool.query('SELECT payload, result FROM jobs WHERE id = $1', [id]);
    return rows[0];
  };
  const leaking = () => answers.filter((answer) => answer.includes(CANARY));

  test('is given to its handler, and shown to nobody who submits, waits for, or reads the job', async () => {
    const { status, body } = await ask(
      'POST',
      '/jobs',
      { type: 'keep_secret', payload: SECRET, unique: { by: ['type', 'payload'], while: 'unfinished' } },
      { Prefer: 'wait=30' },
    );
    const digest = createHash('sha256').update(CANARY).digest('hex');
    const result = { ...SHOWN, digest, rest: '' };
    expect([status, body]).toMatchObject([200, { payload: SHOWN, result, unique_key: '[Redacted]' }]);
    expect(await stored(body.job_id)).toMatchObject({ payload: SECRET, result: SECRET });
    expect((await ask('GET', `/jobs/${body.job_id}`)).body).toMatchObject({ payload: SHOWN, result });
    const task = await ask('POST', '/tasks/keep_back', SECRET);
    expect(task.body.message).toContain('The card is [Redacted].');
    const waited = await ask('POST', '/tasks/keep_back', SECRET, { Prefer: 'wait=30' });
    expect(waited.body).toMatchObject({ payload: SHOWN, result });
    expect(leaking()).toEqual([]);
  });

  test('is given to external workers by their leases, and by nothing else', async () => {
    const id = await submit({ type: 'pay' });
    const lease: Lease = await outside.leaseOne({ queues: ['banking'] });
    expect(lease.job).toMatchObject({ job_id: id, payload: SECRET });
    await outside.say(lease, 'complete', { result: SECRET });
    expect((await ask('GET', `/jobs/${id}`)).body).toMatchObject({ payload: SHOWN, result: SHOWN });
    const child = await submit({ type: 'echo', payload: {}, depends_on: [id] });
    expect((await ask('GET', `/jobs/${child}/parents`)).body.parents).toMatchObject([{ result: SHOWN }]);
    expect(leaking()).toEqual([]);
  });

  test('goes to no webhook, also where a result is long', async () => {
    const hooks = new Hooks(app, receiver);
    const webhook = await hooks.create();
    const callback = receiver.place();
    await submit({ type: 'keep_back', callback_url: receiver.url(callback) });
    await submit({ type: 'keep_back', payload: { ...SECRET, more: 20_000 } });
    await submit({ type: 'keep_back', payload: { ...SECRET, more: 300_000 } });
    const failing = await submit({ type: 'pay', callback_url: receiver.url(callback) });
    await outside.say(await outside.leaseOne({ queues: ['banking'] }), 'fail', { error: { message: 'No' } });
    const told = [
      ...(await receiver.arrivals(webhook.path, 4)),
      ...(await receiver.arrivals(callback, 2)),
    ].map(({ body }) => String(body));
    expect(told.filter((body) => body.includes(CANARY))).toEqual([]);
    expect(told.map((body) => JSON.parse(body).data)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ result: expect.objectContaining(SHOWN) }),
        expect.objectContaining({
          result: {
            truncated: true,
            bytes: expect.any(Number),
            preview: expect.stringContaining('[Redacted]'),
          },
        }),
        expect.objectContaining({ job_id: failing, status: 'FAILED' }),
      ]),
    );
    await hooks.remove(webhook);
  });

  test('is looked for in vain', async () => {
    const search = (query: object) =>
      ask('GET', `/jobs?${new URLSearchParams(Object.entries(query)).toString()}`);
    const guesses = [
      { q: 'payload.card:4111' },
      { q: 'result.card:4111' },
      { q: 'payload.customer:{}', type: 'keep_back' },
      { q: 'payload.rows.-1.pin:4111', type: 'keep_secret' },
      { q: 'error:x payload.card:1', type: 'pay' },
      { q: 'payload.payload.card:4111', type: 'dead_letter' },
    ];
    for (const guess of guesses) {
      const { status, body } = await search(guess);
      expect([guess, status, body.errors?.[0]]).toMatchObject([
        guess,
        422,
        { pointer: '/q', code: 'redacted_value', detail: expect.stringContaining('is not shown of jobs') },
      ]);
    }
    for (const query of [
      { q: 'payload.card:4111', type: 'echo' },
      { q: 'payload.customer.name:Ada' },
      { q: 'error:card' },
    ])
      expect([query, (await search(query)).status]).toEqual([query, 200]);
  });

  test('is not replaced by [Redacted] when what was read is sent back', async () => {
    const id = await submit({ type: 'keep_back', schedule_in: 3_600 });
    const { payload } = (await ask('GET', `/jobs/${id}`)).body;
    const refused = await ask('PATCH', `/jobs/${id}`, { payload });
    expect([refused.status, refused.body.errors.map((fault: any) => [fault.pointer, fault.code])]).toEqual([
      422,
      ['/payload/card', '/payload/customer/iban', '/payload/rows/0/pin'].map((at) => [at, 'redacted_value']),
    ]);
    expect((await stored(id)).payload).toEqual(SECRET);
    const edited = await ask('PATCH', `/jobs/${id}`, { payload: { ...SECRET, note: 'x' } });
    expect([edited.status, edited.body.payload]).toEqual([200, { ...SHOWN, note: 'x' }]);
    expect((await ask('POST', '/jobs', { type: 'pay', payload })).body.errors[0]).toMatchObject({
      pointer: '/payload/card',
      code: 'redacted_value',
    });
    expect((await ask('POST', `/jobs/${id}/run-now`)).body.payload).toMatchObject(SHOWN);
    await app.jobWith('COMPLETED', id);
    expect(leaking()).toEqual([]);
  });

  test('stays back when its type is removed, and follows what it is declared anew with', async () => {
    await ask('PUT', '/job-types/pay_once', { ...DECLARED, queue: 'once' });
    const id = await submit({ type: 'pay_once' });
    await ask('POST', `/jobs/${id}/cancel`);
    expect((await ask('DELETE', '/job-types/pay_once')).status).toBe(204);
    const second = await startProduct('api', app.database.url, WEBHOOK_SETTINGS, FIXTURE_APP);
    expect((await new Client(second.ready).get(`/jobs/${id}`)).body.payload).toEqual(SHOWN);
    await second.stop();
    expect((await ask('GET', `/jobs/${id}`)).body.payload).toEqual(SHOWN);
    await ask('PUT', '/job-types/pay_once', { ...DECLARED, redact: ['/card'] });
    expect((await ask('GET', `/jobs/${id}`)).body.payload).toEqual({ ...SECRET, card: '[Redacted]' });
    answers.splice(-1);
    await ask('PUT', '/job-types/pay_once', DECLARED);
    expect(leaking()).toEqual([]);
  });

  test('is told with the type, whose pointers are checked', async () => {
    expect((await ask('GET', '/job-types/pay')).body.redact).toEqual(DECLARED.redact);
    expect((await ask('GET', '/job-types/keep_back')).body.redact).toHaveLength(3);
    expect((await ask('GET', '/job-types/echo')).body.redact).toEqual([]);
    const wrong = await ask('PUT', '/job-types/wrong', { ...DECLARED, redact: ['/a', 'card', '/~'] });
    expect([wrong.status, wrong.body.errors.map((fault: any) => [fault.pointer, fault.code])]).toEqual([
      422,
      ['/redact/1', '/redact/2'].map((at) => [at, 'invalid_pointer']),
    ]);
    const many = await ask('PUT', '/job-types/wrong', { ...DECLARED, redact: Array(51).fill('/a') });
    expect(many.status).toBe(422);
  });

  test('is in no answer to any GET, and in no stream', async () => {
    const done = await submit({ type: 'keep_back' });
    const failed = await submit({ type: 'keep_back', payload: { ...SECRET, fail: true }, queue: 'banking' });
    await Promise.all([app.jobWith('COMPLETED', done), app.jobWith('FAILED', failed)]);
    await eventually(async () => {
      const { rows } = await app.database.pool.query(
        `SELECT FROM jobs WHERE type = 'dead_letter' AND payload ->> 'job_id' = $1 AND finished_at IS NOT NULL`,
        [failed],
      );
      return rows.length > 0;
    });
    const report = await submit({
      type: 'generate_report',
      payload: { job_id: done, format: 'csv', name: 'cards.csv' },
    });
    await app.jobWith('COMPLETED', report);
    const job = { type: 'keep_back', payload: SECRET };
    const workflow = {
      jobs: [
        { ref: 'pay', ...job },
        { ref: 'tell', depends_on: ['pay'], payload: { of: { $job: 'pay' } } },
      ],
      on_finished: job,
    };
    const times = { cron: '0 0 1 1 *' };
    const schedules = [
      { name: 'pays', job, ...times },
      { name: 'pays-all', workflow, ...times },
      { name: 'pays-by-task', job: { payload: { ...SECRET, task: 'keep_back' } }, ...times },
    ];
    for (const schedule of schedules) {
      const { status, body } = await ask('POST', '/schedules', schedule);
      expect([status, body.name]).toEqual([201, schedule.name]);
      expect((await ask('POST', `/schedules/${schedule.name}/run`)).status).toBe(201);
      await ask('POST', `/schedules/${schedule.name}/pause`, {});
      const read = await ask('GET', `/schedules/${schedule.name}`);
      expect(read.text).toContain('[Redacted]');
      const etag = { 'If-Match': read.headers.get('etag') ?? '' };
      const { status: edited } = await ask('PATCH', `/schedules/${schedule.name}`, { missed: 'once' }, etag);
      expect(edited).toBe(200);
    }
    const { body: started } = await ask('POST', '/workflows', workflow);
    await eventually(async () => (await ask('GET', `/workflows/${started.workflow_id}`)).body.finished_at);
    await ask('POST', '/jobs/batch', { jobs: [job, job] });
    await ask('POST', '/bulk-operations', { action: 'retry', dry_run: true, filter: { type: 'keep_back' } });
    await ask('POST', `/jobs/${failed}/retry`);
    await app.jobWith('FAILED', failed);
    const stream = await EventSource.open(`${app.api.ready}/jobs/${done}/events`);
    await stream.heard('end');
    stream.close();
    expect(stream.text).not.toContain(CANARY);

    const { body: all } = await ask('GET', '/jobs?limit=200');
    const { body: groups } = await ask('GET', '/dead-letters/groups');
    const values: Record<string, string[]> = {
      job_id: all.jobs.map((each: any) => each.job_id),
      type: ['keep_back', 'pay', 'pay_once'],
      workflow_id: all.jobs.flatMap((each: any) => each.workflow_id ?? []),
      fingerprint: groups.groups.map((group: any) => group.fingerprint),
      name: [...schedules.map(({ name }) => name), 'banking', 'letters', 'cards.csv'],
    };
    const { paths } = JSON.parse(await readFile('openapi.json', 'utf8'));
    const addresses = Object.keys(paths)
      .filter((path) => paths[path].get)
      .flatMap((path) => filledIn(path, values));
    for (const address of addresses) await ask('GET', address);
    expect(addresses.length).toBeGreaterThan(100);
    expect(leaking()).toEqual([]);
    const file = await ask('GET', `/jobs/${report}/artifacts/cards.csv`);
    expect(file.text).toContain('[Redacted]');
    const letters = all.jobs.filter((each: any) => each.type === 'dead_letter');
    expect(letters.length).toBeGreaterThan(0);
    for (const letter of letters) expect(letter.payload.payload).toMatchObject(SHOWN);
    const { body: dead } = await ask('GET', '/dead-letters');
    expect(dead.dead_letters[0]).toMatchObject({ payload: SHOWN });
  });
});

/** The addresses that a path of the documentation stands for. */
function filledIn(path: string, values: Record<string, string[]>): string[] {
  const [, name] = /\{(\w+)\}/.exec(path) ?? [];
  if (name === undefined) return [path];
  return (values[name] ?? []).flatMap((value) => filledIn(path.replace(`{${name}}`, value), values));
}
