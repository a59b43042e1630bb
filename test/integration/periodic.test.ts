import { randomUUID } from 'node:crypto';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { DatabaseClock } from '../../src/common/index.js';
import { CONFIG, ConfigModule, resolveConfig } from '../../src/config/index.js';
import { DatabaseModule } from '../../src/database/index.js';
import { JokesModule } from '../../src/jokes/index.js';
import { FetchJokeCron } from '../../src/periodic/fetch-joke.cron.js';
import { HealthCheckCron } from '../../src/periodic/health-check.cron.js';
import { CronModule, PeriodicModule } from '../../src/periodic/index.js';
import { RecoverStalledCron } from '../../src/periodic/recover-stalled.cron.js';
import { RetryStalledHandler } from '../../src/periodic/retry-stalled.handler.js';
import { slotId } from '../../src/common/index.js';
import { QueueService } from '../../src/queue/index.js';
import { HandlersModule } from '../../src/worker/index.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';

const MINUTE_MS = 60_000;
/** A slot of every periodic job, some hours from now. */
const SLOT = (Math.ceil(Date.now() / (60 * MINUTE_MS)) + 5) * 60 * MINUTE_MS;

/** The database's time as a test wants a process to know it, whatever the database says. */
class StoppedClock extends DatabaseClock {
  stoppedAt: number | undefined;

  override now(): number {
    return this.stoppedAt ?? super.now();
  }
}

