import { randomUUID } from 'node:crypto';
import { SOON_MS, eventually } from '../support/eventually.js';
import { ExternalWorker } from '../support/external-worker.js';
import type { Answer } from '../support/http.js';
import { type PgBouncer, describeWithPgBouncer, startPgBouncer } from '../support/pgbouncer.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

describeWithPgBouncer('behind PgBouncer in transaction mode', () => {
  describe.each([
    ['with DATABASE_DIRECT_URL', true],
    ['without', false],
  ])('%s', (name, hasDirect) => {
    let app: App;
    let bouncer: PgBouncer;
    beforeAll(async () => {
      app = await startApp(`pgbouncer ${name}`, {
        program: FIXTURE_APP,
        workers: 2,
        // Without a direct connection a dead worker is missed by its silence alone.
        environment: { STALLED_WORKER_TIMEOUT: '5' },
        through: async (url) => {
          bouncer = await startPgBouncer(url);
          return { DATABASE_URL: bouncer.url, ...(hasDirect ? { DATABASE_DIRECT_URL: url } : {}) };
        },
      });
      await app.database.pool.query('CREATE TABLE effects (job_id uuid NOT NULL, attempt integer NOT NULL)');
    });
    afterAll(async () => {
      await app?.stop();
      await bouncer?.stop();
    });

    const post = (path: string, body?: object): Promise<Answer> => app.client.post(path, body);
    const submit = async (job: object): Promise<string> => {
      const { status, body } = await post('/jobs', job);
      expect({ status, body }).toMatchObject({ status: 201 });
      return body.job_id;
    };
    const rows = async (sql: string, values?: unknown[]) => (await app.database.pool.query(sql, values)).rows;

    test('the start says what is missing, and only then', async () => {
      for (const process of [app.api, ...app.workers]) {
        const says = () => process.output().includes('set DATABASE_DIRECT_URL');
        if (!hasDirect) await eventually(says);
        expect(says()).toBe(!hasDirect);
      }
    });

    test('an external worker that waits has a job soon after it was submitted, keeps it and ends it', async () => {
      const declared = JSON.stringify({ description: 'For tests.', queue: 'outside' });
      expect((await app.client.send('PUT', '/job-types/outside', declared)).status).toBe(201);
      const worker = new ExternalWorker(app.api.ready, { queues: ['outside'] });
      const waiting = worker.leaseOne();
      await eventually(async () => (await rows('SELECT FROM workers WHERE is_external')).length === 1);
      const sentAt = performance.now();
      const id = await submit({ type: 'outside', payload: {} });
      const lease = await waiting;
      expect([lease.job.job_id, performance.now() - sentAt < SOON_MS]).toEqual([id, true]);
      expect((await worker.say(lease, 'heartbeat', { progress: 1 })).status).toBe(200);
      expect((await worker.say(lease, 'complete', { result: 1 })).status).toBe(200);
      expect(await app.jobWith('COMPLETED', id)).toMatchObject({ attempts: 1, result: 1 });
    });

    test('a job starts soon after it was submitted, and later ones when they are due', async () => {
      const waits: number[] = [];
      for (let time = 0; time < 20; time++) {
        const job = await app.jobWith('COMPLETED', await submit({ payload: { time } }));
        waits.push(Date.parse(job.started_at) - Date.parse(job.created_at));
      }
      const median = waits.sort((a, b) => a - b)[10]!;
      process.stderr.write(`Behind PgBouncer ${name}, a job waits ${median} ms (median of 20)\n`);
      expect(median).toBeLessThan(SOON_MS);

      const scheduled = await app.jobWith('COMPLETED', await submit({ payload: {}, schedule_in: 1 }));
      expect(Date.parse(scheduled.started_at) - Date.parse(scheduled.scheduled_at)).toBeLessThan(SOON_MS);
      const locked = await app.jobWith(
        'COMPLETED',
        await submit({ payload: {}, schedule_in: 1, lock: 'later' }),
      );
      expect(Date.parse(locked.started_at) - Date.parse(locked.scheduled_at)).toBeLessThan(SOON_MS);
    });

    test('keys, unique jobs, locks, dependencies and waiting do what they do elsewhere', async () => {
      const key = { payload: {}, idempotency_key: randomUUID() };
      const answers = await Promise.all(Array.from({ length: 8 }, () => post('/jobs', key)));
      expect(new Set(answers.map(({ body }) => body.job_id)).size).toBe(1);

      const [first, ...others] = await Promise.all(
        Array.from({ length: 6 }, (_, number) =>
          submit({ type: 'sleep', payload: { ms: 20, number }, lock: 'one' }),
        ),
      );
      const child = await submit({ payload: {}, depends_on: [first, ...others] });
      await app.jobWith('COMPLETED', child);
      const overlaps = await rows(`
        SELECT 1 FROM jobs a JOIN jobs b ON a.lock = b.lock AND a.id < b.id
        WHERE a.lock = 'one' AND a.started_at < b.finished_at AND b.started_at < a.finished_at`);
      expect(overlaps).toEqual([]);

      const waited = await app.client.post('/jobs', { payload: { n: 1 } }, { Prefer: 'wait=10' });
      expect([waited.status, waited.body.status]).toEqual([200, 'COMPLETED']);
    });

    test('a running job is cancelled within a second or so', async () => {
      const id = await submit({ type: 'sleep', payload: { ms: 60_000 } });
      await app.jobWith('PROCESSING', id);
      await post(`/jobs/${id}/cancel`);
      await app.jobWith('CANCELLED', id, 2_000);
    });

    test('a handler writes in the transaction that completes its job', async () => {
      const id = await submit({ type: 'write_once', payload: { fail: true, child: true } });
      expect(await app.jobWith('COMPLETED', id)).toMatchObject({ attempts: 2, result: { attempt: 2 } });
      expect(await rows('SELECT attempt FROM effects WHERE job_id = $1', [id])).toEqual([{ attempt: 2 }]);
    });

    test('many jobs are retried, cancelled and listed at once', async () => {
      const jobs = Array.from({ length: 50 }, (_, n) => ({
        payload: { n },
        queue: 'bulk',
        schedule_in: 3_600,
      }));
      expect((await post('/jobs/batch', { jobs })).status).toBe(201);
      const begun = await post('/bulk-operations', { action: 'cancel', filter: { queue: 'bulk' } });
      const ended = await eventually(async () => {
        const { body } = await app.client.get(`/bulk-operations/${begun.body.operation_id}`);
        return body.state === 'completed' ? body : undefined;
      });
      expect(ended).toMatchObject({ done: 50, failed: 0 });
      const found = await app.client.get('/jobs?queue=bulk&status=CANCELLED&limit=200');
      expect(found.body.jobs).toHaveLength(50);
      expect((await app.client.get('/admin/stats')).status).toBe(200);
    });

    test('500 jobs, with PgBouncer killed and started again among them: none is lost, none ends twice', async () => {
      const accepted: string[] = [];
      const ask = async () => {
        const key = randomUUID();
        await eventually(async () => {
          const job = { type: 'sleep', payload: { ms: 2 }, queue: 'shaken', idempotency_key: key };
          const answer = await post('/jobs', job);
          if (answer.status < 300) accepted.push(answer.body.job_id as string);
          return answer.status < 300;
        }, 30_000);
      };
      const asking = Array.from({ length: 20 }, async () => {
        for (let round = 0; round < 25; round++) await ask();
      });
      await eventually(() => accepted.length > 150, 30_000);
      await bouncer.restart();
      await Promise.all(asking);
      expect(new Set(accepted).size).toBe(500);
      await eventually(async () => {
        const [{ n }] = (await rows(
          `SELECT count(*)::int AS n FROM jobs WHERE queue = 'shaken' AND status = 'COMPLETED'`,
        )) as [{ n: number }];
        return n === 500;
      }, 30_000);
      const wrong = await rows(`
        SELECT id FROM jobs j WHERE queue = 'shaken' AND
          (1 <> (SELECT count(*) FROM job_events e WHERE e.job_id = j.id AND e.event = 'completed') OR
           attempts <> (SELECT count(*) FROM job_events e WHERE e.job_id = j.id AND e.event = 'started'))`);
      expect(wrong).toEqual([]);
    });

    test('the job of a worker that is killed runs elsewhere', async () => {
      const id = await submit({ type: 'sleep', payload: { ms: 120_000, times: 1 } });
      const victim = await app.workerOf(id);
      await victim.stop('SIGKILL');
      app.workers.splice(app.workers.indexOf(victim), 1);
      expect(await app.jobWith('COMPLETED', id)).toMatchObject({ attempts: 2 });
    });

    test('a worker that is told to drain ends', async () => {
      const [worker] = app.workers;
      const { body } = await app.client.get('/workers');
      const row = body.workers.find((candidate: any) => candidate.pid === worker!.child.pid);
      await post(`/workers/${row.id}/drain`);
      await eventually(() => worker!.child.exitCode === 0, 10_000);
    });
  });
});
