import { byHand } from '../support/by-hand.js';
import { SOON_MS } from '../support/eventually.js';
import { insertFailedJobs } from '../support/failed-jobs.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

describe('groups of dead letters', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('error groups', { program: FIXTURE_APP });
  });
  beforeEach(() => byHand(app.database.pool, 'DELETE FROM jobs; DELETE FROM error_groups'));
  afterAll(() => app?.stop());

  const fail = async (payload: object, more: object = {}): Promise<Record<string, any>> => {
    const { body } = await app.client.post('/jobs', { type: 'fail_as', payload, ...more });
    return app.jobWith('FAILED', body.job_id);
  };
  const groups = async (query = ''): Promise<Record<string, any>[]> => {
    const { status, body } = await app.client.get(`/dead-letters/groups?${query}`);
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body.groups;
  };
  const change = async (fingerprint: string, what: string) =>
    (await app.client.post(`/dead-letters/groups/${fingerprint}/${what}`)).body;

  test('hold the failures of one cause: how many, when, of which types and queues', async () => {
    const first = await fail({ message: 'No user 1' });
    const second = await fail({ message: 'No user 22' }, { queue: 'emails' });
    const third = await fail({ message: 'No user 333' });
    const other = await fail({ message: 'Disk is full', name: 'StorageError' });
    const [newest, oldest, ...none] = await groups();
    expect(none).toEqual([]);
    expect(newest).toMatchObject({
      error_name: 'StorageError',
      message: 'Disk is full',
      count: 1,
      job_ids: [other.job_id],
    });
    expect(oldest).toEqual({
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      state: 'open',
      regressed: false,
      changed_at: null,
      changed_by: null,
      error_name: 'Error',
      message: 'No user 333',
      count: 3,
      count_is_exact: true,
      types: [{ type: 'fail_as', count: 3 }],
      queues: ['default', 'emails'],
      first_seen: first.finished_at,
      last_seen: third.finished_at,
      job_ids: [third.job_id, second.job_id, first.job_id],
    });
    expect((await app.client.get(`/dead-letters/groups/${oldest!.fingerprint}`)).body).toEqual(oldest);
    const { body } = await app.client.get(`/dead-letters?fingerprint=${oldest!.fingerprint}`);
    expect(body.dead_letters.map((letter: any) => letter.job_id)).toEqual(oldest!.job_ids);
  });

  test('are resolved, ignored and opened again by somebody at a time, and listed by state', async () => {
    await fail({ message: 'x' });
    const [{ fingerprint } = {}] = await groups();
    for (const [what, state] of [
      ['resolve', 'resolved'],
      ['ignore', 'ignored'],
      ['reopen', 'open'],
    ] as const) {
      const before = Date.now();
      const group = await change(fingerprint, what);
      expect(group).toMatchObject({ fingerprint, state, regressed: false, changed_by: 'anonymous' });
      expect(Math.abs(Date.parse(group.changed_at) - before)).toBeLessThan(60_000);
      for (const other of ['open', 'resolved', 'ignored']) {
        expect(await groups(`state=${other}`)).toEqual(other === state ? [group] : []);
      }
      expect(await groups('state=all')).toEqual([group]);
      expect(await groups()).toEqual(state === 'open' ? [group] : []);
    }
  });

  test('that were resolved are open again, and say so, when they see a new failure', async () => {
    await fail({ message: 'attempt 1' });
    const [{ fingerprint } = {}] = await groups();
    const resolved = await change(fingerprint, 'resolve');
    expect(await groups()).toEqual([]);
    const again = await fail({ message: 'attempt 2' });
    expect(await groups()).toMatchObject([
      {
        fingerprint,
        state: 'open',
        regressed: true,
        changed_at: resolved.changed_at,
        last_seen: again.finished_at,
        count: 2,
      },
    ]);
    expect(await groups('state=resolved')).toEqual([]);
    expect(await change(fingerprint, 'resolve')).toMatchObject({ state: 'resolved', regressed: false });
  });

  test('that were resolved are open again when one of their jobs is retried and fails again', async () => {
    const { job_id: id } = await fail({ message: 'x' });
    const [{ fingerprint } = {}] = await groups();
    await change(fingerprint, 'resolve');
    await app.client.post('/dead-letters/redrive', { filter: { fingerprint } });
    const isRetried = (job: any) => job.attempts === 2;
    while (!isRetried((await app.jobWith('FAILED', id)) as any));
    expect(await groups()).toMatchObject([{ fingerprint, regressed: true, count: 1 }]);
  });

  test('that are ignored stay so, whatever happens', async () => {
    await fail({ message: 'x' });
    const [{ fingerprint } = {}] = await groups();
    await change(fingerprint, 'ignore');
    await fail({ message: 'x' });
    expect(await groups()).toEqual([]);
    expect(await groups('state=ignored')).toMatchObject([{ fingerprint, count: 2, regressed: false }]);
  });

  test('are gone when none of their jobs is failed any more', async () => {
    const { job_id: id } = await fail({ message: 'x' });
    const [{ fingerprint } = {}] = await groups();
    await app.client.send('DELETE', `/dead-letters/${id}`);
    expect(await groups('state=all')).toEqual([]);
    for (const [method, what] of [
      ['GET', ''],
      ['POST', '/resolve'],
      ['POST', '/ignore'],
      ['POST', '/reopen'],
    ] as const) {
      const { status, body } = await app.client.send(method, `/dead-letters/groups/${fingerprint}${what}`);
      expect([status, body.code]).toEqual([404, 'error_group_not_found']);
    }
    expect((await app.client.get('/dead-letters/groups/%00')).status).toBe(404);
  });

  test('are counted however many jobs they hold, within a second', async () => {
    await insertFailedJobs(app.database.pool, 20_000, { type: 'common', fingerprint: 'a' });
    await insertFailedJobs(app.database.pool, 100, {
      type: 'rare',
      fingerprint: 'a',
      failedAt: new Date('2026-01-01'),
    });
    await app.database.pool.query('ANALYZE jobs');
    const started = performance.now();
    const [group] = await groups();
    expect(performance.now() - started).toBeLessThan(SOON_MS);
    expect(group).toMatchObject({
      count: 20_100,
      count_is_exact: true,
      types: [{ type: 'common', count: 10_000 }],
      first_seen: '2026-01-01T00:00:00.000Z',
    });
  });

  test('are walked through page by page, the latest failure first', async () => {
    for (let number = 0; number < 7; number++) {
      const failedAt = new Date(Date.UTC(2026, 0, 1 + (number % 4)));
      await insertFailedJobs(app.database.pool, 2, { fingerprint: `print-${number}`, failedAt });
    }
    const whole = await groups();
    expect(whole).toHaveLength(7);
    const times = whole.map((group) => group.last_seen);
    expect(times).toEqual(times.toSorted().reverse());
    const walked: unknown[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < 10; page++) {
      const { body }: { body: Record<string, any> } = await app.client.get(
        `/dead-letters/groups?limit=2${cursor && `&cursor=${cursor}`}`,
      );
      walked.push(...body.groups);
      cursor = body.next_cursor;
    }
    expect(walked).toEqual(whole);
  });

  test.each([
    ['state=closed', '/state'],
    ['limit=101', '/limit'],
    ['cursor=nonsense', '/cursor'],
  ])('cannot be asked for by %s', async (query, pointer) => {
    const { status, body } = await app.client.get(`/dead-letters/groups?${query}`);
    expect([status, body.errors[0].pointer]).toEqual([422, pointer]);
  });
});
