import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/start-app.js';

const JOB = { type: 'echo', payload: { hello: 'world' } };

describe('schedules over HTTP', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('schedules', { workers: 0 });
  });
  afterEach(() => app.database.pool.query('TRUNCATE schedules, jobs, job_keys CASCADE'));
  afterAll(() => app?.stop());

  const create = (more: object = {}) =>
    app.client.post('/schedules', { name: 'nightly', cron: '0 3 * * *', job: JOB, ...more });
  const patch = (name: string, change: object, ifMatch: string | null) =>
    app.client.send(
      'PATCH',
      `/schedules/${name}`,
      JSON.stringify(change),
      ifMatch === null ? {} : { 'If-Match': ifMatch },
    );

  test('are made, read, listed and deleted', async () => {
    const job = { ...JOB, queue: 'reports', priority: 2, tags: ['a'], max_attempts: 5, lock: 'x' };
    const made = await create({ timezone: 'Europe/Berlin', missed: 'once', job });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe('/schedules/nightly');
    expect(made.headers.get('etag')).toMatch(/^"[0-9a-f]{12}-1"$/);
    expect(made.body).toEqual({
      name: 'nightly',
      state: 'active',
      cron: '0 3 * * *',
      rrule: null,
      dtstart: null,
      timezone: 'Europe/Berlin',
      missed: 'once',
      job,
      workflow: null,
      paused: null,
      next_run_at: expect.stringMatching(/T0[12]:00:00\.000Z$/),
      last_run_at: null,
      last_job_id: null,
      last_workflow_id: null,
      last_error: null,
      created_at: expect.any(String),
      updated_at: made.body.created_at,
    });
    expect(Date.parse(made.body.next_run_at)).toBeGreaterThan(Date.parse(made.body.created_at));

    const read = await app.client.get('/schedules/nightly');
    expect(read.body).toEqual({ ...made.body, runs: [] });
    expect(read.headers.get('etag')).toBe(made.headers.get('etag'));

    for (const name of ['a', 'b', 'z']) await create({ name });
    const first = await app.client.get('/schedules?limit=3');
    expect(first.body.schedules.map(({ name }: { name: string }) => name)).toEqual(['a', 'b', 'nightly']);
    const second = await app.client.get(`/schedules?limit=3&cursor=${first.body.next_cursor}`);
    expect(second.body).toMatchObject({ schedules: [{ name: 'z' }], next_cursor: null });
    expect((await app.client.get('/schedules?cursor=nonsense')).body.code).toBe('invalid_cursor');

    expect((await app.client.send('DELETE', '/schedules/nightly')).status).toBe(204);
    expect((await app.client.send('DELETE', '/schedules/nightly')).status).toBe(404);
    expect((await app.client.get('/schedules/nightyl')).body.code).toBe('schedule_not_found');
  });

  test('take recurrence rules, and begin where these say or right away', async () => {
    const rule = await create({
      rrule: 'DTSTART;TZID=Asia/Tokyo:20990101T090000\nRRULE:FREQ=DAILY',
      cron: undefined,
    });
    expect(rule.body).toMatchObject({
      cron: null,
      rrule: 'FREQ=DAILY',
      dtstart: '2099-01-01T09:00:00',
      timezone: 'Asia/Tokyo',
      next_run_at: '2099-01-01T00:00:00.000Z',
    });
    const soon = await create({ name: 'soon', rrule: 'FREQ=HOURLY;COUNT=3', cron: undefined });
    const wait = Date.parse(soon.body.next_run_at) - Date.parse(soon.body.created_at);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(1_000);
  });

  test('are documented with requests that work as they are', async () => {
    const { body: document } = await app.client.get('/openapi.json');
    const bodiesOf = (path: string, method: string) =>
      Object.values<{ value: object }>(
        document.paths[path][method].requestBody.content['application/json'].examples,
      ).map(({ value }) => value);
    for (const body of bodiesOf('/schedules', 'post'))
      expect((await app.client.post('/schedules', body)).status).toBe(201);
    for (const body of bodiesOf('/schedules/preview', 'post'))
      expect((await app.client.post('/schedules/preview', body)).status).toBe(200);
    for (const body of bodiesOf('/schedules/{name}', 'patch'))
      expect((await patch('weekday-report', body, '*')).status).toBe(200);
  });

  test('of a name that is taken are refused', async () => {
    await create();
    const { status, body } = await create();
    expect([status, body.code]).toEqual([409, 'schedule_already_exists']);
    expect(body.detail).toContain('PATCH /schedules/nightly');
  });

  test.each([
    [{ name: 'Nightly' }, '/name', 'matches'],
    [{ cron: undefined }, '/cron', 'missing'],
    [{ rrule: 'FREQ=DAILY' }, '/rrule', 'contradiction'],
    [{ cron: '0 0 30 2 *' }, '/cron', 'never_fires'],
    [{ cron: undefined, rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, '/rrule', 'never_fires'],
    [{ cron: undefined, rrule: 'FREQ=DAILY;UNTIL=20200101T000000Z' }, '/rrule', 'never_fires'],
    [
      { cron: undefined, rrule: 'FREQ=SECONDLY;INTERVAL=2;BYSECOND=1', timezone: 'UTC' },
      '/rrule',
      expect.any(String),
    ],
    [{ cron: 'every day' }, '/cron', 'is_cron'],
    [{ timezone: 'Europe/Berln' }, '/timezone', 'is_time_zone'],
    [{ missed: 'all' }, '/missed', 'is_in'],
    [{ cronn: '* * * * *' }, '/cronn', 'unknown_field'],
    [{ job: undefined }, '/job', 'is_object'],
    [{ job: { type: 'echo' } }, '/job/payload', 'is_object'],
    [{ job: { ...JOB, type: 'ehco' } }, '/job/type', 'unknown_job_type'],
    [{ job: { ...JOB, scheduled_at: '2030-01-01' } }, '/job/scheduled_at', 'unknown_field'],
    [{ job: { ...JOB, idempotency_key: 'a' } }, '/job/idempotency_key', 'unknown_field'],
    [{ job: { ...JOB, max_attempts: 3, retry: 2 } }, '/job/retry', 'contradiction'],
    [{ job: { ...JOB, callback_url: 'https://hooks.example/a' } }, '/job/callback_url', 'callback_url'],
    [
      { job: { ...JOB, tags: Array.from({ length: 20 }, (_, at) => `t${at}`) } },
      '/job/tags',
      'array_max_size',
    ],
    [{ job: { type: 'fetch-joke', payload: { category: 5 } } }, '/job/payload/category', expect.any(String)],
  ])('that make no sense are refused: %j', async (wrong, pointer, code) => {
    const every2Seconds = 'rrule' in wrong && wrong.rrule?.includes('BYSECOND=1');
    const { status, body } = await create(
      every2Seconds ? { ...wrong, rrule: `DTSTART:20260101T000000\n${wrong.rrule}` } : wrong,
    );
    expect([status, body.errors?.[0]]).toEqual([422, { pointer, detail: expect.any(String), code }]);
    expect((await app.client.get('/schedules')).body.schedules).toEqual([]);
  });

  test('say why the jobs of schedules have no time, no key and no parents', async () => {
    const job = { ...JOB, schedule_in: 5, idempotency_key: 'a', depends_on: [] };
    const { body } = await create({ job, tz: 'UTC' });
    expect(body.errors.map(({ pointer, detail }: any) => `${pointer} ${detail}`)).toEqual([
      '/job/schedule_in There is no field "schedule_in". A schedule has times of its own: cron, or rrule.',
      expect.stringContaining('There is no field "idempotency_key". Each occurrence is a job of its own'),
      expect.stringContaining('There is no field "depends_on". What it waited for'),
      '/tz There is no field "tz". Did you mean "timezone"?',
    ]);
  });

  test('are changed over the version that was read, and only over that', async () => {
    const etag = (await create()).headers.get('etag')!;
    expect((await patch('nightly', { missed: 'once' }, null)).status).toBe(428);
    const changed = await patch('nightly', { cron: '0 4 * * *', timezone: 'America/New_York' }, etag);
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      cron: '0 4 * * *',
      timezone: 'America/New_York',
      missed: 'skip',
      job: JOB,
    });
    expect(changed.body.next_run_at).toMatch(/T0[89]:00/);
    expect((await patch('nightly', { missed: 'once' }, etag)).status).toBe(412);

    const now = changed.headers.get('etag')!;
    const rule = await patch('nightly', { rrule: 'FREQ=DAILY;BYHOUR=5;BYMINUTE=0;BYSECOND=0' }, now);
    expect(rule.body).toMatchObject({ cron: null, timezone: 'America/New_York' });
    expect(rule.body.next_run_at).toMatch(/T(09|10):00:00/);
    const moved = await patch('nightly', { timezone: 'UTC' }, '*');
    expect(moved.body).toMatchObject({ timezone: 'UTC', dtstart: rule.body.dtstart });
    expect(moved.body.next_run_at).toMatch(/T05:00:00/);
    const job = { type: 'echo', payload: { other: true } };
    expect((await patch('nightly', { job }, '*')).body).toMatchObject({
      job,
      next_run_at: moved.body.next_run_at,
    });

    const wrong = await patch('nightly', { cron: '0 0 30 2 *' }, '*');
    expect([wrong.status, wrong.body.errors[0].code]).toEqual([422, 'never_fires']);
    expect((await patch('nightly', { job: { ...job, type: 'nope' } }, '*')).body.code).toBe(
      'unknown_job_type',
    );
    expect((await patch('other', { missed: 'once' }, '*')).status).toBe(404);
  });

  test('are paused by whom and why, and resumed from now on', async () => {
    await create();
    const paused = await app.client.post('/schedules/nightly/pause', { reason: 'holidays' });
    expect(paused.body).toMatchObject({
      state: 'paused',
      paused: { by: 'anonymous', reason: 'holidays', since: expect.any(String) },
      next_run_at: null,
    });
    expect((await patch('nightly', { cron: '0 5 * * *' }, '*')).body).toMatchObject({
      state: 'paused',
      next_run_at: null,
    });
    expect((await app.client.post('/schedules/nightly/pause')).body.paused).toMatchObject({
      since: paused.body.paused.since,
      reason: null,
    });
    const resumed = await app.client.post('/schedules/nightly/resume');
    expect(resumed.body).toMatchObject({ state: 'active', paused: null });
    expect(resumed.body.next_run_at).toMatch(/T05:00:00/);
    expect((await app.client.post('/schedules/other/pause')).status).toBe(404);
    expect((await app.client.post('/schedules/other/resume')).status).toBe(404);
  });

  test('run by hand enqueue their job, also while paused, once for one key', async () => {
    const { body: schedule } = await create({ job: { ...JOB, tags: ['a'], priority: 3 } });
    await app.client.post('/schedules/nightly/pause');
    const ran = await app.client.post('/schedules/nightly/run', undefined, { 'Idempotency-Key': 'k' });
    expect(ran.status).toBe(201);
    expect(ran.body).toMatchObject({ type: 'echo', priority: 3, tags: ['a', 'schedule:nightly'] });
    const again = await app.client.post('/schedules/nightly/run', undefined, { 'Idempotency-Key': 'k' });
    expect([again.status, again.body.job_id]).toEqual([200, ran.body.job_id]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    await app.client.post('/schedules/nightly/run');
    const { body } = await app.client.get('/jobs?tag=schedule:nightly');
    expect(body.jobs).toHaveLength(2);
    await app.client.post('/schedules/nightly/resume');
    expect((await app.client.get('/schedules/nightly')).body.next_run_at).toBe(schedule.next_run_at);
    expect((await app.client.post('/schedules/other/run')).status).toBe(404);
  });

  test('are previewed, those that are there and those that may come', async () => {
    await create({ cron: '30 9 * * *', timezone: 'Asia/Kolkata' });
    const { body } = await app.client.get('/schedules/nightly/preview?count=3');
    expect(body.timezone).toBe('Asia/Kolkata');
    expect(body.occurrences).toHaveLength(3);
    for (const { utc, local } of body.occurrences) {
      expect(utc).toMatch(/T04:00:00\.000Z$/);
      expect(local).toMatch(/T09:30:00\+05:30$/);
      expect(Date.parse(local)).toBe(Date.parse(utc));
    }
    expect((await app.client.get('/schedules/nightly/preview')).body.occurrences).toHaveLength(10);
    expect((await app.client.get('/schedules/nightly/preview?count=101')).status).toBe(422);
    expect((await app.client.get('/schedules/other/preview')).status).toBe(404);

    const free = await app.client.post('/schedules/preview', {
      rrule: 'DTSTART;TZID=America/New_York:20990301T090000\nRRULE:FREQ=WEEKLY;COUNT=3',
    });
    expect(free.status).toBe(200);
    expect(free.body).toEqual({
      timezone: 'America/New_York',
      occurrences: [
        { utc: '2099-03-01T14:00:00.000Z', local: '2099-03-01T09:00:00-05:00' },
        { utc: '2099-03-08T13:00:00.000Z', local: '2099-03-08T09:00:00-04:00' },
        { utc: '2099-03-15T13:00:00.000Z', local: '2099-03-15T09:00:00-04:00' },
      ],
    });
    const never = await app.client.post('/schedules/preview', { cron: '0 0 30 2 *' });
    expect([never.status, never.body.errors[0].code]).toEqual([422, 'never_fires']);
  });
});
