import { randomUUID } from 'node:crypto';
import { byHand } from '../support/by-hand.js';
import { eventually } from '../support/eventually.js';
import { insertPastJobs } from '../support/past-jobs.js';
import { type App, startApp } from '../support/start-app.js';

const NOTHING = { BLOCKED: 0, PENDING: 0, PROCESSING: 0, COMPLETED: 0, FAILED: 0, CANCELLED: 0 };
const NO_RATES = { submitted: 0, completed: 0, failed: 0 };

describe('the queues over HTTP', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('queues', { workers: 0 });
  });
  beforeEach(() =>
    byHand(
      app.database.pool,
      'TRUNCATE jobs, job_events, job_rates, workers, pgboss.job; DELETE FROM queues',
    ),
  );
  afterAll(() => app?.stop());

  const queue = async (name: string) => {
    const { status, body } = await app.client.get(`/queues/${name}`);
    expect(status).toBe(200);
    return body;
  };
  /** As soon as it tells of its line: a look at the lines that took long is believed for a while. */
  const queueWithLine = (name: string) =>
    eventually(async () => {
      const found = await queue(name);
      return found.oldest_waiting && found;
    });
  const becomes = (name: string, expected: object) =>
    eventually(async () => {
      expect(await queue(name)).toMatchObject(expected);
      return true;
    });
  const past = (jobs: Parameters<typeof insertPastJobs>[1]) => insertPastJobs(app.database, jobs);

  /** Submits jobs, and lets their time have come so many seconds ago. */
  const inLine = async (
    queue: string,
    { jobs, since }: { jobs: number; since: number },
  ): Promise<string[]> => {
    const { body } = await app.client.post('/jobs/batch', {
      jobs: Array.from({ length: jobs }, () => ({ payload: {}, queue })),
    });
    const ids = body.jobs.map((job: { job_id: string }) => job.job_id);
    const earlier = `now() - $2 * interval '1 s' WHERE id = ANY($1)`;
    await app.database.pool.query(`UPDATE jobs SET scheduled_at = ${earlier}`, [ids, since]);
    await app.database.pool.query(`UPDATE pgboss.job SET start_after = ${earlier}`, [ids, since]);
    return ids;
  };

  describe('are listed', () => {
    test('by name, from their first use on', async () => {
      expect((await app.client.get('/queues')).body).toEqual({ queues: [] });
      for (const name of ['zebra', 'ant']) await app.client.post('/jobs', { payload: {}, queue: name });
      await queueWithLine('ant');
      const { status, body } = await app.client.get('/queues');
      expect(status).toBe(200);
      expect(body.queues.map((each: { name: string }) => each.name)).toEqual(['ant', 'zebra']);
      expect(body.queues[0]).toEqual({
        name: 'ant',
        paused: null,
        dead_letter_queue: null,
        retention: null,
        limits: null,
        limit_usage: null,
        max_waiting: null,
        objective: null,
        objective_status: null,
        depth: { ...NOTHING, PENDING: 1 },
        oldest_waiting: { job_id: expect.any(String), age_seconds: expect.any(Number) },
        rates: {
          last_minute: { ...NO_RATES, submitted: 1 },
          last_5_minutes: { ...NO_RATES, submitted: 0.2 },
        },
        seconds_to_drain: null,
        live_workers: 0,
      });
    });

    test('and an unknown name is answered with the nearest known one', async () => {
      await past({ queue: 'emails', status: 'COMPLETED' });
      const { status, body } = await app.client.get('/queues/emials');
      expect(status).toBe(404);
      expect(body).toMatchObject({ code: 'queue_not_found' });
      expect(body.detail).toContain('Did you mean "emails"?');
      expect((await app.client.get('/queues/%00')).status).toBe(404);
      expect((await app.client.get('/queues/constructor')).status).toBe(404);
    });
  });

  describe('show', () => {
    test('how many of their jobs are in each state, of those without any too', async () => {
      for (const [index, status] of Object.keys(NOTHING).entries())
        await past({ queue: 'full', status, count: index + 1 });
      await past({ queue: 'other', status: 'FAILED', count: 7 });
      const depth = { BLOCKED: 1, PENDING: 2, PROCESSING: 3, COMPLETED: 4, FAILED: 5, CANCELLED: 6 };
      expect(await queue('full')).toMatchObject({ depth });
      expect(await queue('other')).toMatchObject({ depth: { ...NOTHING, FAILED: 7 } });
      await app.database.pool.query(`INSERT INTO queues (name) VALUES ('empty')`);
      expect(await queue('empty')).toMatchObject({
        depth: NOTHING,
        oldest_waiting: null,
        rates: { last_minute: NO_RATES, last_5_minutes: NO_RATES },
        seconds_to_drain: 0,
      });
    });

    test('which job has waited longest since its time, and how long', async () => {
      await inLine('line', { jobs: 1, since: 30 });
      const [oldest] = await inLine('line', { jobs: 1, since: 90 });
      await past({ queue: 'line', status: 'PENDING', created: 900, scheduled: -60 });
      await past({ queue: 'line', status: 'BLOCKED', created: 900 });
      await past({ queue: 'line', status: 'PROCESSING', created: 900 });
      const { oldest_waiting } = await queueWithLine('line');
      expect(oldest_waiting.job_id).toBe(oldest);
      expect(oldest_waiting.age_seconds).toBeGreaterThanOrEqual(90);
      expect(oldest_waiting.age_seconds).toBeLessThan(150);
    });

    test('how many jobs came and ended of late, per minute', async () => {
      const ended = { queue: 'busy', created: 4_000 };
      await past({ ...ended, status: 'COMPLETED', count: 3, finished: 30 });
      await past({ ...ended, status: 'COMPLETED', count: 7, finished: 120 });
      await past({ ...ended, status: 'COMPLETED', count: 9, finished: 316 });
      await past({ ...ended, status: 'FAILED', count: 1, finished: 10 });
      await past({ ...ended, status: 'FAILED', count: 4, finished: 280 });
      await past({ ...ended, status: 'CANCELLED', count: 8, finished: 10 });
      await past({ queue: 'busy', status: 'BLOCKED', count: 2, created: 45 });
      await past({ queue: 'busy', status: 'BLOCKED', count: 3, created: 280 });
      await past({ queue: 'busy', status: 'BLOCKED', count: 5, created: 320 });
      expect((await queue('busy')).rates).toEqual({
        last_minute: { submitted: 2, completed: 3, failed: 1 },
        last_5_minutes: { submitted: 1, completed: 2, failed: 1 },
      });
    });

    test('how long they need for what is waiting, at the rate of late', async () => {
      await inLine('soon', { jobs: 20, since: 1 });
      await past({ queue: 'soon', status: 'PENDING', count: 50, scheduled: -3_600 });
      await past({ queue: 'soon', status: 'PROCESSING', count: 10 });
      await becomes('soon', { seconds_to_drain: null });
      await past({ queue: 'soon', status: 'FAILED', count: 50, created: 900, finished: 200 });
      await becomes('soon', { seconds_to_drain: 180 });
      await past({ queue: 'soon', status: 'COMPLETED', count: 60, created: 900, finished: 20 });
      await becomes('soon', { seconds_to_drain: 30 });
      await app.client.post('/queues/soon/pause');
      expect(await queue('soon')).toMatchObject({ seconds_to_drain: null });
    });

    test('how many workers claim from them', async () => {
      const worker = async (queues: string[], changes = '') => {
        await app.database.pool.query(
          `INSERT INTO workers (id, hostname, pid, version, queues, slots) VALUES ($1, 'host', 1, '1', $2, 5)`,
          [randomUUID(), queues],
        );
        if (changes)
          await app.database.pool.query(`UPDATE workers SET ${changes} WHERE queues = $1`, [queues]);
      };
      await app.database.pool.query(`INSERT INTO queues (name) VALUES ('a'), ('b')`);
      await worker(['a']);
      await worker(['*']);
      await worker(['b', 'c']);
      await worker(['a', 'c'], 'stopped_at = now()');
      await worker(['a', 'd'], `last_seen_at = now() - interval '31 s'`);
      await worker(['a', 'e'], 'drain_requested_at = now()');
      await worker(['a', 'f'], `last_seen_at = now() - interval '20 s'`);
      expect(await queue('a')).toMatchObject({ live_workers: 3 });
      expect(await queue('b')).toMatchObject({ live_workers: 2 });
    });
  });

  describe('are edited', () => {
    const edit = (name: string, body: object, headers: Record<string, string> = { 'If-Match': '*' }) =>
      app.client.send('PATCH', `/queues/${name}`, JSON.stringify(body), headers);
    beforeEach(() => past({ queue: 'mail', status: 'COMPLETED' }));

    test('and get a dead letter queue, which exists from then on, or none', async () => {
      const changed = await edit('mail', { dead_letter_queue: 'mail-dead' });
      expect(changed).toMatchObject({ status: 200, body: { name: 'mail', dead_letter_queue: 'mail-dead' } });
      expect(await queue('mail')).toMatchObject({ dead_letter_queue: 'mail-dead' });
      expect(await queue('mail-dead')).toMatchObject({ depth: NOTHING, dead_letter_queue: null });
      expect((await edit('mail', {})).body).toMatchObject({ dead_letter_queue: 'mail-dead' });
      expect((await edit('mail', { dead_letter_queue: null })).body).toMatchObject({
        dead_letter_queue: null,
      });
    });

    test('only over the version that was read', async () => {
      const { headers } = await app.client.get('/queues/mail');
      const ifMatch = { 'If-Match': headers.get('etag')! };
      expect(await edit('mail', { dead_letter_queue: 'one' }, {})).toMatchObject({
        status: 428,
        body: { code: 'precondition_required' },
      });
      const edits = ['one', 'two'].map((target) => edit('mail', { dead_letter_queue: target }, ifMatch));
      const answers = await Promise.all(edits);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
      const winner = answers.find(({ status }) => status === 200)!;
      expect(await queue('mail')).toMatchObject({ dead_letter_queue: winner.body.dead_letter_queue });
      const current = { 'If-Match': winner.headers.get('etag')! };
      expect((await edit('mail', { dead_letter_queue: 'three' }, current)).status).toBe(200);
    });

    test('to an objective, which is told of how it is kept', async () => {
      const changed = await edit('mail', { objective: { start_within: 10, target: 0.9 } });
      expect(changed.body.objective).toEqual({ start_within: 10, target: 0.9, is_default: false });
      const unused = { jobs: 0, late: 0, attained: null, burn_rate: 0 };
      expect(changed.body.objective_status).toEqual({
        ...{ late_now: 0, budget_left: 1, last_5_minutes: unused, last_30_minutes: unused },
        ...{ last_hour: unused, last_6_hours: unused, last_3_days: unused },
      });
      await inLine('mail', { jobs: 3, since: 20 });
      await app.database.pool.query(`UPDATE pgboss.job SET created_on = start_after WHERE name = 'mail'`);
      const late = { jobs: 3, late: 3, attained: 0, burn_rate: 10 };
      await becomes('mail', { objective_status: { late_now: 3, budget_left: -9, last_hour: late } });
      expect((await edit('mail', { retention: null })).body.objective).toMatchObject({ target: 0.9 });
      expect((await edit('mail', { objective: null })).body).toMatchObject({ objective: null });
      for (const [field, objective] of Object.entries({
        target: { start_within: 10, target: 1 },
        start_within: { start_within: 0, target: 0.5 },
        '': 'soon',
      })) {
        const { status, body } = await edit('mail', { objective });
        expect([status, body.errors[0].pointer]).toEqual([422, `/objective${field && `/${field}`}`]);
      }
    });

    test('to nothing that cannot be', async () => {
      expect((await edit('mial', { dead_letter_queue: null })).body).toMatchObject({
        code: 'queue_not_found',
        detail:
          'There is no queue "mial". Did you mean "mail"? A queue exists from its first job on; GET /queues lists them.',
      });
      for (const target of ['mail', 'Upper', '', '__pgboss', 'constructor', 5, 'x'.repeat(64)]) {
        const { status, body } = await edit('mail', { dead_letter_queue: target });
        expect([target, status, body.errors?.[0].pointer]).toEqual([target, 422, '/dead_letter_queue']);
      }
      expect((await edit('mail', { paused: true })).body.errors[0]).toMatchObject({ code: 'unknown_field' });
      expect(await queue('mail')).toMatchObject({ dead_letter_queue: null });
    });
  });
});
