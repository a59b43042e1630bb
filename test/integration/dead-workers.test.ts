import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { CONFIG, type Config } from '../../src/config/index.js';
import { Postgres } from '../../src/database/index.js';
import { DeadWorkers } from '../../src/worker/dead-workers.js';
import { type TestQueue, startQueue } from '../support/queue.js';

describe('a worker is taken for dead', () => {
  let fixture: TestQueue;
  let deadWorkers: DeadWorkers;
  /** By how much (ms) the clocks of this process are ahead. */
  let monotonic = 0;
  let wall = 0;
  beforeAll(async () => {
    fixture = await startQueue('dead workers');
    const [now, perf] = [Date.now, performance.now.bind(performance)];
    jest.spyOn(Date, 'now').mockImplementation(() => now() + wall);
    jest.spyOn(performance, 'now').mockImplementation(() => perf() + monotonic);
  });
  beforeEach(async () => {
    await fixture.database.pool.query('TRUNCATE jobs, job_events, workers; TRUNCATE pgboss.job');
    deadWorkers = new DeadWorkers(fixture.get(Postgres), fixture.get<Config>(CONFIG));
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await fixture.stop();
  });

  const pass = (seconds: number) => {
    monotonic += seconds * 1_000;
    wall += seconds * 1_000;
  };
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

  test('when it left, or nobody knows it, at once', async () => {
    const left = await workerSeen(1, true);
    const unknown = randomUUID();
    await fixture.enqueue();
    await fixture.claim(1, { workerId: unknown });
    await workerSeen(1);
    expect((await deadWorkers.find()).sort()).toEqual([left, unknown].sort());
  });

  test('when it is silent, but only by who has watched for as long', async () => {
    const silent = await workerSeen(31);
    await workerSeen(25);
    expect(await deadWorkers.find()).toEqual([]);
    for (const seconds of [10, 10, 9]) {
      pass(seconds);
      expect(await deadWorkers.find()).toEqual([]);
    }
    pass(2);
    expect(await deadWorkers.find()).toEqual([silent]);
  });

  test('not by who could not see the database meanwhile', async () => {
    const silent = await workerSeen(60);
    await deadWorkers.find();
    for (const seconds of [10, 10, 10]) {
      pass(seconds);
      await deadWorkers.find();
    }
    expect(await deadWorkers.find()).toEqual([silent]);
    const query = jest.spyOn(fixture.get(Postgres), 'query').mockRejectedValueOnce(new Error('away'));
    await expect(deadWorkers.find()).rejects.toThrow('away');
    query.mockRestore();
    expect(await deadWorkers.find()).toEqual([]);
  });

  test('not by who has slept itself, as a laptop does, nor while its watch is young after that', async () => {
    await workerSeen(60);
    await deadWorkers.find();
    for (const seconds of [10, 10, 10]) {
      pass(seconds);
      await deadWorkers.find();
    }
    wall += 3_600_000;
    expect(await deadWorkers.find()).toEqual([]);
    pass(10);
    expect(await deadWorkers.find()).toEqual([]);
  });

  test('not when it holds nothing', async () => {
    const id = await workerSeen(1, true);
    await fixture.rows(`UPDATE jobs SET status = 'COMPLETED' WHERE worker_id = $1`, [id]);
    expect(await deadWorkers.find()).toEqual([]);
  });
});
