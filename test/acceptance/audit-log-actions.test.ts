import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { startAudited } from '../support/audit.js';

/** What no record may hold. */
const HUSH = 'veryhushhush';
const URL = `https://hooks.example.com/services/${HUSH}`;
const SHORT_URL = expect.stringMatching(/^https:\/\/hooks\.example\.com \(sha256 [0-9a-f]{12}\)$/);
const VEILED = '(not recorded)';
const LATER = { payload: { card: HUSH }, schedule_in: 3_600 };

describe('the audit log has, once, what is done to', () => {
  let audited: Awaited<ReturnType<typeof startAudited>>;
  const hushed: string[] = [HUSH, 'whsec_', 'rh_'];
  beforeAll(async () => {
    audited = await startAudited('audit log actions', 1);
    hushed.push(audited.admin.Authorization.slice(-20));
  });
  // Whatever the test was about.
  afterEach(async () => {
    const { rows } = await audited.app.database.pool.query(
      `SELECT coalesce(json_agg(a)::text, '') AS said FROM audit_log a`,
    );
    for (const word of hushed) expect(rows[0].said).not.toContain(word);
  });
  afterAll(() => audited?.app.stop());

  const send: typeof audited.send = (...request) => audited.send(...request);
  const submit = async (more: object = {}) =>
    (await send('POST', '/jobs', { ...LATER, ...more })).job_id as string;

  test('a job', async () => {
    // What is told to run would be over before it can be told again.
    const id = await submit({ queue: 'held' });
    await send('POST', '/queues/held/pause');
    await send('PATCH', `/jobs/${id}`, { priority: 2, payload: { card: `new${HUSH}` } });
    await send('POST', `/jobs/${id}/cancel`);
    await send('POST', `/jobs/${id}/retry`);
    await send('POST', `/jobs/${id}/run-now`);
    await audited.app.database.pool.query(
      `UPDATE jobs SET status = 'CANCELLED', ticketed = false, finished_at = now() WHERE id = $1`,
      [id],
    );
    await send('DELETE', `/dead-letters/${id}`);
    expect(await audited.story(id)).toEqual([
      ['job.edit', { priority: 5, payload: VEILED }, { priority: 2, payload: VEILED }],
      [
        'job.cancel',
        { status: 'PENDING', cancel_requested: false },
        { status: 'CANCELLED', cancel_requested: true },
      ],
      ['job.retry', expect.objectContaining({ status: 'CANCELLED' }), expect.anything()],
      ['job.run_now', null, null].map((part) => part ?? expect.anything()),
      ['job.discard', { type: 'echo', status: 'CANCELLED' }, null],
    ]);
  });

  test('many jobs at once', async () => {
    await Promise.all([1, 2, 3].map(() => submit({ tags: ['many'] })));
    const filter = { tag: 'many', job_ids: [randomUUID()] };
    const none = await send('POST', '/bulk-operations', { action: 'run_now', filter });
    const { operation_id: id } = await send('POST', '/bulk-operations', {
      action: 'cancel',
      filter: { tag: 'many' },
    });
    const done = await eventually(
      async () => (await audited.records(`?subject_id=${id}&action=bulk_operation.complete`))[0],
    );
    expect(done).toMatchObject({
      actor: audited.me,
      after: { action: 'cancel', done: 3, skipped: 0, failed: 0 },
    });
    const [started] = await audited.records(`?subject_id=${none.operation_id}&action=bulk_operation.start`);
    expect(started!.after).toMatchObject({ action: 'run_now', filter: { tag: 'many', job_ids: 1 } });
    expect(await audited.records(`?action=job.cancel&from=${started!.at}`)).toEqual([]);
  });

  test('a bulk operation', async () => {
    await Promise.all([1, 2, 3].map(() => submit({ tags: ['slow'] })));
    const slow = { action: 'cancel', filter: { tag: 'slow' }, per_second: 0.1 };
    const { operation_id: id } = await send('POST', '/bulk-operations', slow);
    await send('POST', `/bulk-operations/${id}/abort`);
    expect(await audited.story(id)).toEqual([
      ['bulk_operation.start', null, expect.objectContaining({ per_second: 0.1 })],
      ['bulk_operation.abort', null, null],
    ]);
  });

  test('a workflow', async () => {
    const jobs = [
      { ref: 'a', ...LATER },
      { ref: 'b', payload: {}, depends_on: ['a'] },
    ];
    const { workflow_id: id } = await send('POST', '/workflows', { jobs });
    await send('POST', `/workflows/${id}/cancel`);
    await send('POST', `/workflows/${id}/retry`);
    expect(await audited.story(id)).toEqual([
      ['workflow.cancel', null, { jobs: 2 }],
      ['workflow.retry', null, { jobs: 2 }],
    ]);
  });

  test('a queue', async () => {
    await submit({ queue: 'mails' });
    await send('PATCH', '/queues/mails', { dead_letter_queue: 'dead', limits: { concurrency: 7 } });
    await send('POST', '/queues/mails/pause', { reason: 'maintenance' });
    await send('POST', '/queues/mails/resume');
    await send('POST', '/queues/mails/resume');
    expect(await audited.story('mails')).toEqual([
      [
        'queue.edit',
        { dead_letter_queue: null, limits: null },
        { dead_letter_queue: 'dead', limits: expect.objectContaining({ concurrency: 7 }) },
      ],
      ['queue.pause', { is_paused: false, reason: null }, { is_paused: true, reason: 'maintenance' }],
      ['queue.resume', { is_paused: true, reason: 'maintenance' }, { is_paused: false, reason: null }],
    ]);
    expect(await audited.records('?queue=mails')).toHaveLength(3);
  });

  test('a schedule', async () => {
    const job = { type: 'echo', payload: { card: HUSH } };
    await send('POST', '/schedules', { name: 'nightly', cron: '0 3 1 1 *', job });
    const edit = { cron: '0 4 1 1 *', job: { ...job, payload: { card: `more${HUSH}` } } };
    await send('PATCH', '/schedules/nightly', edit);
    await send('POST', '/schedules/nightly/pause', { reason: 'holidays' });
    await send('POST', '/schedules/nightly/resume');
    const once = { 'Idempotency-Key': 'once' };
    const { job_id } = await send('POST', '/schedules/nightly/run', undefined, once);
    await send('POST', '/schedules/nightly/run', undefined, once);
    await send('DELETE', '/schedules/nightly');
    expect(await audited.story('nightly')).toEqual([
      [
        'schedule.create',
        null,
        expect.objectContaining({ cron: '0 3 1 1 *', starts: { type: 'echo', queue: null } }),
      ],
      ['schedule.edit', { cron: '0 3 1 1 *', target: VEILED }, { cron: '0 4 1 1 *', target: VEILED }],
      ['schedule.pause', null, { reason: 'holidays' }],
      ['schedule.resume', { reason: 'holidays' }, null],
      ['schedule.run', null, { job_id }],
      ['schedule.delete', null, null],
    ]);
  });

  test('a webhook', async () => {
    const { webhook_id: id, secret } = await send('POST', '/webhooks', { url: URL, events: ['job.failed'] });
    hushed.push(secret.slice(6));
    await send('PATCH', `/webhooks/${id}`, { url: `${URL}2`, description: 'Another' });
    await send('POST', `/webhooks/${id}/rotate-secret`, { keep_old_for: 60 });
    const test = await send('POST', `/webhooks/${id}/test`);
    await send('POST', `/webhooks/${id}/deliveries/${test.delivery_id}/resend`);
    await send('POST', `/webhooks/${id}/disable`, { reason: 'moved' });
    await send('POST', `/webhooks/${id}/disable`, { reason: 'again' });
    await send('POST', `/webhooks/${id}/enable`);
    await send('DELETE', `/webhooks/${id}`);
    const sent = { event: 'webhook.test', webhook_event_id: expect.any(String) };
    expect(await audited.story(id)).toEqual([
      ['webhook.create', null, expect.objectContaining({ url: SHORT_URL, events: ['job.failed'] })],
      ['webhook.edit', { url: SHORT_URL, description: null }, { url: SHORT_URL, description: 'Another' }],
      ['webhook.rotate_secret', null, null],
      ['webhook.test', null, sent],
      ['webhook.resend', null, sent],
      ['webhook.disable', { enabled: true }, { enabled: false, reason: 'moved' }],
      ['webhook.enable', null, null],
      ['webhook.disable', { enabled: true }, { enabled: false, reason: 'it is being deleted' }],
      ['webhook.delete', null, null],
    ]);
  });

  test('an API key', async () => {
    const made = await send('POST', '/keys', { name: 'ci', scopes: ['jobs:read'] });
    const rotated = await send('POST', `/keys/${made.key_id}/rotate`, { keep_old_for: 5 });
    for (const { key } of [made, rotated]) hushed.push(key.slice(-12));
    await send('DELETE', `/keys/${made.key_id}`);
    expect(await audited.story(made.key_id)).toEqual([
      ['key.create', null, { name: 'ci', scopes: ['jobs:read'], expires_at: null }],
      ['key.rotate', null, { secret: 'exchanged', keeps_old_for: 5 }],
      ['key.revoke', { state: 'active' }, { state: 'revoked' }],
    ]);
  });

  test('a declared job type', async () => {
    await send('PUT', '/job-types/resize', { description: 'Resizes', example: { card: HUSH } });
    await send('PUT', '/job-types/resize', { description: 'Shrinks', example: { card: HUSH } });
    await send('DELETE', '/job-types/resize');
    expect(await audited.story('resize')).toEqual([
      [
        'job_type.declare',
        expect.anything(),
        expect.objectContaining({ description: 'Resizes', example: VEILED }),
      ],
      ['job_type.declare', { description: 'Resizes' }, { description: 'Shrinks' }],
      ['job_type.remove', null, null],
    ]);
  });

  test('a group of failed jobs', async () => {
    const id = await submit();
    await audited.app.database.pool.query(
      `UPDATE jobs SET status = 'FAILED', finished_at = now(), error_fingerprint = 'f1', updated_at = now() WHERE id = $1`,
      [id],
    );
    for (const verb of ['resolve', 'ignore', 'reopen']) await send('POST', `/dead-letters/groups/f1/${verb}`);
    expect(await audited.story('f1')).toEqual([
      ['error_group.resolve', { state: 'open' }, { state: 'resolved' }],
      ['error_group.ignore', { state: 'resolved' }, { state: 'ignored' }],
      ['error_group.reopen', { state: 'ignored' }, { state: 'open' }],
    ]);
  });

  test('a worker', async () => {
    const worker = await audited.app.addWorker({
      AUTH_MODE: 'keys',
      SECRETS_KEY: Buffer.alloc(32).toString('base64'),
    });
    const { workers } = await send('GET', '/workers');
    const { id } = workers.find(({ pid }: { pid: number }) => pid === worker.child.pid);
    await send('POST', `/workers/${id}/drain`);
    expect(await audited.story(id)).toEqual([['worker.drain', null, null]]);
  });
});
