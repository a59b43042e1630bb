import { DataSource } from 'typeorm';
import { QueueService, WAKEUP_CHANNEL } from '../../src/queue/index.js';
import { Pooler, Postgres, isConnectionLoss, isPassing } from '../../src/database/index.js';
import { NotificationListener } from '../../src/database/notification-listener.js';
import { CONFIG, type Config } from '../../src/config/index.js';
import { SettleBuffer } from '../../src/worker/settle-buffer.js';
import { type CommitCutter, startCommitCutter } from '../support/commit-cutter.js';
import { eventually } from '../support/eventually.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { type TestQueue, WORKER, startProcess, startQueue } from '../support/queue.js';

describe('a lost connection', () => {
  let fixture: TestQueue;
  let cutter: CommitCutter;
  /** The queue of a process whose every connection goes through the cutter. */
  let queue: QueueService;
  let endangered: Awaited<ReturnType<typeof startProcess>>;
  beforeAll(async () => {
    fixture = await startQueue('lost connections');
    cutter = await startCommitCutter(fixture.database.url);
    endangered = await startProcess(cutter.url);
    queue = endangered.get(QueueService);
    await queue.enqueue([{ type: 'task', payload: {} }]);
  });
  beforeEach(() => fixture.database.pool.query('TRUNCATE jobs, job_events; TRUNCATE pgboss.job'));
  afterAll(async () => {
    await endangered.close();
    await cutter.stop();
    await fixture.stop();
  });

  const task = { type: 'task', payload: {} };

  test('after the commit of a submission: the job is looked up and answered with', async () => {
    const cut = cutter.cutNextCommit('after');
    const enqueued = await queue.enqueue([task, task]);
    await cut;
    expect(enqueued.map(({ created }) => created)).toEqual([true, true]);
    expect(await fixture.tickets()).toEqual(enqueued.map(({ job }) => job.id));
  });

  test('before the commit of a submission: the caller is told to ask again, and nothing is stored', async () => {
    const cut = cutter.cutNextCommit('before');
    await expect(queue.enqueue([task])).rejects.toMatchObject({
      code: 'database_unavailable',
      message: expect.stringContaining('unknown whether the job was accepted'),
      options: { retryAfterSeconds: 2 },
    });
    await cut;
    expect(await fixture.rows('SELECT 1 FROM jobs')).toEqual([]);
    expect(await queue.enqueue([task])).toHaveLength(1);
  });

  test('of a whole group of callers at its commit: each gets its own job', async () => {
    const cut = cutter.cutNextCommit('after');
    const answers = await Promise.all(
      [1, 2, 3].map((number) => queue.enqueue([{ ...task, payload: { number } }])),
    );
    await cut;
    expect(answers.map(([enqueued]) => enqueued!.job.payload)).toEqual([
      { number: 1 },
      { number: 2 },
      { number: 3 },
    ]);
    expect(await fixture.tickets()).toHaveLength(3);
  });

  test('after the commit of a settle: the outcome is offered again and not taken for a late one', async () => {
    const job = await fixture.started();
    const buffer = new SettleBuffer(queue);
    const cut = cutter.cutNextCommit('after');
    await buffer.add({ claim: job, outcome: { kind: 'completed', result: 'kept' } });
    await cut;
    await buffer.flushed();
    expect(await fixture.row(job.id)).toMatchObject({ status: 'COMPLETED', result: 'kept' });
    expect(await fixture.ledger(job.id)).toEqual(['started 1', 'completed 1']);
  });

  test('before the commit of a settle: the outcome is not lost, and no failure is made of it', async () => {
    const job = await fixture.started();
    const buffer = new SettleBuffer(queue);
    const cut = cutter.cutNextCommit('before');
    await buffer.add({ claim: job, outcome: { kind: 'completed', result: 'kept' } });
    await cut;
    await buffer.flushed();
    expect(await fixture.ledger(job.id)).toEqual(['started 1', 'completed 1']);
    expect(await fixture.row(job.id)).toMatchObject({ status: 'COMPLETED', result: 'kept' });
  });

  test('at the commit of a claim is an error, and the job is held by the worker that does not know', async () => {
    const { id } = await fixture.enqueue();
    const cut = cutter.cutNextCommit('after');
    const claim = queue.claim('default', 1, { workerId: WORKER });
    await expect(claim).rejects.toThrow('The connection was lost while committing');
    await cut;
    expect(await fixture.row(id)).toMatchObject({ status: 'PROCESSING', worker_id: WORKER, attempts: 1 });
  });

  test('of every idle connection is mended by the next call', async () => {
    await Promise.all([1, 2, 3].map(() => queue.enqueue([task])));
    const cutAll = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()`;
    await fixture.rows(cutAll);
    await eventually(async () => (await queue.enqueue([task])).length);
  });
});

describe('a connection that is lost in the packet that makes it ready', () => {
  test('ends no process, in whatever pool', async () => {
    const fixture = await startQueue('ready and lost');
    const proxy = await startTcpProxy(fixture.database.url);
    const endangered = await startProcess(proxy.url);
    const queue = endangered.get(QueueService);
    const useEveryPool = () =>
      Promise.allSettled([
        queue.enqueue([{ type: 'task', payload: {} }]),
        endangered.get(Postgres).query('SELECT 1'),
        endangered.get(DataSource).query('SELECT 1'),
        endangered.get(DataSource).transaction((manager) => manager.query('SELECT 1')),
        queue.queueNames(),
      ]);
    proxy.endWhenReady();
    for (let round = 0; round < 5; round++) {
      for (const { status } of await useEveryPool()) expect(status).toBe('rejected');
    }
    proxy.mend();
    await eventually(async () => (await useEveryPool()).every(({ status }) => status === 'fulfilled'));
    await endangered.close();
    await proxy.stop();
    await fixture.stop();
  });
});

describe('the connection for notices', () => {
  test('comes back by itself and says so, since notices may have been missed', async () => {
    const fixture = await startQueue('notices');
    const heard: string[] = [];
    let listening = 0;
    const subscriber = {
      onNotification: (payload: string) => heard.push(payload),
      onListening: () => (listening += 1),
      onDeaf: () => undefined,
    };
    const config = fixture.get<Config>(CONFIG);
    const listener = new NotificationListener(config, WAKEUP_CHANNEL, subscriber, fixture.get(Pooler));
    await listener.start();
    expect(listening).toBe(1);
    await fixture.enqueue();
    await eventually(() => heard.length === 1);
    expect(JSON.parse(heard[0]!)).toEqual({ ready: ['default'], due: {} });

    await fixture.rows(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '% listen'`,
    );
    await eventually(() => listening === 2);
    const { scheduledAt } = await fixture.enqueue({ delayMs: 30_000 });
    await eventually(() => heard.length === 2);
    expect(JSON.parse(heard[1]!)).toEqual({ ready: [], due: { default: scheduledAt.getTime() } });
    await listener.stop();
    await fixture.stop();
  });
});

