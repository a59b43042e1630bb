import { randomUUID } from 'node:crypto';
import { byHand } from '../support/by-hand.js';
import { startAudited } from '../support/audit.js';
import { eventually } from '../support/eventually.js';
import { insertPastJobs } from '../support/past-jobs.js';

describe('the audit log', () => {
  let audited: Awaited<ReturnType<typeof startAudited>>;
  beforeAll(async () => {
    audited = await startAudited('audit log');
  });
  afterAll(() => audited?.app.stop());

  const send: typeof audited.send = (...request) => audited.send(...request);
  const query = async (text: string, values: unknown[] = []) =>
    (await audited.app.database.pool.query(text, values)).rows;
  const submit = async (more: object = {}) =>
    (await send('POST', '/jobs', { payload: {}, schedule_in: 3_600, ...more })).job_id as string;

  test('tells who did what to which thing, with what changed, when, and in which request', async () => {
    const id = await submit();
    const { headers } = await audited.ask('PATCH', `/jobs/${id}`, { priority: 2 });
    const [record, ...more] = await audited.records(`?subject_id=${id}`);
    expect(more).toEqual([]);
    expect(record).toEqual({
      id: expect.stringMatching(/^\d+$/),
      at: expect.any(String),
      actor: audited.me,
      action: 'job.edit',
      subject_type: 'job',
      subject_id: id,
      queue: 'default',
      before: { priority: 5 },
      after: { priority: 2 },
      request_id: headers.get('x-request-id'),
      login: 'roundhouse',
    });
    expect(Math.abs(Date.parse(record!.at) - Date.now())).toBeLessThan(60_000);
  });

  test('does not hear of what was refused, nor of plain submissions', async () => {
    const id = await submit();
    const { key_id: key } = await send('POST', '/keys', { name: 'ci', scopes: ['jobs:read'] });
    await send('DELETE', `/keys/${key}`);
    const count = async () => (await query('SELECT count(*)::int AS records FROM audit_log'))[0].records;
    const before = await count();
    await send('POST', '/jobs/batch', { jobs: [{ payload: {} }, { payload: {} }] });
    await send('POST', '/tasks/echo', {});
    const refused: [string, string, number][] = [
      ['POST', `/jobs/${id}/retry`, 409],
      ['POST', `/jobs/${randomUUID()}/cancel`, 404],
      ['POST', '/queues/nowhere/pause', 404],
      ['POST', `/keys/${key}/rotate`, 409],
      ['DELETE', '/schedules/nowhere', 404],
      ['DELETE', `/webhooks/${randomUUID()}`, 404],
    ];
    for (const [method, path, status] of refused)
      expect(`${path} ${(await audited.ask(method, path)).status}`).toBe(`${path} ${status}`);
    expect(await count()).toBe(before);
  });

  test('is read page by page, and filtered by who, what, when and where', async () => {
    await submit({ queue: 'rests' });
    for (let round = 0; round < 10; round += 1) {
      await send('POST', '/queues/rests/pause');
      await send('POST', '/queues/rests/resume');
    }
    const all = await audited.records('?limit=200');
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Record<string, any> = await send(
        'GET',
        `/admin/audit?limit=7${cursor && `&cursor=${cursor}`}`,
      );
      ids.push(...page.records.map(({ id }: { id: string }) => id));
      cursor = page.next_cursor;
    }
    expect(ids).toEqual(all.map(({ id }) => id));
    expect(ids).toEqual([...ids].sort((a, b) => Number(b) - Number(a)));

    expect(await audited.records('?queue=rests&limit=200')).toHaveLength(20);
    expect(await audited.records('?action=queue.pause&subject_id=rests')).toHaveLength(10);
    expect(await audited.records('?subject_type=worker')).toEqual([]);
    expect(await audited.records('?actor=nobody')).toEqual([]);
    expect(await audited.records(`?actor=${audited.me}&limit=200`)).toEqual(
      all.filter(({ actor }) => actor === audited.me),
    );
    const middle = all[5]!.at;
    const early = await audited.records(`?to=${middle}&limit=200`);
    const late = await audited.records(`?from=${middle}&limit=200`);
    expect([...late, ...early]).toEqual(all);
    expect(late.every(({ at }) => at >= middle)).toBe(true);
  });

  test.each([
    'cursor=x',
    'cursor=9999999999999999999',
    'from=yesterday',
    'action=job.paint',
    'limit=0',
    'who=me',
  ])('is not asked with %s', async (wrong) => {
    expect((await audited.ask('GET', `/admin/audit?${wrong}`)).status).toBe(422);
  });

  test.each([
    `UPDATE audit_log SET actor = 'somebody else'`,
    'DELETE FROM audit_log',
    'TRUNCATE audit_log',
    `SET roundhouse.forgets_audit_log = 'on'; DELETE FROM audit_log`,
  ])('stays as it is, whoever says: %s', async (statement) => {
    await submit({ queue: 'kept' });
    await send('POST', '/queues/kept/pause');
    await expect(query(statement)).rejects.toThrow('stay as they are');
  });

  test('loses nothing that is younger than a month, and says what it has lost', async () => {
    const forget = async (days: number) =>
      (await query('SELECT forget_audit_log($1, 1000) AS gone', [days]))[0].gone;
    await query(
      `INSERT INTO audit_log (at, actor, action, subject_type) VALUES
         (now() - interval '29 days', 'time', 'young', 'job'), (now() - interval '31 days', 'time', 'old', 'job')`,
    );
    expect(await forget(60)).toBe(0);
    expect(await forget(0)).toBe(1);
    expect(await forget(-1_000)).toBe(0);
    expect(await query(`SELECT action FROM audit_log WHERE actor = 'time'`)).toEqual([{ action: 'young' }]);
    const [record] = await audited.records('?action=audit_log.forget');
    expect(record).toMatchObject({
      actor: 'service',
      request_id: null,
      after: { records: 1, older_than_days: 30 },
    });
  });

  test('has what the service does by itself: what it deletes, forgets and mends', async () => {
    const pool = audited.app.database.pool;
    const days = 86_400;
    await insertPastJobs(audited.app.database, {
      queue: 'old',
      status: 'COMPLETED',
      created: 50 * days,
      finished: 40 * days,
    });
    await query(
      `INSERT INTO audit_log (at, actor, action, subject_type) VALUES (now() - interval '50 days', 'age', 'old', 'job')`,
    );
    const lost = await submit({ schedule_in: 0 });
    await byHand(pool, 'DELETE FROM pgboss.job');
    await audited.app.addWorker({ DELETE_JOBS: 'always', RETENTION_DAYS: '30', AUDIT_RETENTION_DAYS: '40' });
    const byItself = (action: string) =>
      eventually(async () => (await audited.records(`?actor=service&action=${action}`))[0], 60_000);
    expect((await byItself('jobs.delete_old')).after).toEqual({ days: 30, jobs: { COMPLETED: 1 } });
    expect((await byItself('jobs.mend')).after).toMatchObject({ ids: expect.arrayContaining([lost]) });
    await eventually(async () => (await query(`SELECT FROM audit_log WHERE actor = 'age'`)).length === 0);
  });
});
