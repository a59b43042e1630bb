import { CHANGES_CHANNEL, Canary, LimitSettings, Pauses, WAKEUP_CHANNEL } from '../../src/queue/index.js';
import { Postgres } from '../../src/database/index.js';
import { type TestQueue, WORKER, startQueue } from '../support/queue.js';

describe('a canary', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('canary');
  });
  beforeEach(() =>
    fixture.rows(`
      TRUNCATE jobs, job_events, job_rates, queue_minutes, limit_states, pgboss.job;
      UPDATE queues SET limits = NULL, paused_at = NULL`),
  );
  afterAll(() => fixture?.stop());

  const fly = () => fixture.get(Canary).fly('default', WORKER);
  /** All that anybody could see of it. */
  const traces = async () => [
    ...(await fixture.rows(`SELECT id, status, attempts, ticketed, updated_at FROM jobs ORDER BY id`)),
    ...(await fixture.rows(`SELECT id, state, start_after, priority FROM pgboss.job ORDER BY id`)),
    ...(await fixture.rows(`SELECT job_id, event FROM job_events`)),
    ...(await fixture.rows(`SELECT queue, type, status, jobs FROM job_count_changes ORDER BY 1, 2, 3, 4`)),
  ];

  test('goes the way of a job past all that wait, and leaves nothing behind', async () => {
    expect(await fly()).toBe(true);
    expect(await traces()).toEqual([]);
    for (let job = 0; job < 5; job++) await fixture.enqueue({ priority: 1 });
    const before = await traces();
    const heard: string[] = [];
    const listener = await fixture.database.pool.connect();
    listener.on('notification', ({ payload = '' }) => heard.push(payload));
    await listener.query(`LISTEN ${WAKEUP_CHANNEL}; LISTEN ${CHANGES_CHANNEL}`);
    expect(await fly()).toBe(true);
    expect(await traces()).toEqual(before);
    await listener.query('SELECT 1');
    listener.release(true);
    expect(heard).toEqual([]);
    expect(await fixture.claim()).toHaveLength(5);
  });

  test('stays at home when the queue is paused or has limits', async () => {
    await fixture.get(Pauses).pause('default', { by: 'ann', reason: null, until: null });
    expect(await fly()).toBe(false);
    await fixture.get(Pauses).resume('default');
    await fixture.get(Postgres).transaction((session) =>
      fixture.get(LimitSettings).set(session, 'default', {
        ...{ rate: '1/minute', burst: 1, concurrency: 1, per_key: null },
      }),
    );
    expect(await fly()).toBe(false);
    expect(await traces()).toEqual([]);
  });

  test('is lost where a job would not start', async () => {
    const other = await fixture.database.pool.connect();
    await other.query('BEGIN; LOCK TABLE pgboss.job_common IN ACCESS EXCLUSIVE MODE');
    await expect(fly()).rejects.toThrow(/timeout/);
    await other.query('ROLLBACK');
    other.release();
    await fixture.rows(`ALTER TABLE pgboss.job_common DISABLE TRIGGER ALL`);
    await fixture.rows(`
      CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.group_id = ''other''; RETURN NEW; END';
      CREATE TRIGGER lose BEFORE INSERT ON pgboss.job_common FOR EACH ROW EXECUTE FUNCTION lose()`);
    await expect(fly()).rejects.toThrow('A canary in queue "default" was not claimed');
    await fixture.rows(`DROP FUNCTION lose CASCADE; ALTER TABLE pgboss.job_common ENABLE TRIGGER ALL`);
    expect(await fly()).toBe(true);
    expect(await traces()).toEqual([]);
  });
});
