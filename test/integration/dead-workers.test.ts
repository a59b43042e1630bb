import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import pg from 'pg';
import { CONFIG, type Config } from '../../src/config/index.js';
import { Postgres } from '../../src/database/index.js';
import { StalledJobs } from '../../src/queue/index.js';
import { DeadWorkers } from '../../src/worker/dead-workers.js';
import { LiveWorkersQuery } from '../../src/worker/live-workers.query.js';
import { Recovery } from '../../src/worker/recovery.js';
import { workerState } from '../../src/worker/worker-state.sql.js';
import { BEAT, LEASE_CLASS, RENEW_LEASE, TRY_LEASE } from '../../src/worker/workers.sql.js';
import { eventually } from '../support/eventually.js';
import { type TestQueue, startQueue } from '../support/queue.js';

describe('a worker is taken for dead', () => {
  let fixture: TestQueue;
  let deadWorkers: DeadWorkers;
  /** What the clocks of this process say (ms) when it looks. */
  let monotonic = 1_000;
  let wall = Date.now();
  const clients: pg.Client[] = [];
  beforeAll(async () => {
    fixture = await startQueue('dead workers');
  });
  beforeEach(async () => {
    await fixture.database.pool.query('TRUNCATE jobs, job_events, workers; TRUNCATE pgboss.job');
    await beginToLook();
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end()));
  });
  afterAll(async () => {
    await fixture.stop();
  });

  /** Does this while the clocks of this process stand where the test has put them. */
  async function atThatTime<T>(work: () => Promise<T>): Promise<T> {
    const clocks = [
      jest.spyOn(Date, 'now').mockImplementation(() => wall),
      jest.spyOn(performance, 'now').mockImplementation(() => monotonic),
    ];
    try {
      return await work();
    } finally {
      for (const clock of clocks) clock.mockRestore();
    }
  }
  const beginToLook = () =>
    atThatTime(async () => {
      deadWorkers = new DeadWorkers(fixture.get(Postgres), fixture.get<Config>(CONFIG));
    });

  const pass = (seconds: number) => {
    monotonic += seconds * 1_000;
    wall += seconds * 1_000;
  };
  const look = () => atThatTime(() => deadWorkers.find());
  const find = async () => (await look()).workers;
  /** A worker that holds a job and was last seen so long ago. */
  async function workerSeen(secondsAgo: number, stopped = false): Promise<string> {
    const id = randomUUID();
    await fixture.rows(
      `INSERT INTO workers (id, hostname, pid, version, queues, slots, last_seen_at, stopped_at)
       VALUES ($1, 'host', 1, '1', '{*}', 1, now() - $2 * interval '1 second', CASE WHEN $3 THEN now() END)`,
      [id, secondsAgo, stopped],
    );
    await fixture.enqueue();
    await fixture.claim(1, { workerId: id });
    return id;
  }
  /** A connection as a worker has it. */
  async function connect(name: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: fixture.database.url, application_name: name });
    client.on('error', () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  }
  /** Shows the lock of a worker; PostgreSQL has dropped it once the answer, called, has resolved. */
  async function lease(id: string): Promise<() => Promise<void>> {
    const client = await connect(`roundhouse worker ${id} listen`);
    const [worker] = await fixture.rows('SELECT lease_key FROM workers WHERE id = $1', [id]);
    const { rows } = await client.query(TRY_LEASE, [LEASE_CLASS, worker!.lease_key]);
    expect(rows).toEqual([{ isOurs: true }]);
    await client.query(RENEW_LEASE, [id]);
    return async () => {
      clients.splice(clients.indexOf(client), 1);
      await client.end();
      // Our clocks run ahead of the database's, by which it has been silent since.
      await fixture.rows(`UPDATE workers SET last_seen_at = now() - interval '5 seconds' WHERE id = $1`, [
        id,
      ]);
      const left = `SELECT 1 FROM pg_stat_activity WHERE application_name = $1`;
      await eventually(
        async () => (await fixture.rows(left, [`roundhouse worker ${id} listen`])).length === 0,
      );
    };
  }

  test('when it left, or nobody knows it, at once', async () => {
    const left = await workerSeen(1, true);
    const unknown = randomUUID();
    await fixture.enqueue();
    await fixture.claim(1, { workerId: unknown });
    await workerSeen(1);
    expect((await find()).toSorted()).toEqual([left, unknown].sort());
  });

  test('when its lock and all its connections are gone at two looks, not at one', async () => {
    const [died, lives] = [await workerSeen(1), await workerSeen(1)];
    const dies = await lease(died);
    await lease(lives);
    expect(await find()).toEqual([]);
    await dies();
    expect(await find()).toEqual([]);
    pass(0.4);
    expect(await find()).toEqual([]);
    pass(0.1);
    expect(await find()).toEqual([died]);
    // As long as it holds something: a claim of its own may still commit.
    expect(await find()).toEqual([died]);
    // Who begins to look now has never seen it alive.
    await beginToLook();
    expect(await find()).toEqual([]);
    pass(0.5);
    expect(await find()).toEqual([died]);
  });

  test('not while another of its connections lives, or it shows itself in between', async () => {
    const id = await workerSeen(1);
    const drop = await lease(id);
    const other = await connect(`roundhouse worker ${id}`);
    await drop();
    for (let turn = 0; turn < 4; turn++) {
      expect(await find()).toEqual([]);
      pass(0.4);
    }
    await other.end();
    clients.length = 0;
    await eventually(async () => {
      const rows = await fixture.rows(
        `SELECT 1 FROM pg_stat_activity WHERE application_name LIKE '%' || $1 || '%'`,
        [id],
      );
      return rows.length === 0;
    });
    expect(await find()).toEqual([]);
    pass(0.4);
    await fixture.rows('UPDATE workers SET last_seen_at = clock_timestamp() WHERE id = $1', [id]);
    pass(0.1);
    expect(await find()).toEqual([]);
    pass(0.4);
    expect(await find()).toEqual([]);
    await fixture.rows(`UPDATE workers SET last_seen_at = now() - interval '5 seconds' WHERE id = $1`, [id]);
    expect(await find()).toEqual([]);
    pass(0.5);
    expect(await find()).toEqual([id]);
  });

  test('not for a lock that it took from another start of the server, or never', async () => {
    const [restarted, without] = [await workerSeen(1), await workerSeen(1)];
    const drop = await lease(restarted);
    await drop();
    await fixture.rows(`UPDATE workers SET leased_on = '12345' WHERE id = $1`, [restarted]);
    for (let turn = 0; turn < 3; turn++) {
      expect(await find()).toEqual([]);
      pass(0.5);
    }
    expect(without).not.toBe(restarted);
  });

  test('after a moment without sight, for its lock only if it has come back since', async () => {
    const [back, away] = [await workerSeen(1), await workerSeen(1)];
    const drops = [await lease(back), await lease(away)];
    await find();
    await drops[1]!();
    const query = jest.spyOn(fixture.get(Postgres), 'query').mockRejectedValueOnce(new Error('away'));
    await expect(look()).rejects.toThrow('away');
    query.mockRestore();
    expect(await find()).toEqual([]);
    await drops[0]!();
    for (let turn = 0; turn < 2; turn++) {
      expect(await find()).toEqual([]);
      pass(0.3);
    }
    expect(await find()).toEqual([back]);
  });

  test('and is lost from then on, until it shows itself again', async () => {
    const [died, lives] = [await workerSeen(1), await workerSeen(1)];
    await fixture.rows('UPDATE workers SET busy = 1, stuck = 1');
    const recovery = new Recovery(deadWorkers, fixture.get(Postgres), fixture.get(StalledJobs));
    const liveWorkers = new LiveWorkersQuery(fixture.get(Postgres), fixture.get<Config>(CONFIG));
    const recover = () => atThatTime(() => recovery.recover());
    const states = () =>
      fixture.rows(
        `SELECT id, busy, stuck, ${workerState('30')} AS state FROM workers w ORDER BY id = $1 DESC`,
        [died],
      );
    const living = { id: lives, busy: 1, stuck: 1, state: 'running' };
    const drop = await lease(died);
    expect((await recover()).recovered).toBe(0);
    await drop();
    expect((await recover()).recovered).toBe(0);
    expect(await states()).toEqual([{ ...living, id: died }, living]);
    pass(0.5);
    expect((await recover()).recovered).toBe(1);
    expect(await states()).toEqual([{ id: died, busy: 0, stuck: 0, state: 'lost' }, living]);
    expect(await liveWorkers.count()).toBe(1);
    // The others were wrong, and are told so by its next sign of life.
    await fixture.rows(BEAT, [died, 1, 0, null]);
    expect(await states()).toEqual([{ ...living, id: died, stuck: 0 }, living]);
  });

  test('when it is silent, but only by who has watched for as long', async () => {
    const silent = await workerSeen(30);
    await lease(silent);
    await fixture.rows(`UPDATE workers SET last_seen_at = now() - interval '30 seconds' WHERE id = $1`, [
      silent,
    ]);
    await workerSeen(25);
    expect(await find()).toEqual([]);
    for (const seconds of [10, 10, 8]) {
      pass(seconds);
      expect(await find()).toEqual([]);
    }
    pass(2);
    expect(await find()).toEqual([silent]);
  });

  test('not by who could not see the database meanwhile', async () => {
    const silent = await workerSeen(60);
    await find();
    for (const seconds of [10, 10, 10]) {
      pass(seconds);
      await find();
    }
    expect(await find()).toEqual([silent]);
    const query = jest.spyOn(fixture.get(Postgres), 'query').mockRejectedValueOnce(new Error('away'));
    await expect(look()).rejects.toThrow('away');
    query.mockRestore();
    expect(await find()).toEqual([]);
  });

  test('not by who has slept itself, as a laptop does, nor while its watch is young after that', async () => {
    await workerSeen(60);
    await find();
    for (const seconds of [10, 10, 10]) {
      pass(seconds);
      await find();
    }
    wall += 3_600_000;
    expect(await find()).toEqual([]);
    pass(10);
    expect(await find()).toEqual([]);
  });

  test('not when it holds nothing', async () => {
    const id = await workerSeen(1, true);
    await fixture.rows(`UPDATE jobs SET status = 'COMPLETED' WHERE worker_id = $1`, [id]);
    expect(await find()).toEqual([]);
  });

  test('while jobs that run under an expired lease are told apart from those under nobody', async () => {
    expect(await look()).toMatchObject({ workers: [], hasExpired: false });
    await workerSeen(1);
    expect((await look()).hasExpired).toBe(false);
    // Whose worker somebody has taken away is the mender's: that worker may be well.
    await fixture.rows(`UPDATE jobs SET worker_id = NULL`);
    expect(await look()).toMatchObject({ workers: [], hasExpired: false });
    await fixture.rows(`UPDATE jobs SET worker_id = $1, lease_expires_at = now() + interval '1 hour'`, [
      randomUUID(),
    ]);
    expect(await look()).toMatchObject({ workers: [], hasExpired: false });
    await fixture.rows(`UPDATE jobs SET lease_expires_at = now() - interval '1 second'`);
    expect(await look()).toMatchObject({ workers: [], hasExpired: true });
  });
});
