import { eventually } from '../support/eventually.js';
import { FIXTURE_APP, type ProductProcess } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

describe('a worker that is told to stop', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('shutdown', {
      program: FIXTURE_APP,
      workers: 0,
      environment: { WORKER_TIMEOUT: '3' },
    });
  });
  afterAll(() => app?.stop());

  const submit = async (payload: object): Promise<string> =>
    (await app.client.post('/jobs', { type: 'sleep', payload })).body.job_id;
  const outcomesOf = async (id: string) =>
    (await app.client.get(`/jobs/${id}/attempts`)).body.attempts.map((attempt: any) => attempt.outcome);
  const stopWhileRunning = async (worker: ProductProcess, ...ids: string[]) => {
    for (const id of ids) await app.jobWith('PROCESSING', id);
    return worker.stop();
  };

  test('finishes the job it runs, starts no other, and ends with 0', async () => {
    const worker = await app.addWorker();
    const running = await submit({ ms: 3_000 });
    await app.jobWith('PROCESSING', running);
    const stopped = worker.stop();
    worker.child.kill('SIGTERM');
    await eventually(() => worker.output().includes('no more jobs are taken, and 1 are finished first'));
    const waiting = await submit({ ms: 0 });
    expect(await stopped).toBe(0);
    await worker.says('Graceful shutdown completed - all jobs finished');
    expect(await app.jobWith('COMPLETED', running)).toMatchObject({ attempts: 1, max_attempts: 3 });
    expect(await app.jobWith('PENDING', waiting)).toMatchObject({ attempts: 0 });
    // It has signed off, so that nobody waits for a sign of life.
    const { rows } = await app.database.pool.query('SELECT stopped_at FROM workers');
    expect(rows).toEqual([{ stopped_at: expect.any(Date) }]);
  });

  test('gives back what takes too long, budget and all, and it runs elsewhere at once', async () => {
    const worker = await app.addWorker({ WORKER_TIMEOUT: '0.5' });
    const heeding = await submit({ ms: 60_000, times: 1 });
    const ignoring = await submit({ ms: 60_000, times: 1, ignore: true });
    const other = app.addWorker({ WORKER_TIMEOUT: '0.5' });
    expect(await stopWhileRunning(worker, heeding, ignoring)).toBe(0);
    await worker.says('Worker shutdown timeout after 0.5s - 2 jobs returned to the queue');
    await other;
    for (const id of [heeding, ignoring]) {
      expect(await app.jobWith('COMPLETED', id, 3_000)).toMatchObject({
        attempts: 2,
        max_attempts: 4,
        error_message: null,
      });
      expect(await outcomesOf(id)).toEqual(['released', 'completed']);
    }
    await (await other).stop();
  });

  test('completes nothing that did not finish when the database keeps it waiting', async () => {
    const worker = await app.addWorker({ WORKER_TIMEOUT: '0.5' });
    const id = await submit({ ms: 60_000, times: 1 });
    await app.jobWith('PROCESSING', id);
    const operator = await app.database.pool.connect();
    await operator.query('BEGIN');
    await operator.query('SELECT 1 FROM jobs WHERE id = $1 FOR UPDATE', [id]);
    const stopped = worker.stop();
    // Long enough for the first try to write the outcome to fail.
    await eventually(() => worker.output().includes('Outcomes wait for a transaction'));
    await operator.query('COMMIT');
    operator.release();
    expect(await stopped).toBe(0);
    expect(await app.jobWith('PENDING', id)).toMatchObject({ attempts: 1, max_attempts: 4, result: null });
    expect(await outcomesOf(id)).toEqual(['released']);
  });

  test('completes nothing that did not finish when its rows are locked until after its end', async () => {
    const impatient = new URL(app.database.url);
    impatient.searchParams.set('statement_timeout', '1000');
    const worker = await app.addWorker({ WORKER_TIMEOUT: '0.5', DATABASE_URL: impatient.href });
    const ids = await Promise.all([1, 2, 3].map(() => submit({ ms: 60_000, times: 1 })));
    for (const id of ids) await app.jobWith('PROCESSING', id);
    const operator = await app.database.pool.connect();
    await operator.query('BEGIN');
    await operator.query('SELECT 1 FROM jobs WHERE id = ANY($1) FOR UPDATE', [ids]);
    expect(await worker.stop()).toBe(0);
    await worker.says('Some outcomes could not be stored before the end; their jobs will run again');
    expect(worker.output()).not.toContain('all jobs finished');
    await operator.query('COMMIT');
    operator.release();
    for (const id of ids) expect(await app.jobWith('PROCESSING', id)).toMatchObject({ result: null });
    const other = await app.addWorker();
    for (const id of ids) {
      expect(await app.jobWith('COMPLETED', id)).toMatchObject({ attempts: 2, max_attempts: 4 });
      expect(await outcomesOf(id)).toEqual(['interrupted', 'completed']);
    }
    await other.stop();
  });

  test('one after the other under load spends no attempt of any job', async () => {
    const hire = () => app.addWorker({ WORKER_TIMEOUT: '0.3', WORKER_CONCURRENCY: '5' });
    const crew = await Promise.all([hire(), hire()]);
    const ids = await Promise.all(
      Array.from({ length: 150 }, (_, n) => submit({ ms: n % 10 === 0 ? 1_500 : 20 * (n % 7), times: 1 })),
    );
    for (let turn = 0; turn < 2; turn++) {
      const [fresh, code] = await Promise.all([hire(), crew[turn % 2]!.stop()]);
      expect(code).toBe(0);
      crew[turn % 2] = fresh;
    }
    for (const id of ids) await app.jobWith('COMPLETED', id);
    const { rows: spent } = await app.database.pool.query(
      `SELECT id FROM jobs WHERE id = ANY($1) AND max_attempts - base_max_attempts <> attempts - 1`,
      [ids],
    );
    expect(spent).toEqual([]);
    const { rows: outcomes } = await app.database.pool.query(
      `SELECT DISTINCT event FROM job_events WHERE job_id = ANY($1) ORDER BY 1`,
      [ids],
    );
    expect(outcomes.map(({ event }) => event)).toEqual(['completed', 'released', 'started']);
    const { rows: waits } = await app.database.pool.query(
      `SELECT max(s.at - r.at) < interval '4 seconds' AS "isShort" FROM job_events r
       JOIN job_events s ON s.job_id = r.job_id AND s.event = 'started' AND s.attempt = r.attempt + 1
       WHERE r.event = 'released' AND r.job_id = ANY($1)`,
      [ids],
    );
    expect(waits).toEqual([{ isShort: true }]);
    await Promise.all(crew.map((worker) => worker.stop()));
  });
});
