import { randomUUID } from 'node:crypto';
import { DatabaseClock } from '../../src/common/index.js';
import { CONFIG, type Config } from '../../src/config/index.js';
import { Pooler, Postgres } from '../../src/database/index.js';
import { Canary, JobTypes, Line, type QueueService } from '../../src/queue/index.js';
import { CircuitBreakers } from '../../src/worker/circuits/circuit-breakers.js';
import { CircuitsQuery } from '../../src/worker/circuits/circuits.query.js';
import { CircuitsStore } from '../../src/worker/circuits/circuits.store.js';
import { Canaries } from '../../src/worker/canaries.js';
import { ClaimLoop } from '../../src/worker/claim-loop.js';
import type { HandlerRegistry } from '../../src/worker/handler-registry.js';
import { Lookout } from '../../src/worker/lookout.js';
import { Notices } from '../../src/worker/notices.js';
import { WorkerClaims } from '../../src/worker/worker-claims.js';
import type { WorkerIdentity } from '../../src/worker/worker-identity.js';
import { eventually } from '../support/eventually.js';
import { type TestQueue, startQueue } from '../support/queue.js';

describe('the claim loop', () => {
  let fixture: TestQueue;
  let loop: ClaimLoop;
  let notices: Notices;
  let claims: number;
  const started: string[] = [];
  beforeAll(async () => {
    fixture = await startQueue('claim loop', { types: [{ type: 'unknown_here' }] });
  });
  beforeEach(async () => {
    await fixture.database.pool.query('TRUNCATE jobs, job_events; TRUNCATE pgboss.job');
    claims = 0;
    started.length = 0;
    const counting = Object.create(fixture.queue) as QueueService;
    counting.claim = (...args) => {
      claims += 1;
      return fixture.queue.claim(...args);
    };
    notices = new Notices(fixture.get<Config>(CONFIG), fixture.get(Pooler), new Lookout(fixture.get(Line)));
    const handlers = { handledTypes: () => ['task'] };
    const postgres = fixture.get(Postgres);
    const circuits = new CircuitBreakers(
      fixture.get(JobTypes),
      new CircuitsQuery(postgres),
      new CircuitsStore(postgres),
    );
    const identity = { id: randomUUID() } as WorkerIdentity;
    const canaries = new Canaries(fixture.get(Canary), identity, fixture.get<Config>(CONFIG));
    loop = new ClaimLoop(
      counting,
      new WorkerClaims(
        counting,
        handlers as unknown as HandlerRegistry,
        identity,
        circuits,
        new CircuitsStore(postgres),
        fixture.get(DatabaseClock),
      ),
      fixture.get(DatabaseClock),
      notices,
      canaries,
      fixture.get<Config>(CONFIG),
    );
    await loop.start({
      run: async ({ id }) => {
        started.push(id);
      },
      giveBack: () => undefined,
    });
  });
  afterEach(async () => {
    await loop.stop();
    await notices.onApplicationShutdown();
  });
  afterAll(() => fixture?.stop());

  test('starts a job as soon as it is told of it, in whatever queue', async () => {
    for (const queue of ['default', 'new-a', 'new-b', 'default']) {
      const { id } = await fixture.enqueue({ queue });
      await eventually(() => started.includes(id), 1_000);
    }
  });

  test('starts jobs that are due a few milliseconds apart each at its time', async () => {
    for (const gap of [1, 2, 3, 4, 5, 6]) {
      const due = [40, 40 + gap].map((delayMs) => ({ type: 'task', payload: {}, delayMs }));
      const jobs = await fixture.queue.enqueue(due);
      // Whoever is overlooked waits for the next poll, which is 5 s away.
      await eventually(() => jobs.every(({ job }) => started.includes(job.id)), 1_000);
    }
    const early = await fixture.rows('SELECT 1 FROM jobs WHERE started_at < scheduled_at');
    expect(early).toEqual([]);
  });

  test('does not spin about a job that is due and that this worker cannot run', async () => {
    const unknown = await fixture.enqueue({ type: 'unknown_here', delayMs: 50 });
    const known = await fixture.enqueue({ delayMs: 400 });
    await eventually(() => started.includes(known.id), 2_000);
    expect(started).toEqual([known.id]);
    expect(await fixture.row(unknown.id)).toMatchObject({ status: 'PENDING', attempts: 0 });
    expect(claims).toBeLessThan(20);
  });

  test('starts nothing once it has stopped', async () => {
    await loop.stop();
    const { id } = await fixture.enqueue();
    const [claimed] = await fixture.claim();
    expect(claimed).toMatchObject({ id, attempts: 1 });
    expect(started).toEqual([]);
  });
});
