import { byHand } from '../support/by-hand.js';
import { eventually } from '../support/eventually.js';
import { insertFailedJobs } from '../support/failed-jobs.js';
import { FIXTURE_APP, type ProductProcess } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const LATER = new Date('2099-01-01');

/** Full size where time does not matter. */
const MANY = process.env.TEST_LONG ? 10_000 : 4_000;
/** So many that a kill comes in their midst. */
const SOME = 3_000;

describe('a bulk operation over thousands of jobs', () => {
  let app: App;
  const replacements: Promise<unknown>[] = [];
  beforeAll(async () => {
    app = await startApp('bulk crash', {
      program: FIXTURE_APP,
      workers: 2,
      environment: { STALLED_WORKER_TIMEOUT: '5' },
    });
  });
  beforeEach(() => byHand(app.database.pool, 'DELETE FROM jobs; DELETE FROM bulk_operations'));
  afterEach(() => Promise.all(replacements.splice(0)));
  afterAll(() => app?.stop());

  const start = async (request: object): Promise<string> => {
    const { status, body } = await app.client.post('/bulk-operations', request);
    if (status !== 202) throw new Error(JSON.stringify(body));
    return body.operation_id;
  };
  const read = async (id: string): Promise<Record<string, any>> =>
    (await app.client.get(`/bulk-operations/${id}`)).body;
  const ended = (id: string) =>
    eventually(async () => {
      const operation = await read(id);
      return operation.finished_at === null ? undefined : operation;
    });
  const has = (id: string, done: number) =>
    eventually(async () => {
      const operation = await read(id);
      return operation.done >= done ? operation : undefined;
    });
  /** The process that works on an operation. */
  const workerOf = (id: string): Promise<ProductProcess> =>
    eventually(async () => {
      const { rows } = await app.database.pool.query(
        `SELECT w.pid FROM jobs j JOIN workers w ON w.id = j.worker_id WHERE j.id = $1 AND j.status = 'PROCESSING'`,
        [id],
      );
      return app.workers.find(
        (worker) => worker.child.pid === rows[0]?.pid && worker.child.exitCode === null,
      );
    });
  const killWorkerOf = async (id: string) => {
    const victim = await workerOf(id);
    await victim.stop('SIGKILL');
    app.workers.splice(app.workers.indexOf(victim), 1);
    // Nobody waits for it: the operation could be over before the next kill.
    replacements.push(app.addWorker());
  };
  /** How many jobs have how many events of the operation's. */
  const changes = async (id: string) => {
    const { rows } = await app.database.pool.query(
      `SELECT events, count(*)::int AS jobs
       FROM (SELECT count(e.id)::int AS events FROM jobs j LEFT JOIN job_events e ON e.job_id = j.id AND e.actor = $1
             WHERE j.id <> $2 GROUP BY j.id) AS counted
       GROUP BY events`,
      [`anonymous (bulk operation ${id})`, id],
    );
    return rows;
  };

  test('changes each of them once, and counts each once, however often its worker is killed', async () => {
    await insertFailedJobs(app.database.pool, MANY, { status: 'PENDING', scheduledAt: LATER });
    const id = await start({ action: 'cancel', filter: { type: 'echo' }, per_second: 1_000 });
    for (const done of [MANY / 10, MANY / 2]) {
      await has(id, done);
      await killWorkerOf(id);
    }
    expect(await ended(id)).toMatchObject({
      state: 'completed',
      matched: MANY,
      done: MANY,
      skipped: 0,
      failed: 0,
    });
    expect(await changes(id)).toEqual([{ events: 1, jobs: MANY }]);
    expect(await app.jobWith('COMPLETED', id)).toMatchObject({ attempts: 3 });
  });

  test('redrives each once while they run again, and its worker is killed', async () => {
    await insertFailedJobs(app.database.pool, SOME);
    const { body } = await app.client.post('/dead-letters/redrive', {
      filter: { type: 'echo' },
      per_second: 1_000,
    });
    const id = body.operation_id;
    await has(id, 300);
    await killWorkerOf(id);
    expect(await ended(id)).toMatchObject({
      state: 'completed',
      matched: SOME,
      done: SOME,
      skipped: 0,
      failed: 0,
    });
    const completed = async () => {
      const { rows } = await app.database.pool.query(
        `SELECT count(*)::int AS jobs FROM jobs WHERE status = 'COMPLETED' AND type = 'echo'`,
      );
      return rows[0].jobs === SOME;
    };
    await eventually(completed, 60_000);
    expect(await changes(id)).toEqual([{ events: 1, jobs: SOME }]);
  });

  test('discards each once although its worker is killed', async () => {
    await insertFailedJobs(app.database.pool, SOME);
    const id = await start({ action: 'discard', filter: { type: 'echo' }, per_second: 1_000 });
    await has(id, 300);
    await killWorkerOf(id);
    expect(await ended(id)).toMatchObject({
      state: 'completed',
      matched: SOME,
      done: SOME,
      skipped: 0,
      failed: 0,
    });
    expect(await changes(id)).toEqual([]);
  });

  test('goes on elsewhere when its worker is told to stop', async () => {
    await insertFailedJobs(app.database.pool, 1_000, { status: 'PENDING', scheduledAt: LATER });
    const worker = await app.addWorker({ WORKER_TIMEOUT: '1' });
    await Promise.all(app.workers.filter((other) => other !== worker).map((other) => other.stop()));
    const id = await start({ action: 'cancel', filter: { type: 'echo' }, per_second: 200 });
    await has(id, 200);
    const stopping = worker.stop();
    await app.addWorker();
    expect(await stopping).toBe(0);
    expect(await ended(id)).toMatchObject({ state: 'completed', done: 1_000, skipped: 0 });
    expect(await changes(id)).toEqual([{ events: 1, jobs: 1_000 }]);
    expect((await app.client.get(`/jobs/${id}/attempts`)).body.attempts).toMatchObject([
      { outcome: 'released' },
      { outcome: 'completed' },
    ]);
  });
});
