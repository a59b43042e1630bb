import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { DatabaseClock } from '../../src/common/index.js';
import { Postgres } from '../../src/database/index.js';
import { type ClaimedJob, JobTypes, type Outcome } from '../../src/queue/index.js';
import { CircuitBreakers } from '../../src/worker/circuits/circuit-breakers.js';
import { CircuitsQuery } from '../../src/worker/circuits/circuits.query.js';
import { CircuitsStore } from '../../src/worker/circuits/circuits.store.js';
import type { HandlerRegistry } from '../../src/worker/handler-registry.js';
import { WorkerClaims } from '../../src/worker/worker-claims.js';
import type { WorkerIdentity } from '../../src/worker/worker-identity.js';
import { type TestQueue, startQueue } from '../support/queue.js';

const circuit = { failures: 2, coolDownSeconds: 60 };
const FAILED: Outcome = { kind: 'failed', error: { name: 'Error', message: 'no' } };
const DONE: Outcome = { kind: 'completed', result: null };

describe('the circuits of workers', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('circuits of workers', { types: [{ type: 'call', circuit }] });
  });
  beforeEach(() => fixture.rows('TRUNCATE jobs, job_events, circuits, pgboss.job'));
  afterAll(() => fixture?.stop());

  /** What a worker claims by; `wakes` are the times at which it is to look again. */
  const worker = (store = new CircuitsStore(fixture.get(Postgres))) => {
    const query = new CircuitsQuery(fixture.get(Postgres));
    const breakers = new CircuitBreakers(fixture.get(JobTypes), query, store);
    const handlers = { handledTypes: () => ['call', 'task'] } as HandlerRegistry;
    const identity = { id: randomUUID() } as WorkerIdentity;
    const clock = fixture.get(DatabaseClock);
    const claims = new WorkerClaims(fixture.queue, handlers, identity, breakers, store, clock);
    const wakes: number[] = [];
    const claim = (limit = 10, queue = 'default') =>
      claims.claim(queue, { limit, free: limit, alone: 1, lookAgain: (at) => wakes.push(at) });
    /** What the runner and the buffer do at the end of an attempt. */
    const end = async (job: ClaimedJob, outcome: Outcome) => {
      await breakers.note(job, circuit, outcome);
      await fixture.settle(job, outcome);
    };
    return { claims, breakers, claim, end, wakes };
  };
  const calls = (count: number) =>
    Promise.all(Array.from({ length: count }, () => fixture.enqueue({ type: 'call', maxAttempts: 1 })));
  const state = async () => (await fixture.rows('SELECT * FROM circuits'))[0];
  const coolDown = () => fixture.rows(`UPDATE circuits SET until = now() - interval '1 s'`);
  /** Two failures of jobs that one worker runs. */
  const broken = async (one = worker()) => {
    await calls(2);
    for (const job of await one.claim()) await one.end(job, FAILED);
    expect(await state()).toMatchObject({ state: 'open', failures: 2, openings: 1 });
    return one;
  };

  test('write nothing for jobs that succeed', async () => {
    const one = worker();
    await calls(3);
    for (const job of await one.claim()) await one.end(job, DONE);
    expect(await state()).toBeUndefined();
  });

  test('count the failures of all workers, from the last success on', async () => {
    const [one, other] = [worker(), worker()];
    await calls(4);
    const [a, b, c, d] = (await one.claim()) as [ClaimedJob, ClaimedJob, ClaimedJob, ClaimedJob];
    await one.end(a, FAILED);
    await one.end(b, DONE);
    expect(await state()).toMatchObject({ state: 'closed', failures: 0 });
    await one.end(c, FAILED);
    await other.end(d, FAILED);
    expect(await state()).toMatchObject({ state: 'open', failures: 2 });
  });

  test('leave the jobs of the type in line, on each worker, and claim those of others', async () => {
    const one = await broken();
    const [held] = await calls(3);
    const { id } = await fixture.enqueue({ type: 'task' });
    for (const claimant of [one, worker()]) {
      const claimed = await claimant.claim();
      expect(claimed.map((job) => job.id)).toEqual(claimant === one ? [id] : []);
      expect(claimant.wakes).toEqual([(await state())?.until.getTime()]);
    }
    expect(await fixture.row(held!.id)).toMatchObject({ status: 'PENDING', attempts: 0, ticketed: true });
  });

  test('hold back what was claimed before, without asking the database', async () => {
    const one = worker();
    await calls(4);
    const [a, b, c] = await one.claim();
    expect(one.breakers.holdsBack(c!)).toBe(false);
    await one.end(a!, FAILED);
    await one.end(b!, FAILED);
    expect(one.breakers.holdsBack(c!)).toBe(true);
    expect(one.breakers.holdsBack({ ...c!, type: 'task' })).toBe(false);
  });

  test('let one of many workers start one job when it has cooled down', async () => {
    await broken();
    await calls(5);
    await coolDown();
    const workers = Array.from({ length: 6 }, () => worker());
    const claims = await Promise.all(workers.map(({ claim }) => claim()));
    expect(claims.flat()).toHaveLength(1);
    const prober = workers[claims.findIndex(({ length }) => length === 1)]!;
    const [probe] = claims.flat();
    expect(prober.breakers.holdsBack(probe!)).toBe(false);
    expect(await state()).toMatchObject({ state: 'half_open', probe_job: probe!.id, probe_attempt: 1 });
    await prober.end(probe!, DONE);
    expect(await state()).toMatchObject({ state: 'closed', failures: 0, openings: 0 });
    expect(await worker().claim()).toHaveLength(4);
  });

  test('open for twice as long when the probe fails, and try another when it says nothing', async () => {
    const one = await broken();
    await calls(3);
    await coolDown();
    const [first] = await one.claim();
    await one.end(first!, { kind: 'snoozed', delayMs: 60_000 });
    expect(await state()).toMatchObject({ state: 'open', openings: 1, probe: null });
    const [second] = await one.claim();
    await one.end(second!, { kind: 'timed_out', error: { name: 'TimeoutError', message: 'late' } });
    const { until, openings, failures } = (await state())!;
    expect({ openings, failures }).toEqual({ openings: 2, failures: 3 });
    const [row] = await fixture.rows('SELECT now()');
    expect(until.getTime() - row!.now.getTime()).toBeGreaterThan(110_000);
    expect(until.getTime() - row!.now.getTime()).toBeLessThanOrEqual(120_000);
  });

  test('try again with a job of another queue, or that comes later, when a queue has none', async () => {
    const one = await broken();
    await coolDown();
    expect(await one.claim()).toEqual([]);
    expect(await state()).toMatchObject({ state: 'open', probe: null });
    const { id } = await fixture.enqueue({ type: 'call', queue: 'mail' });
    expect((await one.claim(10, 'mail')).map((job) => job.id)).toEqual([id]);
  });

  test('do not ask for the probe of an empty queue more than four times a second', async () => {
    const one = await broken();
    await coolDown();
    const clock = fixture.get(DatabaseClock);
    const stopped = jest.spyOn(clock, 'now').mockReturnValue(clock.now());
    expect(await one.claim()).toEqual([]);
    await calls(1);
    expect(await one.claim()).toEqual([]);
    stopped.mockRestore();
    expect(one.wakes).toHaveLength(1);
    one.claims.lookAfresh();
    expect(await one.claim()).toHaveLength(1);
  });

  test('try another job when the one that was tried is lost, however', async () => {
    const [one, other] = [await broken(), worker()];
    await calls(3);
    await coolDown();
    const [probe] = await one.claim();
    expect(await other.claim()).toEqual([]);
    await fixture.settle(probe!, { kind: 'interrupted', error: { name: 'Interrupted', message: 'lost' } });
    other.claims.lookAfresh();
    expect(await other.claim()).toHaveLength(1);
    expect(await state()).toMatchObject({ state: 'half_open' });
  });

  test('give the job back when the right to it was lost before it began', async () => {
    class Slow extends CircuitsStore {
      override async startProbe(...args: Parameters<CircuitsStore['startProbe']>): Promise<boolean> {
        await fixture.rows(`UPDATE circuits SET probe_taken_at = now() - interval '1 min'`);
        expect(await other.claim()).toHaveLength(1);
        return super.startProbe(...args);
      }
    }
    await broken();
    const other = worker();
    const [one] = [worker(new Slow(fixture.get(Postgres)))];
    const jobs = await calls(2);
    await coolDown();
    expect(await one.claim()).toEqual([]);
    const rows = await Promise.all(jobs.map(({ id }) => fixture.row(id)));
    expect(rows.map(({ status }) => status).sort()).toEqual(['PENDING', 'PROCESSING']);
    const returned = rows.find((row) => row.status === 'PENDING')!;
    expect(returned.max_attempts - returned.attempts).toBe(1);
  });
});
