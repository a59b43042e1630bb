import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { insertFailedJobs } from '../support/failed-jobs.js';
import { KEYS_ONLY, startLockedApp } from '../support/keys.js';
import { startProduct } from '../support/product.js';
import type { App } from '../support/start-app.js';

type Headers = Record<string, string>;

const LATER = { schedule_in: 3_600 };
const SCOPES = ['jobs:submit', 'jobs:read', 'jobs:control', 'queues:admin', 'schedules:write', 'leases'];

describe('whoever holds all scopes, but for one queue', () => {
  let app: App;
  let all: Headers;
  let mine: Headers;
  beforeAll(async () => {
    const locked = await startLockedApp('queue_bound_keys', 1);
    app = locked.app;
    all = await locked.allowed('admin');
    mine = await locked.allowed(...SCOPES.map((scope) => `${scope}@mine`));
  });
  afterAll(() => app?.stop());

  const submit = async (body: object, headers = all) =>
    app.client.post('/jobs', { payload: {}, ...body }, headers);
  const idOf = async (body: object) => (await submit(body)).body.job_id as string;
  const finished = (id: string) =>
    eventually(async () => {
      const { body } = await app.client.get(`/jobs/${id}`, all);
      return ['COMPLETED', 'FAILED', 'CANCELLED'].includes(body.status) ? body : undefined;
    });

  test.each([
    ['GET', ''],
    ['GET', '/attempts'],
    ['GET', '/logs'],
    ['GET', '/events'],
    ['GET', '/parents'],
    ['GET', '/explain'],
    ['GET', '/deliveries'],
    ['GET', '/artifacts'],
    ['GET', '/artifacts/a.csv'],
    ['POST', '/cancel'],
    ['POST', '/retry'],
    ['POST', '/run-now'],
    ['PATCH', ''],
  ])(
    'cannot tell a job of another queue from one that there is not: %s /jobs/{id}%s',
    async (method, rest) => {
      const foreign = await idOf({ queue: 'foreign', ...LATER });
      const none = foreign.replace(/.{8}$/, '00000000');
      const body = method === 'PATCH' ? '{"priority":1}' : undefined;
      const [one, other] = await Promise.all(
        [foreign, none].map((id) => app.client.send(method, `/jobs/${id}${rest}`, body, mine)),
      );
      expect([one!.status, one!.body.code]).toEqual([404, 'job_not_found']);
      const { detail, ...told } = one!.body;
      expect(detail.replace(foreign, none)).toBe(other!.body.detail);
      expect(JSON.stringify(told)).not.toContain('"foreign"');
      expect((await app.client.get(`/jobs/${foreign}`, all)).body).toMatchObject({
        status: 'PENDING',
        priority: 5,
      });
    },
  );

  test('cannot discard dead letters of another queue, nor list them', async () => {
    const [own] = await insertFailedJobs(app.database.pool, 1, { queue: 'mine' });
    const [foreign] = await insertFailedJobs(app.database.pool, 1, { queue: 'foreign' });
    const discard = async (id: string) =>
      (await app.client.send('DELETE', `/dead-letters/${id}`, undefined, mine)).status;
    const { body } = await app.client.get('/dead-letters?queue=mine', mine);
    expect(body.dead_letters.map(({ job_id }: { job_id: string }) => job_id)).toEqual([own]);
    expect((await app.client.get('/dead-letters?queue=foreign', mine)).status).toBe(403);
    expect([await discard(foreign!), await discard(own!)]).toEqual([404, 204]);
    expect((await app.client.get(`/jobs/${foreign}`, all)).status).toBe(200);
  });

  test('learns nothing of a job of another queue by its unique key, and leaves nothing behind in trying', async () => {
    const unique = { key: 'secret', on_conflict: 'return' };
    const foreign = await idOf({ queue: 'foreign', unique, ...LATER });
    const one = await submit({ queue: 'mine', unique, ...LATER }, mine);
    expect([one.status, one.body.code]).toEqual([403, 'forbidden']);
    const jobs = [
      { payload: {}, queue: 'mine', tags: ['left'] },
      { payload: {}, queue: 'mine', unique },
    ];
    const batch = await app.client.post('/jobs/batch', { jobs }, mine);
    expect([batch.status, batch.body.code]).toEqual([403, 'forbidden']);
    const reject = { key: 'secret', on_conflict: 'reject' };
    const rejected = { payload: {}, queue: 'mine', unique: reject, tags: ['left'] };
    const refused = [
      await submit(rejected, mine),
      await app.client.post('/jobs/batch', { jobs: [rejected], group: {} }, mine),
      await app.client.post('/workflows', { jobs: [{ ref: 'a', ...rejected }] }, mine),
    ];
    for (const { body } of [one, batch, ...refused]) {
      expect(body.code).toBe('forbidden');
      expect(JSON.stringify(body)).not.toContain('foreign');
      expect(JSON.stringify(body)).not.toContain(foreign);
    }
    const { rows } = await app.database.pool.query(`SELECT id FROM jobs WHERE 'left' = ANY(tags)`);
    expect(rows).toEqual([]);
  });

  test('changes no job of another queue by its unique key', async () => {
    const unique = { key: 'taken', on_conflict: 'replace' };
    const foreign = await idOf({ queue: 'foreign', payload: { kept: true }, unique, ...LATER });
    for (const job of [
      { payload: {}, queue: 'mine', unique },
      { type: 'echo', payload: {}, queue: 'mine', unique },
    ]) {
      expect((await submit(job, mine)).status).toBe(403);
      expect((await app.client.post('/jobs/batch', { jobs: [job] }, mine)).status).toBe(403);
    }
    expect((await app.client.get(`/jobs/${foreign}`, all)).body.payload).toEqual({ kept: true });
  });

  test('learns nothing of the job of another caller by its idempotency key', async () => {
    const foreign = await submit({ queue: 'foreign', payload: { a: 1 }, idempotency_key: 'guessed' });
    for (const body of [{ a: 1 }, { a: 2 }]) {
      const answer = await submit({ queue: 'mine', payload: body, idempotency_key: 'guessed' }, mine);
      if (body.a === 1) expect(answer.status).toBe(201);
      expect(JSON.stringify(answer.body)).not.toContain(foreign.body.job_id);
    }
    const { body } = await app.client.get('/jobs?queue=mine&idempotency_key=guessed', mine);
    expect(body.jobs.map(({ queue_name }: { queue_name: string }) => queue_name)).toEqual(['mine']);
  });

  test('reads no results of another queue by depending on them', async () => {
    const foreign = await idOf({ queue: 'foreign', payload: { secret: 1 } });
    for (const depends_on of [[foreign], [{ job_id: foreign, on_failure: 'continue' }]]) {
      const job = { payload: {}, queue: 'mine', depends_on };
      expect((await submit(job, mine)).status).toBe(403);
      expect((await app.client.post('/jobs/batch', { jobs: [job] }, mine)).status).toBe(403);
      const { status } = await app.client.post(
        '/schedules',
        { name: 'reader', cron: '0 0 1 1 *', job: { type: 'echo', ...job } },
        mine,
      );
      expect([403, 422]).toContain(status);
      const workflow = { jobs: [{ ref: 'a', payload: {}, queue: 'mine', depends_on: [foreign] }] };
      expect((await app.client.post('/workflows', workflow, mine)).status).toBe(422);
    }
  });

  test.each([
    ['generate_report', (job_id: string) => ({ format: 'csv', job_id, columns: [{ field: 'a' }] })],
    [
      'send_email',
      (job_id: string) => ({
        to: ['a@example.org'],
        subject: 's',
        text: 't',
        attachments: [{ job_id, artifact: 'rows.csv' }],
      }),
    ],
  ])('reads no results of another queue through a handler: %s', async (type, payloadOf) => {
    const foreign = await idOf({ queue: 'foreign', payload: { rows: [{ a: 1 }] } });
    const own = await idOf({ queue: 'mine', payload: { rows: [{ a: 1 }] } });
    const job = (id: string) => ({ type, queue: 'mine', payload: payloadOf(id), ...LATER });
    const refused = await submit(job(foreign), mine);
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    expect(refused.body.detail).not.toContain('foreign');
    expect((await app.client.post('/jobs/batch', { jobs: [job(foreign)] }, mine)).status).toBe(403);
    const accepted = await submit(job(own), mine);
    expect(accepted.status).toBe(201);
    const edit = JSON.stringify({ payload: payloadOf(foreign) });
    const edited = await app.client.send('PATCH', `/jobs/${accepted.body.job_id}`, edit, mine);
    expect(edited.status).toBe(403);
    expect((await submit(job(foreign))).status).toBe(201);
  });

  test.each(['bulk_operation', 'deliver_webhook'])(
    'makes no jobs of the service itself: %s',
    async (type) => {
      const payload = type === 'bulk_operation' ? { action: 'cancel' } : { event: 'job.completed' };
      const job = { type, payload, queue: 'mine' };
      for (const headers of [mine, all]) {
        const answers = [
          await submit(job, headers),
          await submit({ payload: { task: type, ...payload }, queue: 'mine' }, headers),
          await app.client.post('/jobs/batch', { jobs: [job] }, headers),
          await app.client.post('/workflows', { jobs: [{ ref: 'a', ...job }] }, headers),
          await app.client.post('/schedules', { name: 'own', cron: '0 0 1 1 *', job }, headers),
        ];
        for (const { status, body } of answers)
          expect([status, body.code]).toEqual([422, 'validation_failed']);
      }
      expect((await app.client.post(`/tasks/${type}`, payload, all)).status).toBe(422);
    },
  );

  test('is not able to let a bulk operation go on that somebody else has stopped', async () => {
    const bound = await boundTo('default');
    const waiting = await idOf({ queue: 'foreign', ...LATER });
    const request = { action: 'cancel', filter: { queue: 'foreign' }, per_second: 1, limit: 1 };
    // It waits in the queue default, in which there is nobody to do it.
    await app.client.post('/queues/default/pause', {}, all);
    const { body } = await app.client.post('/bulk-operations', request, all);
    expect(
      (await app.client.post(`/bulk-operations/${body.operation_id}/abort`, undefined, all)).status,
    ).toBe(202);
    for (const rest of ['retry', 'run-now', 'cancel'])
      expect((await app.client.post(`/jobs/${body.operation_id}/${rest}`, undefined, bound)).status).toBe(
        403,
      );
    expect(
      (await app.client.send('PATCH', `/jobs/${body.operation_id}`, '{"priority":1}', bound)).status,
    ).toBe(403);
    expect(
      (await app.client.send('DELETE', `/dead-letters/${body.operation_id}`, undefined, bound)).status,
    ).toBe(403);
    await app.client.post('/queues/default/resume', undefined, all);
    expect((await app.client.get(`/jobs/${waiting}`, all)).body.status).toBe('PENDING');
  });

  test('leaves the service its own jobs', async () => {
    const waiting = await idOf({ queue: 'foreign', ...LATER });
    const request = { action: 'cancel', filter: { job_ids: [waiting] } };
    const { body } = await app.client.post('/bulk-operations', request, all);
    expect(await finished(body.operation_id)).toMatchObject({ status: 'COMPLETED', result: { done: 1 } });
    expect((await app.client.get(`/jobs/${waiting}`, all)).body.status).toBe('CANCELLED');
  });

  test('leads no job of its queue elsewhere', async () => {
    const own = await idOf({ queue: 'mine', ...LATER });
    const moved = await app.client.send('PATCH', `/jobs/${own}`, '{"queue":"foreign"}', mine);
    expect(moved.status).toBe(403);
    const group = {
      jobs: [{ payload: {}, queue: 'mine' }],
      group: { on_finished: { type: 'echo', payload: {}, queue: 'foreign' } },
    };
    expect((await app.client.post('/jobs/batch', group, mine)).status).toBe(403);
    const workflow = {
      jobs: [{ ref: 'a', payload: {}, queue: 'mine' }],
      on_finished: { type: 'echo', payload: {}, queue: 'foreign' },
    };
    expect((await app.client.post('/workflows', workflow, mine)).status).toBe(403);
    const edit = { ...mine, 'If-Match': '*' };
    const target = await app.client.send('PATCH', '/queues/mine', '{"dead_letter_queue":"foreign"}', edit);
    expect(target.status).toBe(403);
  });

  const boundTo = async (queue: string): Promise<Headers> => {
    const scopes = SCOPES.map((scope) => `${scope}@${queue}`);
    const { body } = await app.client.post('/keys', { name: queue, scopes }, all);
    return { Authorization: `Bearer ${body.key}` };
  };
});

describe('an API whose SECRETS_KEY is not that of its keys', () => {
  test('says so when it starts, and does not start where nobody could call it', async () => {
    const { app, allowed } = await startLockedApp('queue_bound_keys_secret');
    await allowed('admin');
    const other = { ...KEYS_ONLY, SECRETS_KEY: Buffer.alloc(32, 8).toString('base64') };
    const api = await startProduct('api', app.database.url, other);
    await api.says('Nobody can call the API, for 1 of 1 API keys were made under another SECRETS_KEY');
    await api.stop();
    const open = { ...other, HOST: '0.0.0.0' };
    await expect(startProduct('api', app.database.url, open)).rejects.toThrow(
      /ended with 78[^]*another SECRETS_KEY/,
    );
    const both = { ...open, SECRETS_KEY: `${other.SECRETS_KEY},${KEYS_ONLY.SECRETS_KEY}` };
    const mended = await startProduct('api', app.database.url, both);
    expect(mended.output()).not.toContain('another SECRETS_KEY');
    await mended.stop();
    await app.stop();
  });
});
