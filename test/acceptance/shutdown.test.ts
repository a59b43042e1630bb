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
    const running = await submit({ ms: 1_200 });
    await app.jobWith('PROCESSING', running);
    const stopped = worker.stop();
    worker.child.kill('SIGTERM');
    await eventually(() => worker.output().includes('no more jobs are taken, and 1 are finished first'));
    const waiting = await submit({ ms: 0 });
    expect(await stopped).toBe(0);
    expect(worker.output()).toContain('Graceful shutdown completed - all jobs finished');
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
    expect(worker.output()).toContain('Worker shutdown timeout after 0.5s - 2 jobs returned to the queue');
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
    await eventually(() => worker.output().includes('Outcomes of jobs wait for the database'));
    await operator.query('COMMIT');
    operator.release();
    expect(await stopped).toBe(0);
    expect(await app.jobWith('PENDING', id)).toMatchObject({ attempts: 1, max_attempts: 4, result: null });
    expect(await outcomesOf(id)).toEqual(['released']);
  });
});
