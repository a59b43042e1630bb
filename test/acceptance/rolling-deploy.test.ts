import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { Balancer } from '../support/balancer.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { hold } from '../support/pause.js';
import { FIXTURE_APP, type ProductProcess, startProduct } from '../support/product.js';
import { RunningProgram } from '../support/running-program.js';

/** The next version: one migration and one job type more. */
const NEWER_APP = fileURLToPath(
  new URL('../../dist/test/support/fixture-app/main-newer.js', import.meta.url),
);

const ENVIRONMENT = { SHUTDOWN_DELAY: '3', WORKER_TIMEOUT: '5' };
const CLIENTS = 3;

describe('a deployment of the next version, under load', () => {
  let database: TestDatabase;
  let balancer: Balancer;
  const running: ProductProcess[] = [];
  const submitted: string[] = [];
  const failures: string[] = [];
  /** What is being done, for whoever reads of a failure. */
  let phase = 'before';
  let isOver = false;
  let load: Promise<unknown>;

  beforeAll(async () => {
    database = await createTestDatabase('rolling deploy');
    balancer = new Balancer();
  });
  afterAll(async () => {
    isOver = true;
    await load;
    balancer?.close();
    await Promise.all(running.map((process) => process.stop()));
    await database?.drop();
  });

  async function start(role: 'api' | 'worker', program: string): Promise<ProductProcess> {
    const process = await startProduct(role, database.url, ENVIRONMENT, program);
    running.push(process);
    // After a failure the test goes on beside the end of it all.
    if (isOver) await process.stop('SIGKILL');
    if (role === 'api') await balancer.add(process.ready);
    return process;
  }

  const client = async (number: number) => {
    for (let turn = number; !isOver; turn++) {
      const job = turn % 5 === 0 ? { type: 'sleep', payload: { ms: 300 } } : { payload: { turn } };
      const startedAt = performance.now();
      const fail = (what: string) =>
        failures.push(`${phase}, after ${Math.round(performance.now() - startedAt)} ms: ${what}`);
      try {
        const { status, body } = await balancer.send('POST', '/jobs', job);
        if (status === 201) submitted.push(body.job_id);
        else fail(`POST /jobs → ${status} ${JSON.stringify(body)}`);
        const read = await balancer.send('GET', `/jobs/${submitted.at(-1)}`);
        if (read.status !== 200) fail(`GET /jobs → ${read.status} ${JSON.stringify(read.body)}`);
      } catch (error) {
        fail(String(error));
      }
      await pause(20);
    }
  };
  const migrate = () =>
    RunningProgram.node([NEWER_APP, 'migrate'], { DATABASE_URL: database.url, ROLE: 'api' });

  test('fails no request, loses no job and fails none of an unknown type', async () => {
    const [oldApi, otherOldApi, oldWorker, otherOldWorker] = await Promise.all([
      start('api', FIXTURE_APP),
      start('api', FIXTURE_APP),
      start('worker', FIXTURE_APP),
      start('worker', FIXTURE_APP),
    ]);
    load = Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
    await eventually(() => submitted.length > 20, 60_000);

    // Somebody reads the table in a long transaction while three nodes migrate at once.
    phase = 'migrators wait';
    const reader = await hold(database, 'SELECT count(*) FROM jobs');
    const migrators = Array.from({ length: 3 }, migrate);
    try {
      await eventually(async () => {
        if (await isInTheWay()) return true;
        throw new Error(`No migrator waits: ${migrators.map(({ output }) => output).join(' | ')}`);
      }, 120_000);
      const before = submitted.length;
      await eventually(() => submitted.length > before + 40, 60_000);
    } finally {
      await reader.commit();
    }
    phase = 'migrating';
    const ends = await Promise.all(migrators.map(({ exited }) => exited));
    expect(ends).toEqual(migrators.map(() => ({ code: 0, signal: null })));
    const told = migrators.map(({ output }) => output.trim()).sort();
    expect(told).toEqual([
      ...Array.from({ length: 2 }, () => 'Migrated: nothing'),
      expect.stringMatching(/^The tables to be migrated are in use; .*\nMigrated: AddRemarks9000000000000$/),
    ]);

    phase = 'new APIs start';
    const [newApi] = await Promise.all([start('api', NEWER_APP), start('api', NEWER_APP)]);
    const newcomer = await ask(newApi, 'POST', '/jobs', { type: 'newcomer', payload: {} });
    expect(newcomer).toMatchObject({ status: 'PENDING', type: 'newcomer' });
    phase = 'old APIs stop';
    for (const old of [oldApi, otherOldApi]) expect(await old.stop()).toBe(0);

    phase = 'an old worker comes back';
    // An old node that crashes in the middle of it comes back.
    const restarted = await start('worker', FIXTURE_APP);
    expect(await ask(newApi, 'GET', `/jobs/${newcomer.job_id}/explain`)).toMatchObject({
      status: 'PENDING',
      reasons: expect.arrayContaining([
        expect.objectContaining({
          code: 'no_worker_for_type',
          detail: expect.stringContaining('none has a handler for its type "newcomer"'),
        }),
      ]),
    });
    expect(await ask(newApi, 'GET', `/jobs/${newcomer.job_id}`)).toMatchObject({ attempts: 0 });

    phase = 'a new worker starts';
    await start('worker', NEWER_APP);
    await eventually(
      async () => (await ask(newApi, 'GET', `/jobs/${newcomer.job_id}`)).status === 'COMPLETED',
    );
    phase = 'old workers stop';
    for (const old of [oldWorker, otherOldWorker, restarted]) expect(await old.stop()).toBe(0);
    const after = submitted.length;
    await eventually(() => submitted.length > after + 20, 60_000);
    isOver = true;
    await load;

    expect(failures).toEqual([]);
    await eventually(async () => {
      const { rows } = await database.pool.query(
        `SELECT status, count(*)::integer AS n FROM jobs WHERE id = ANY($1) GROUP BY status`,
        [submitted],
      );
      expect(rows).toEqual([{ status: 'COMPLETED', n: submitted.length }]);
      return true;
    });
    const { rows: lost } = await database.pool.query(
      `SELECT id FROM jobs WHERE max_attempts - base_max_attempts <> attempts - 1`,
    );
    expect(lost).toEqual([]);
    console.log(`${submitted.length} jobs; the slowest answer took ${Math.round(balancer.slowestMs)} ms`);
  }, 300_000);

  /** Whether a migrator waits for the table. */
  const isInTheWay = async () => {
    const { rows } = await database.pool.query(
      `SELECT FROM pg_locks WHERE relation = 'jobs'::regclass AND mode = 'AccessExclusiveLock' AND NOT granted`,
    );
    return rows.length > 0;
  };

  const ask = async (api: ProductProcess, method: string, path: string, body?: object) => {
    const response = await fetch(api.ready + path, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } } : {}),
    });
    return (await response.json()) as Record<string, any>;
  };
});
