import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import type { Claimant, NewJob } from '../../src/queue/index.js';
import { ExternalTypesStore, JobEvents, QueueService, StalledJobs } from '../../src/queue/index.js';
import { LeasesModule } from '../../src/leases/index.js';
import { LeaseDesk } from '../../src/leases/lease-desk.js';
import { LEASE_SETTINGS, type LeaseSettings, leaseSettings } from '../../src/leases/lease-settings.js';
import { compile } from '../support/compile.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { SOON_MS, eventually } from '../support/eventually.js';
import { listening } from '../support/listening.js';

describe('the desk where external workers wait', () => {
  let database: TestDatabase;
  let app: INestApplicationContext;
  let desk: LeaseDesk;
  let queue: QueueService;
  // The tests change the settings themselves, which outlive each of them.
  const usual: LeaseSettings = { ...leaseSettings };

  beforeAll(async () => {
    database = await createTestDatabase('leases');
  });
  beforeEach(async () => {
    await database.pool.query('TRUNCATE jobs, job_events, workers; TRUNCATE pgboss.job');
    const module = await compile(database.url, { imports: [LeasesModule] });
    app = await module.init();
    // What is told within seconds was heard, and not found by looking.
    Object.assign(app.get(LEASE_SETTINGS), usual, { pollMs: 600_000, deafPollMs: 600_000 });
    desk = app.get(LeaseDesk);
    queue = app.get(QueueService);
    await app.get(ExternalTypesStore, { strict: false }).put({
      type: 'task',
      queue: 'default',
      description: 'For tests.',
      maxAttempts: 3,
      backoff: { strategy: 'constant', delay: 0, jitter: 0 },
      timeoutSeconds: 300,
      schema: { type: 'object' },
      redact: [],
      example: {},
    });
  });
  afterEach(() => app.close());
  afterAll(() => database?.drop());

  const nobodyLeaves = new AbortController().signal;
  function ask(waitSeconds: number, { name = 'a', max = 1, queues = ['default'], gone = nobodyLeaves } = {}) {
    const worker = { id: idOf(name), name, agent: 'test', queues, max };
    return desk.take({ worker, seconds: 60, waitMs: waitSeconds * 1000 }, gone);
  }
  async function enqueue(job: Partial<NewJob> = {}): Promise<string> {
    const [enqueued] = await queue.enqueue([{ type: 'task', payload: {}, ...job }]);
    return enqueued!.job.id;
  }
  const idsOf = (leases: readonly { job: { id: string } }[]) => leases.map(({ job }) => job.id);
  const ledger = async (id: string) => {
    const { rows } = await database.pool.query('SELECT event FROM job_events WHERE job_id = $1 ORDER BY id', [
      id,
    ]);
    return rows.map(({ event }) => event as string);
  };
  const claimant: Claimant = { workerId: randomUUID(), types: ['task'] };

  test('tells the first of those who wait, and him alone', async () => {
    const waiting = Array.from({ length: 20 }, () => ask(60));
    await eventually(async () => (await waitingNow()) === 20);
    const id = await enqueue();
    expect(idsOf(await Promise.race(waiting))).toEqual([id]);
    desk.beforeApplicationShutdown();
    const answers = await Promise.all(waiting);
    expect(answers.flatMap(idsOf)).toEqual([id]);
    expect(await ledger(id)).toEqual(['started']);
  });

  test('hears of a job in any of the queues that are asked for, and prefers the first', async () => {
    const waiting = ask(60, { queues: ['first', 'second'] });
    await eventually(async () => (await waitingNow()) === 1);
    const second = await enqueue({ queue: 'second' });
    expect(idsOf(await waiting)).toEqual([second]);
    const [later, sooner] = [await enqueue({ queue: 'second' }), await enqueue({ queue: 'first' })];
    expect(idsOf(await ask(60, { queues: ['first', 'second'], max: 10 }))).toEqual([sooner]);
    expect(idsOf(await ask(60, { queues: ['first', 'second'], max: 10 }))).toEqual([later]);
  });

  test('wakes whoever waits when a job comes due', async () => {
    const waiting = ask(60);
    await eventually(async () => (await waitingNow()) === 1);
    await listening(database.pool);
    const at = performance.now();
    const id = await enqueue({ delayMs: 1_000 });
    expect(idsOf(await waiting)).toEqual([id]);
    expect(performance.now() - at).toBeLessThan(1_000 + SOON_MS);
  });

  test('looks by itself when nothing was heard', async () => {
    Object.assign(app.get(LEASE_SETTINGS), { pollMs: 50 });
    const waiting = ask(60);
    await eventually(async () => (await waitingNow()) === 1);
    await listening(database.pool);
    // As if the notice had been lost.
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
    );
    const id = await enqueue();
    expect(idsOf(await waiting)).toEqual([id]);
  });

  test('gives back, at no cost, what was claimed in the very moment in which the caller left', async () => {
    const gone = new AbortController();
    app.get(JobEvents, { strict: false }).on('claimed', () => gone.abort());
    const id = await enqueue({ maxAttempts: 1 });
    expect(await ask(60, { gone: gone.signal })).toEqual([]);
    expect(await ledger(id)).toEqual(['started', 'released']);
    expect(idsOf(await ask(0, { name: 'b' }))).toEqual([id]);
  });

  test('claims nothing for a caller who has left while he waited', async () => {
    const gone = new AbortController();
    const waiting = ask(60, { gone: gone.signal });
    await eventually(async () => (await waitingNow()) === 1);
    gone.abort();
    expect(await waiting).toEqual([]);
    const id = await enqueue();
    expect(idsOf(await ask(0, { name: 'b' }))).toEqual([id]);
    expect(await ledger(id)).toEqual(['started']);
  });

  test('refuses more than a number of waits, and still serves whoever does not wait', async () => {
    Object.assign(app.get(LEASE_SETTINGS), { mostWaiting: 2 });
    const waiting = [ask(60), ask(60)];
    await eventually(async () => (await waitingNow()) === 2);
    await expect(ask(60)).rejects.toMatchObject({ code: 'too_many_polls' });
    const id = await enqueue({ queue: 'elsewhere' });
    expect(idsOf(await ask(0, { queues: ['elsewhere'] }))).toEqual([id]);
    desk.beforeApplicationShutdown();
    expect(await Promise.all(waiting)).toEqual([[], []]);
  });

  test('lets nobody wait on a connection: a hundred wait, and others have all of them', async () => {
    const waiting = Array.from({ length: 100 }, (_, at) => ask(60, { name: `w${at}` }));
    await eventually(async () => (await waitingNow()) === 100);
    await eventually(async () => {
      const { rows } = await database.pool.query<{ busy: number }>(
        `SELECT count(*)::integer AS busy FROM pg_stat_activity
         WHERE datname = current_database() AND application_name LIKE 'roundhouse%' AND state <> 'idle'`,
      );
      return rows[0]!.busy === 0;
    });
    // The pool has fewer connections than there are who wait.
    const ids = await Promise.all(Array.from({ length: 20 }, () => enqueue({ queue: 'elsewhere' })));
    const answers = await Promise.all(ids.map((_, at) => ask(0, { name: `n${at}`, queues: ['elsewhere'] })));
    expect(answers.flatMap(idsOf).sort()).toEqual(ids.sort());
    desk.beforeApplicationShutdown();
    expect((await Promise.all(waiting)).flat()).toEqual([]);
  });

  describe('a job that was lost twice', () => {
    const suspect = async (job: Partial<NewJob> = {}) => {
      const id = await enqueue(job);
      for (let losses = 0; losses < 2; losses++) await lose();
      return id;
    };
    /** Somebody takes the next job and is not heard of again. */
    async function lose(): Promise<void> {
      const [claimed] = await queue.claim('default', 1, {
        ...claimant,
        leaseExpiresAt: new Date(Date.now() - 1),
      });
      expect(claimed).toBeDefined();
      expect(await app.get(StalledJobs, { strict: false }).recover([])).toBe(1);
    }

    test('is handed out alone: nothing comes with it, and nothing after it until it has ended', async () => {
      const id = await suspect({ priority: 1 });
      const others = [await enqueue(), await enqueue()];
      const leased = await ask(0, { max: 10 });
      expect(idsOf(leased)).toEqual([id]);
      expect(await ask(0, { max: 10 })).toEqual([]);
      expect(idsOf(await ask(0, { max: 1, name: 'b' }))).toEqual([others[0]]);
      await queue.settle([{ claim: leased[0]!.job, outcome: { kind: 'completed', result: null } }]);
      expect(idsOf(await ask(0, { max: 10 }))).toEqual([others[1]]);
    });

    test('is alone also when its worker asks twice at once', async () => {
      const id = await suspect({ priority: 1 });
      const other = await enqueue({ queue: 'other' });
      for (let round = 0; round < 5; round++) {
        const taken = (await Promise.all([ask(0), ask(0, { queues: ['other'] })])).flat();
        expect(taken.length).toBeLessThan(2);
        const { rows } = await database.pool.query(`SELECT id FROM jobs WHERE status = 'PROCESSING'`);
        expect(rows.map((row) => row.id as string)).toEqual(idsOf(taken));
        await queue.settle(taken.map(({ job }) => ({ claim: job, outcome: { kind: 'released' } })));
      }
      expect(idsOf(await ask(0))).toEqual([id]);
      expect(idsOf(await ask(0, { queues: ['other'], name: 'b' }))).toEqual([other]);
    });

    test('waits for a worker that has nothing else in hand', async () => {
      const id = await suspect({ priority: 1 });
      const other = await enqueue({ queue: 'other' });
      expect(idsOf(await ask(0, { queues: ['other'] }))).toEqual([other]);
      expect(await ask(0)).toEqual([]);
      expect(idsOf(await ask(0, { name: 'b' }))).toEqual([id]);
    });

    test('fails for good when it was lost three times alone, as it does within our own workers', async () => {
      const id = await suspect({ maxAttempts: null });
      for (let losses = 0; losses < 3; losses++) await lose();
      const { rows } = await database.pool.query('SELECT status, error_message FROM jobs WHERE id = $1', [
        id,
      ]);
      expect(rows[0]).toMatchObject({
        status: 'FAILED',
        error_message: expect.stringContaining('Lost 3 times'),
      });
    });
  });

  async function waitingNow(): Promise<number> {
    await new Promise(setImmediate);
    return (desk as unknown as { waits: Set<unknown> }).waits.size;
  }
});

function idOf(name: string): string {
  return `00000000-0000-8000-8000-${Buffer.from(name).toString('hex').padStart(12, '0')}`;
}
