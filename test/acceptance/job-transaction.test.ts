import { QueueService } from '../../src/queue/index.js';
import { startCommitCutter } from '../support/commit-cutter.js';
import { eventually } from '../support/eventually.js';
import { Metrics } from '../support/metrics.js';
import { FIXTURE_APP, startProduct } from '../support/product.js';
import { startProcess } from '../support/queue.js';
import { type App, startApp } from '../support/start-app.js';
import { busyMetricsPort, portOf } from '../support/worker-port.js';

const SOON = { STALLED_WORKER_TIMEOUT: '5' };
/** How often such a worker compares what it runs with what the database says. */
const BEAT_MS = 1_250;

const KILLS = process.env.TEST_LONG ? 20 : 3;

describe('job.transaction', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('job transaction', { program: FIXTURE_APP, workers: 0, environment: SOON });
    await app.database.pool.query('CREATE TABLE effects (job_id uuid NOT NULL, attempt integer NOT NULL)');
  });
  afterAll(() => app?.stop());

  const submit = async (payload: object): Promise<string> =>
    (await app.client.post('/jobs', { type: 'write_once', payload, backoff: { base_delay: 0, jitter: 0 } }))
      .body.job_id;
  const outcomesOf = async (id: string) =>
    (await app.client.get(`/jobs/${id}/attempts`)).body.attempts.map((attempt: any) => attempt.outcome);
  const effectsOf = async (id: string) =>
    (await app.database.pool.query('SELECT attempt FROM effects WHERE job_id = $1', [id])).rows.map(
      (row) => row.attempt,
    );
  const childrenOf = async (id: string) =>
    (await app.database.pool.query(`SELECT 1 FROM jobs WHERE payload ->> 'parent' = $1`, [id])).rows.length;

  const isWriting = async () => {
    const { rows } = await app.database.pool.query(
      `SELECT 1 FROM pg_stat_activity
       WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE 'INSERT INTO effects%'`,
    );
    return rows.length > 0;
  };

  describe('with a worker', () => {
    let metricsUrl: string;
    beforeAll(async () => {
      const busy = await busyMetricsPort();
      const worker = await app.addWorker({ WORKER_METRICS_PORT: String(busy.port) });
      metricsUrl = await portOf(worker);
      busy.free();
    });
    afterAll(() => app.workers[0]!.stop());

    test('completes the job with what it returns, its writes and its new jobs, and is counted', async () => {
      const completed = async () =>
        (await Metrics.of(metricsUrl)).value('jobs_completed_total{job_type="write_once"}') ?? 0;
      const before = await completed();
      const id = await submit({ child: true });
      expect(await app.jobWith('COMPLETED', id)).toMatchObject({ attempts: 1, result: { attempt: 1 } });
      expect(await effectsOf(id)).toEqual([1]);
      expect(await childrenOf(id)).toBe(1);
      expect(await outcomesOf(id)).toEqual(['completed']);
      await eventually(async () => (await completed()) === before + 1);
    });

    test('that throws leaves nothing behind, and the job is retried', async () => {
      const id = await submit({ fail: true, child: true });
      expect(await app.jobWith('COMPLETED', id)).toMatchObject({ attempts: 2, result: { attempt: 2 } });
      expect(await effectsOf(id)).toEqual([2]);
      expect(await childrenOf(id)).toBe(1);
      expect(await outcomesOf(id)).toEqual(['failed', 'completed']);
    });

    test('lets the handler go on afterwards, for longer than a beat of its worker', async () => {
      const id = await submit({ linger: 4 * BEAT_MS });
      await app.jobWith('COMPLETED', id);
      await eventually(async () => (await effectsOf(id)).length === 2);
      expect(app.workers[0]!.output()).not.toContain(id);
    });

    test('twice in one attempt is an error that says so, and the job stays completed whatever follows', async () => {
      for (const payload of [{ again: true }, { after: true }]) {
        const id = await submit(payload);
        await app.jobWith('COMPLETED', id);
        const said = payload.again ? 'called a second time in attempt 1' : 'too late to fail';
        await eventually(() => app.workers[0]!.output().includes(said));
        expect(await app.jobWith('COMPLETED', id)).toMatchObject({ attempts: 1, result: { attempt: 1 } });
        expect(await effectsOf(id)).toEqual([1]);
        expect(await outcomesOf(id)).toEqual(['completed']);
      }
    });

    test('of a job that is cancelled meanwhile is rolled back', async () => {
      const process = await startProcess(app.database.url);
      const id = await submit({ hold: 4_000 });
      await app.jobWith('PROCESSING', id);
      await process.get(QueueService).cancel([id], 'anonymous');
      await app.jobWith('CANCELLED', id);
      expect(await effectsOf(id)).toEqual([]);
      await process.close();
    });

    test('of an attempt that has lost its claim is rolled back', async () => {
      const id = await submit({ hold: 4_000 });
      await app.jobWith('PROCESSING', id);
      // As if this worker had been taken for dead and another one, alive, had claimed the job.
      await app.database.pool.query(
        `WITH other AS (
           INSERT INTO workers (id, hostname, pid, version, queues, slots, last_seen_at)
           VALUES (gen_random_uuid(), 'other', 1, '0', '{}', 1, now() + interval '1 hour') RETURNING id)
         UPDATE jobs SET attempts = attempts + 1, updated_at = now(), last_event = 'started', worker_id = other.id
         FROM other WHERE jobs.id = $1`,
        [id],
      );
      await eventually(async () => {
        const metrics = await Metrics.of(metricsUrl);
        // A beat of the worker meanwhile tells the handler to end.
        return ['failed', 'released'].some((outcome) =>
          metrics.value(`job_outcomes_refused_total{outcome="${outcome}"}`),
        );
      });
      expect(await effectsOf(id)).toEqual([]);
      expect(await app.jobWith('PROCESSING', id)).toMatchObject({ attempts: 2 });
    });

    test('of more jobs than there are connections takes turns', async () => {
      const ids = await Promise.all(Array.from({ length: 10 }, () => submit({ hold: 400 })));
      for (const id of ids) {
        expect(await app.jobWith('COMPLETED', id)).toMatchObject({ attempts: 1 });
        expect(await effectsOf(id)).toEqual([1]);
      }
    });
  });

  test.each(['before', 'after'] as const)(
    'whose connection is lost %s its commit is looked up',
    async (moment) => {
      const cutter = await startCommitCutter(app.database.url);
      const worker = await startProduct('worker', cutter.url, {}, FIXTURE_APP);
      const completeCut = async () => {
        const id = await submit({ hold: 300 });
        await eventually(isWriting);
        await cutter.cutNextCommit(moment);
        const { attempts } = await app.jobWith('COMPLETED', id);
        expect(await effectsOf(id)).toEqual([attempts]);
        return attempts;
      };
      let attempts = await completeCut();
      // Now and then it is the commit of a claim that is cut.
      while (!worker.output().includes('looking it up')) attempts = await completeCut();
      expect(attempts).toBe(moment === 'after' ? 1 : 2);
      await worker.stop();
      await cutter.stop();
    },
  );

  test('takes effect exactly once, however often workers are killed', async () => {
    const operator = await startProcess(app.database.url, { types: [{ type: 'write_once' }] });
    const jobs = Array.from({ length: 300 }, (_, n) => ({
      type: 'write_once',
      payload: { ms: (n * 37) % 300, hold: (n * 53) % 100 },
    }));
    const hire = () => app.addWorker({ WORKER_CONCURRENCY: '3' });
    const crew = await Promise.all([hire(), hire(), hire()]);
    const ids = (await operator.get(QueueService).enqueue(jobs)).map(({ job }) => job.id);
    await operator.close();
    await eventually(isWriting);
    for (let kill = 0; kill < KILLS; kill++) {
      const victim = kill % crew.length;
      await crew[victim]!.stop('SIGKILL');
      crew[victim] = await hire();
    }
    await eventually(async () => {
      const { rows } = await app.database.pool.query(
        `SELECT count(*)::int AS open FROM jobs WHERE id = ANY($1) AND status <> 'COMPLETED'`,
        [ids],
      );
      return rows[0].open === 0;
    });
    const { rows: wrong } = await app.database.pool.query(
      `SELECT j.id FROM jobs j WHERE j.id = ANY($1)
         AND (SELECT array_agg(e.attempt) FROM effects e WHERE e.job_id = j.id) IS DISTINCT FROM ARRAY[j.attempts]`,
      [ids],
    );
    expect(wrong).toEqual([]);
    const { rows: interrupted } = await app.database.pool.query(
      `SELECT 1 FROM job_events WHERE event = 'interrupted' AND job_id = ANY($1)`,
      [ids],
    );
    expect(interrupted.length).toBeGreaterThan(0);
  });
});