describe('periodic jobs', () => {
  let database: TestDatabase;
  const processes: INestApplicationContext[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase('periodic');
  });
  beforeEach(() => database.pool.query('TRUNCATE jobs'));
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((process) => process.close()));
  });
  afterAll(() => database?.drop());

  /** What of a worker process has to do with periodic jobs. Its timers stand still: the tests are the timers. */
  async function startProcess(environment: Record<string, string> = {}): Promise<INestApplicationContext> {
    const config = resolveConfig({ DATABASE_URL: database.url, DB_POOL_MAX: '10', ...environment });
    const imports = [ConfigModule, DatabaseModule, HandlersModule, JokesModule, PeriodicModule, CronModule];
    const process = await Test.createTestingModule({ imports: [...imports, ScheduleModule.forRoot()] })
      .overrideProvider(CONFIG)
      .useValue(config)
      .overrideProvider(DatabaseClock)
      .useValue(new StoppedClock())
      .compile();
    processes.push(process);
    await process.init();
    for (const timer of process.get(SchedulerRegistry).getCronJobs().values()) void timer.stop();
    return process;
  }

  const startProcesses = (count: number) => Promise.all(Array.from({ length: count }, () => startProcess()));

  const setClock = (process: INestApplicationContext, time: number) => {
    process.get<StoppedClock>(DatabaseClock).stoppedAt = time;
  };

  const storedJobs = async () => {
    const { rows } = await database.pool.query(
      'SELECT id, type, payload, status, scheduled_at FROM jobs ORDER BY id',
    );
    return rows;
  };

  /** As a worker does it: a waiting job keeps the next one of its type away. */
  const startWaiting = () =>
    database.pool.query(
      `WITH started AS (UPDATE jobs SET status = 'PROCESSING', attempts = 1 RETURNING id)
       DELETE FROM job_keys k USING started s WHERE k.kind = 'unique' AND k.job_id = s.id`,
    );

  test('of one slot are one, however many processes fire for it at once', async () => {
    const running = await startProcesses(3);
    for (const process of running) setClock(process, SLOT);
    const crons = running.flatMap((process) =>
      [FetchJokeCron, RecoverStalledCron, HealthCheckCron].map((cron) => process.get<FetchJokeCron>(cron)),
    );
    await Promise.all([...crons, ...crons].map((cron) => cron.fire()));

    const types = ['scheduled_fetch_random_joke', 'retry_stalled_jobs', 'health_check_task'];
    const jobs = await storedJobs();
    expect(jobs).toHaveLength(3);
    for (const type of types) {
      expect(jobs).toContainEqual({
        id: slotId(type, SLOT),
        type,
        payload: {},
        status: 'PENDING',
        scheduled_at: new Date(SLOT),
      });
    }
  });

  test('are one a slot although timers fire early and late, and none starts before its slot', async () => {
    const running = await startProcesses(3);
    for (const slot of [SLOT, SLOT + 2 * MINUTE_MS]) {
      running.forEach((process, index) => setClock(process, slot + (index - 1) * 800));
      for (const process of running) await process.get(FetchJokeCron).fire();
      await startWaiting();
    }
    const jobs = await storedJobs();
    expect(jobs.map((job) => job.scheduled_at)).toEqual([new Date(SLOT), new Date(SLOT + 2 * MINUTE_MS)]);
  });

  test('wait for their turn one at a time: while one waits, the next slot adds none', async () => {
    const process = await startProcess();
    for (const slot of [SLOT, SLOT + 2 * MINUTE_MS]) {
      setClock(process, slot);
      await process.get(FetchJokeCron).fire();
    }
    expect(await storedJobs()).toMatchObject([{ scheduled_at: new Date(SLOT) }]);
  });

  test('of a slot that found nobody running are enqueued by the process that starts next', async () => {
    const [before, after] = await startProcesses(2);
    setClock(before!, SLOT);
    await before!.get(FetchJokeCron).fire();

    await startWaiting();
    const missed = SLOT + 2 * MINUTE_MS;
    setClock(after!, missed + 46_000);
    await after!.get(FetchJokeCron).onApplicationBootstrap();
    expect(await storedJobs()).toHaveLength(1);

    setClock(after!, missed + 10_000);
    await after!.get(FetchJokeCron).onApplicationBootstrap();
    expect(await storedJobs()).toMatchObject([{}, { id: slotId('scheduled_fetch_random_joke', missed) }]);
  });

  test('are not made up for on a system that has only just come to life', async () => {
    const process = await startProcess();
    setClock(process, SLOT + 10_000);
    await process.get(FetchJokeCron).onApplicationBootstrap();
    expect(await storedJobs()).toEqual([]);
  });

  test('are enqueued later when the database is away at the time of the slot', async () => {
    const process = await startProcess();
    setClock(process, SLOT);
    const blocker = await database.pool.connect();
    await blocker.query('BEGIN; LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE');
    const fired = process.get(FetchJokeCron).fire();
    await eventually(async () => (await database.pool.query(KILL_BLOCKED)).rowCount);
    await blocker.query('COMMIT');
    blocker.release();

    await fired;
    expect(await storedJobs()).toMatchObject([{ id: slotId('scheduled_fetch_random_joke', SLOT) }]);
  });

  test('that cannot be enqueued do not hold up a process that stops', async () => {
    const process = await startProcess();
    setClock(process, SLOT);
    const blocker = await database.pool.connect();
    await blocker.query('BEGIN; LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE');
    const fired = process.get(FetchJokeCron).fire();
    await eventually(async () => (await database.pool.query(KILL_BLOCKED)).rowCount);
    const start = performance.now();
    await process.close();
    await fired;
    expect(performance.now() - start).toBeLessThan(10_000);
    await blocker.query('ROLLBACK');
    blocker.release();
    expect(await storedJobs()).toEqual([]);
  });

  test('are switched off by PERIODIC_TASKS_ENABLED', async () => {
    const process = await startProcess({ PERIODIC_TASKS_ENABLED: 'false' });
    setClock(process, SLOT);
    await process.get(FetchJokeCron).fire();
    await process.get(RecoverStalledCron).fire();
    expect(await storedJobs()).toEqual([]);
  });

  test('fire at the times that the contract and STALLED_JOB_CHECK_INTERVAL name', async () => {
    const process = await startProcess({ STALLED_JOB_CHECK_INTERVAL: '15' });
    const timers = [...process.get(SchedulerRegistry).getCronJobs()];
    expect(Object.fromEntries(timers.map(([name, timer]) => [name, timer.cronTime.source]))).toEqual({
      scheduled_fetch_random_joke: '*/2 * * * *',
      retry_stalled_jobs: '*/15 * * * *',
      health_check_task: '*/5 * * * *',
    });
  });

  test('of recovery take back what a worker that is gone still holds, and count it', async () => {
    const process = await startProcess();
    const queue = process.get(QueueService, { strict: false });
    const [enqueued] = await queue.enqueue([{ type: 'health_check_task', payload: {} }]);
    const [claimed] = await queue.claim('default', 1, { workerId: randomUUID() });
    expect(claimed?.id).toBe(enqueued!.job.id);

    const handler = process.get(RetryStalledHandler);
    expect(await handler.run()).toEqual({ recovered: 1 });
    expect(await handler.run()).toEqual({ recovered: 0 });
    expect(await storedJobs()).toMatchObject([{ id: claimed!.id, status: 'PENDING' }]);
  });
});

/** Ends the connections of the product that wait for a lock. */
const KILL_BLOCKED = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND application_name LIKE 'roundhouse%' AND wait_event_type = 'Lock'`;
