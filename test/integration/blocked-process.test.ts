import pg from 'pg';
import { TimedClient } from '../../src/database/timed-client.js';
import { type TestQueue, startQueue } from '../support/queue.js';

const TIMEOUT_MS = 300;

/** Keeps the process from reading anything, as a handler that computes does. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('a process that is blocked for longer than it waits for answers', () => {
  let fixture: TestQueue;
  let pool: pg.Pool;
  beforeAll(async () => {
    fixture = await startQueue('blocked process');
    pool = new pg.Pool({
      connectionString: fixture.database.url,
      query_timeout: TIMEOUT_MS,
      Client: TimedClient,
    });
  });
  afterAll(async () => {
    await pool?.end();
    await fixture?.stop();
  });

  test('keeps the jobs that it was claiming', async () => {
    const { id } = await fixture.enqueue();
    const claim = fixture.claim(1);
    // By then the statements of the claim are on their way, one after the other.
    setImmediate(() => block(3_500));
    await expect(claim).resolves.toMatchObject([{ id, attempts: 1 }]);
  });

  test('reads the answer that has come meanwhile', async () => {
    const answer = pool.query('SELECT 1 AS one');
    setImmediate(() => block(2 * TIMEOUT_MS + 1_000));
    await expect(answer).resolves.toMatchObject({ rows: [{ one: 1 }] });
  });

  test('gives up an answer that does not come, and the connection with it', async () => {
    const client = await pool.connect();
    const errors: Error[] = [];
    client.on('error', (error) => errors.push(error));
    await expect(client.query('SELECT pg_sleep(60)')).rejects.toThrow('Query read timeout');
    await expect(client.query('SELECT 1')).rejects.toThrow();
    expect(errors).toHaveLength(1);
    client.release(true);
    await expect(pool.query('SELECT 2 AS two')).resolves.toMatchObject({ rows: [{ two: 2 }] });
  });

  test('gives up a hung server, although it was blocked itself, a moment later', async () => {
    const answer = pool.query('SELECT pg_sleep(60)');
    setImmediate(() => block(2 * TIMEOUT_MS + 1_000));
    await expect(answer).rejects.toThrow('Query read timeout');
  });

  test('waits without end for whoever was given no time, and longer for a question that brings its own', async () => {
    const client = await pool.connect();
    const patient = { text: 'SELECT pg_sleep(1)', query_timeout: 10_000 } as pg.QueryConfig;
    await expect(client.query(patient)).resolves.toMatchObject({ rowCount: 1 });
    await expect(client.query('SELECT 1 AS one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
    client.release();
    const unhurried = new TimedClient({ connectionString: fixture.database.url });
    await unhurried.connect();
    await expect(unhurried.query('SELECT pg_sleep(1)')).resolves.toMatchObject({ rowCount: 1 });
    await unhurried.end();
  });
});