describe('errors of the database', () => {
  test('are told apart: what a lost connection is, what passes, and what will not', async () => {
    const fixture = await startQueue('errors of the database');
    const errorOf = (sql: string) =>
      fixture
        .get(Postgres)
        .query(sql)
        .then(
          () => undefined,
          (error: unknown) => error,
        );
    const verdict = (error: unknown) => [isConnectionLoss(error), isPassing(error)];
    expect(verdict(await errorOf(`SELECT pg_terminate_backend(pg_backend_pid())`))).toEqual([true, true]);
    expect(verdict(await errorOf(`SET statement_timeout = 1; SELECT pg_sleep(1)`))).toEqual([false, true]);
    for (const state of ['40001', '40P01', '53100', '53300', '55P03', '25006', '25P03']) {
      const sql = `DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '${state}'; END $$`;
      expect([state, ...verdict(await errorOf(sql))]).toEqual([state, false, true]);
    }
    expect(verdict(await errorOf('SELECT 1 / 0'))).toEqual([false, false]);
    expect(verdict(await errorOf('nonsense'))).toEqual([false, false]);
    const wrapped = new Error('Storing failed', {
      cause: await errorOf(`SELECT pg_terminate_backend(pg_backend_pid())`),
    });
    expect(verdict(wrapped)).toEqual([true, true]);
    await fixture.stop();
  });
});
