import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import type { DomainError } from '../../src/common/index.js';
import { Postgres } from '../../src/database/index.js';
import { LeasesModule } from '../../src/leases/index.js';
import { LeaseDesk } from '../../src/leases/lease-desk.js';
import { LEASE_SETTINGS, type LeaseSettings, leaseSettings } from '../../src/leases/lease-settings.js';
import {
  type ClaimedJob,
  type ExternalType,
  ExternalTypesStore,
  LimitSettings,
  type Limits,
  type NewJob,
  Pauses,
  QueueService,
} from '../../src/queue/index.js';
import { compile } from '../support/compile.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { SOON_MS, eventually } from '../support/eventually.js';
import { listening } from '../support/listening.js';

const NONE: Limits = { rate: null, burst: 1, concurrency: null, per_key: null };

/** Longer than any of these tests: what comes was told, and not found by looking. */
const NEVER_MS = 600_000;

/** The tests change the settings themselves, which outlive each of them. */
const USUAL: LeaseSettings = { ...leaseSettings };

describe('requests that wait for jobs', () => {
  let database: TestDatabase;
  let app: INestApplicationContext;
  let elsewhere: INestApplicationContext;
  let queue: QueueService;
  const nobodyLeaves = new AbortController().signal;

  beforeAll(async () => {
    database = await createTestDatabase('lease waits');
  });
  beforeEach(async () => {
    await database.pool.query('TRUNCATE jobs, job_events, workers, job_types; TRUNCATE pgboss.job');
    [app, elsewhere] = await Promise.all([start(), start()]);
    queue = app.get(QueueService);
    await declare('task');
  });
  afterEach(() => Promise.all([app.close(), elsewhere.close()]));
  afterAll(() => database?.drop());

  async function start(): Promise<INestApplicationContext> {
    const module = await compile(database.url, { imports: [LeasesModule] });
    const started = await module.init();
    Object.assign(started.get<LeaseSettings>(LEASE_SETTINGS), USUAL, {
      pollMs: NEVER_MS,
      deafPollMs: NEVER_MS,
    });
    return started;
  }
  function declare(type: string, at = app): Promise<boolean> {
    const declared: ExternalType = {
      type,
      queue: 'default',
      description: 'For tests.',
      maxAttempts: 3,
      backoff: { strategy: 'constant', delay: 0, jitter: 0 },
      timeoutSeconds: 300,
      schema: { type: 'object' },
      redact: [],
      example: {},
    };
    return at.get(ExternalTypesStore, { strict: false }).put(declared);
  }
  async function ask(wish: { wait?: number; from?: string; name?: string; types?: string[] } = {}, at = app) {
    const { wait = 60, from = 'default', name = randomUUID(), types } = wish;
    const worker = { id: name, name, agent: 'test', queues: [from], max: 1, ...(types ? { types } : {}) };
    const leases = await at.get(LeaseDesk).take({ worker, seconds: 60, waitMs: wait * 1000 }, nobodyLeaves);
    return leases.map(({ job }) => job);
  }
  async function enqueue(job: Partial<NewJob> = {}): Promise<string> {
    const [enqueued] = await queue.enqueue([{ type: 'task', payload: {}, ...job }]);
    return enqueued?.job.id ?? '';
  }
  const complete = (claim: ClaimedJob) =>
    elsewhere.get(QueueService).settle([{ claim, outcome: { kind: 'completed', result: null } }]);
  const waitsOf = (at: INestApplicationContext) =>
    at.get<unknown, { waits: ReadonlySet<unknown> }>(LeaseDesk).waits;
  const waiting = (count: number, at = app) => eventually(() => waitsOf(at).size === count);
  async function limit(name: string, limits: Partial<Limits>): Promise<void> {
    await queue.claim(name, 1, { workerId: randomUUID(), types: ['none'] });
    await app.get(Postgres, { strict: false }).transaction(async (session) => {
      const settings = app.get(LimitSettings, { strict: false });
      await settings.hold(session, name);
      await settings.set(session, name, { ...NONE, ...limits });
    });
  }

  test('are answered when a limit of running jobs has room again, whoever makes it', async () => {
    await limit('narrow', { concurrency: 1 });
    const ids = [await enqueue({ queue: 'narrow' }), await enqueue({ queue: 'narrow' })];
    const [first] = await ask({ from: 'narrow' });
    const second = ask({ from: 'narrow' });
    await waiting(1);
    await complete(first!);
    expect([first!.id, (await second)[0]!.id]).toEqual(ids);
  });

  test('are answered as soon as a limit of starts lets the next one start, and no earlier', async () => {
    await limit('slow', { rate: '1/second' });
    for (let jobs = 0; jobs < 3; jobs++) await enqueue({ queue: 'slow' });
    const taken = (await Promise.all([1, 2, 3].map(() => ask({ from: 'slow' })))).flat();
    const starts = taken.map(({ startedAt }) => startedAt!.getTime()).sort();
    expect(starts).toHaveLength(3);
    for (const at of [1, 2]) {
      const pause = starts[at]! - starts[at - 1]!;
      expect(pause).toBeGreaterThanOrEqual(1_000);
      expect(pause).toBeLessThan(1_000 + SOON_MS);
    }
  });

  test('hear of a retry that was agreed on before they came', async () => {
    const id = await enqueue();
    const [claim] = await ask();
    const other = ask({ from: 'other' });
    await waiting(1);
    await listening(database.pool);
    const backoff = { strategy: 'constant', delay: 1, jitter: 0 } as const;
    const error = { name: 'Error', message: 'no' };
    const outcome = { kind: 'failed', error, permanent: false } as const;
    await elsewhere.get(QueueService).settle([{ claim: { ...claim!, backoff }, outcome }]);
    // Who has heard of this job has heard of the retry.
    await enqueue({ queue: 'other' });
    expect(await other).toHaveLength(1);
    expect((await ask({ wait: SOON_MS / 1_000 }))[0]?.id).toBe(id);
  });

  test('are answered when their queue is resumed', async () => {
    const pauses = elsewhere.get(Pauses, { strict: false });
    const id = await enqueue();
    await pauses.pause('default', { by: 'somebody', reason: null, until: null });
    const answer = ask();
    await waiting(1);
    await pauses.resume('default');
    expect((await answer)[0]!.id).toBe(id);
  });

  test('are at most a number at a time, also when all come in the same moment', async () => {
    Object.assign(app.get<LeaseSettings>(LEASE_SETTINGS), { mostWaiting: 2 });
    const refused: unknown[] = [];
    const answers = Array.from({ length: 5 }, () =>
      ask().catch((error: unknown) => refused.push((error as DomainError).code)),
    );
    await eventually(() => refused.length === 3);
    expect([new Set(refused), waitsOf(app).size]).toEqual([new Set(['too_many_polls']), 2]);
    app.get(LeaseDesk).beforeApplicationShutdown();
    await Promise.all(answers);
  });

  test('are answered when the process stops, also when they had just come', async () => {
    const answer = ask();
    app.get(LeaseDesk).beforeApplicationShutdown();
    expect(await answer).toEqual([]);
  });

  test('name a type that was declared elsewhere a moment ago, and are given its jobs', async () => {
    expect(await ask({ wait: 0 })).toEqual([]);
    await declare('new', elsewhere);
    const id = await enqueue({ type: 'new' });
    expect((await ask({ wait: 0, types: ['new'] }))[0]?.id).toBe(id);
  });
});
