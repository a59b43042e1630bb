import { type CommitCutter, startCommitCutter } from '../support/commit-cutter.js';
import type { Answer } from '../support/http.js';
import { FIXTURE_APP, type ProductProcess, startProduct } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';
import { type TcpProxy, startTcpProxy } from '../support/tcp-proxy.js';
import { eventually } from '../support/eventually.js';

describe('a worker whose database goes away', () => {
  let app: App;
  let proxy: TcpProxy;
  let cutter: CommitCutter;
  /** The only worker of its test: others would take its jobs over while it is away. */
  let worker: ProductProcess;
  beforeAll(async () => {
    app = await startApp('outage', { program: FIXTURE_APP, workers: 0 });
    proxy = await startTcpProxy(app.database.url);
    cutter = await startCommitCutter(app.database.url);
  });
  afterEach(() => worker.stop());
  afterAll(async () => {
    await app?.stop();
    await Promise.all([proxy.stop(), cutter.stop()]);
  });

  const startWorker = async (url: string) => {
    worker = await startProduct('worker', url, { STALLED_WORKER_TIMEOUT: '5' }, FIXTURE_APP);
  };
  const submit = async (job: object): Promise<string> => (await app.client.post('/jobs', job)).body.job_id;
  const attemptsOf = async (id: string) => (await app.client.get(`/jobs/${id}/attempts`)).body.attempts;

  test.each(['cut', 'hang'] as const)(
    'for a while (%s) keeps its job, stores its outcome, and goes on by itself',
    async (how) => {
      await startWorker(proxy.url);
      const says = (what: string) => worker.output().includes(what);
      const running = await submit({ type: 'sleep', payload: { ms: 500 } });
      await app.jobWith('PROCESSING', running);
      proxy[how]();
      await eventually(() => says('Outcomes of jobs wait for the database'));
      const waiting = await submit({ payload: {} });
      expect((await app.client.get(`/jobs/${running}`)).body.status).toBe('PROCESSING');
      proxy.mend();
      expect(await app.jobWith('COMPLETED', running)).toMatchObject({ attempts: 1, result: { attempt: 1 } });
      expect(await app.jobWith('COMPLETED', waiting)).toMatchObject({ attempts: 1 });
      expect(says('Outcomes of jobs are being stored again')).toBe(true);
      expect(worker.child.exitCode).toBeNull();
    },
  );

  test('over and over again under load loses no job and ends none twice', async () => {
    await startWorker(app.database.url);
    let shaking = true;
    const shake = async () => {
      while (shaking) {
        await app.database.pool.query(`
          SELECT pg_terminate_backend(pid), pg_sleep(0.05) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'roundhouse%'`);
      }
    };
    const shaken = shake();
    const answers: Answer[] = [];
    for (let round = 0; round < 30; round++) {
      const job = { type: 'sleep', payload: { ms: 5 } };
      answers.push(...(await Promise.all(Array.from({ length: 10 }, () => app.client.post('/jobs', job)))));
    }
    shaking = false;
    await shaken;
    // Accepted is kept; whoever was not answered so is told to ask again.
    const ids = answers.filter(({ status }) => status === 201).map(({ body }) => body.job_id);
    expect(ids.length).toBeGreaterThan(100);
    for (const { status, headers, body } of answers.filter((answer) => answer.status !== 201)) {
      expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'database_unavailable', '2']);
    }
    await eventually(async () => {
      const { rows } = await app.database.pool.query(
        `SELECT count(*)::int AS ended FROM jobs WHERE id = ANY($1) AND status = 'COMPLETED'`,
        [ids],
      );
      return rows[0].ended === ids.length;
    });
    const { rows } = await app.database.pool.query(
      `SELECT j.id FROM jobs j WHERE id = ANY($1) AND
         (1 <> (SELECT count(*) FROM job_events e WHERE e.job_id = j.id AND e.event = 'completed') OR
          attempts <> (SELECT count(*) FROM job_events e WHERE e.job_id = j.id AND e.event = 'started'))`,
      [ids],
    );
    expect(rows).toEqual([]);
  });

  test('with the answer to a claim gives the job back, and it runs again', async () => {
    await startWorker(cutter.url);
    const lost = await eventually(async () => {
      const cut = cutter.cutNextCommit('after');
      const id = await submit({ payload: {} });
      await cut;
      // Another commit of the worker may have come first, and then the job just runs.
      const ran = await app.jobWith('COMPLETED', id, 1_000).catch(() => undefined);
      return ran ? undefined : id;
    });
    expect(await app.jobWith('COMPLETED', lost)).toMatchObject({ attempts: 2, max_attempts: 4 });
    expect(await attemptsOf(lost)).toMatchObject([
      {
        outcome: 'interrupted',
        error: { message: 'The answer to this claim was lost before the attempt began' },
      },
      { outcome: 'completed' },
    ]);
  });
});
