import { DataSource, type EntityManager } from 'typeorm';
import { IdGenerator } from '../../src/common/index.js';
import { QueueService } from '../../src/queue/index.js';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';

describe('enqueuing', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('enqueue', { types: [{ type: 'mail', queue: 'emails', maxAttempts: null }] });
  });
  beforeEach(() => fixture.database.pool.query('TRUNCATE jobs, job_events; TRUNCATE pgboss.job'));
  afterAll(() => fixture?.stop());

  test('stores a job with its ticket, and no event: its creation is on its row', async () => {
    const job = await fixture.enqueue({ payload: { to: 'a@b.c' }, tags: ['x'], priority: 2 });
    expect(job).toMatchObject({
      type: 'task',
      queue: 'default',
      status: 'PENDING',
      payload: { to: 'a@b.c' },
      tags: ['x'],
      priority: 2,
      attempts: 0,
      maxAttempts: 3,
      baseMaxAttempts: 3,
      ticketed: true,
      lastEvent: 'submitted',
    });
    expect(job.scheduledAt).toEqual(job.createdAt);
    expect(await fixture.row(job.id)).toMatchObject({
      id: job.id,
      status: 'PENDING',
      payload: { to: 'a@b.c' },
    });
    expect(await fixture.tickets()).toEqual([job.id]);
    expect(await fixture.ledger(job.id)).toEqual([]);
  });

  test('takes from the type what the job leaves out', async () => {
    const [enqueued] = await fixture.queue.enqueue([{ type: 'mail', payload: {} }]);
    expect(enqueued).toMatchObject({
      created: true,
      job: { queue: 'emails', maxAttempts: null, priority: 5 },
    });
    expect(await fixture.tickets('emails')).toEqual([enqueued!.job.id]);
  });

  test('stores a thousand at once, in order, in two queues', async () => {
    const jobs = Array.from({ length: 1_000 }, (_, number) => ({
      type: number % 2 ? 'mail' : 'task',
      payload: { number },
    }));
    const enqueued = await fixture.queue.enqueue(jobs);
    expect(enqueued.map(({ job }) => job.payload.number)).toEqual(jobs.map((_, number) => number));
    expect(enqueued.every(({ created }) => created)).toBe(true);
    const ids = enqueued.map(({ job }) => job.id);
    expect(ids).toEqual([...ids].sort());
    expect([...(await fixture.tickets()), ...(await fixture.tickets('emails'))].sort()).toEqual(ids);
  });

  test('stores all of them or none', async () => {
    const bad = { type: 'task', payload: { text: 'not \0 storable' } };
    await expect(fixture.queue.enqueue([{ type: 'task', payload: {} }, bad])).rejects.toThrow();
    expect(await fixture.rows('SELECT 1 FROM jobs')).toEqual([]);
    expect(await fixture.tickets()).toEqual([]);
  });

  test('refuses a type that does not exist and names the nearest', async () => {
    await expect(fixture.enqueue({ type: 'mial' })).rejects.toMatchObject({
      code: 'unknown_job_type',
      message: expect.stringContaining('Did you mean "mail"?'),
    });
  });

  test('refuses a queue name that the engine cannot hold', async () => {
    for (const queue of ['constructor', '__pgboss__send-it', 'Upper', '']) {
      await expect(fixture.enqueue({ queue })).rejects.toMatchObject({ code: 'validation_failed' });
    }
  });

  test('gives a job due later than a minute from now no ticket yet', async () => {
    const soon = await fixture.enqueue({ delayMs: 59_000 });
    const later = await fixture.enqueue({ delayMs: 61_000 });
    expect([soon.ticketed, later.ticketed]).toEqual([true, false]);
    expect(await fixture.tickets()).toEqual([soon.id]);
    expect(later.scheduledAt.getTime() - later.createdAt.getTime()).toBe(61_000);
  });

  test.each([new Date('1999-01-01'), new Date('0000-01-01T00:00:00Z')])(
    'takes a time that has passed for now (%s)',
    async (scheduledAt) => {
      const job = await fixture.enqueue({ scheduledAt });
      expect(job.scheduledAt).toEqual(job.createdAt);
    },
  );

  test('gives the first job back when an id comes again, also twice in one call', async () => {
    const id = fixture.get(IdGenerator).next();
    const first = await fixture.enqueue({ id, payload: { first: true } });
    const again = { type: 'task', payload: { first: false }, id };
    expect(await fixture.queue.enqueue([again])).toMatchObject([
      { created: false, job: { id, payload: first.payload } },
    ]);

    const other = { type: 'task', payload: {}, id: fixture.get(IdGenerator).next() };
    expect(await fixture.queue.enqueue([other, other])).toMatchObject([
      { created: true },
      { created: false },
    ]);
    expect(await fixture.tickets()).toEqual([id, other.id]);
  });

  test('makes one job of an id that two processes send at once', async () => {
    const other = await startProcess(fixture.database.url);
    const job = { type: 'task', payload: {}, id: fixture.get(IdGenerator).next() };
    const answers = await Promise.all(
      [fixture.queue, other.get(QueueService)].flatMap((queue) => [
        queue.enqueue([job]),
        queue.enqueue([job]),
      ]),
    );
    await other.close();
    expect(answers.flat().filter(({ created }) => created)).toHaveLength(1);
    expect(await fixture.tickets()).toEqual([job.id]);
  });

  test('creates a queue that its first two jobs ask for at the same time', async () => {
    const other = await startProcess(fixture.database.url);
    const job = { type: 'task', payload: {}, queue: 'brand-new' };
    await Promise.all([fixture.queue, other.get(QueueService)].map((queue) => queue.enqueue([job])));
    await other.close();
    expect(await fixture.tickets('brand-new')).toHaveLength(2);
  });

  test('creates a queue again that somebody deleted', async () => {
    await fixture.enqueue({ queue: 'short-lived' });
    await fixture.rows(`DELETE FROM pgboss.job WHERE name = 'short-lived'`);
    await fixture.rows(`DELETE FROM pgboss.queue WHERE name = 'short-lived'`);
    const job = await fixture.enqueue({ queue: 'short-lived' });
    expect(await fixture.tickets('short-lived')).toEqual([job.id]);
  });

  describe("in a caller's transaction", () => {
    const enqueueWith = (manager: EntityManager) =>
      fixture.queue.enqueue([{ type: 'task', payload: {} }], { manager });

    test('makes a job that exists exactly when the transaction commits', async () => {
      const id = await fixture.get(DataSource).transaction(async (manager) => {
        const [enqueued] = await enqueueWith(manager);
        expect(await fixture.claim()).toEqual([]);
        expect(await fixture.row(enqueued!.job.id)).toBeUndefined();
        return enqueued!.job.id;
      });
      expect(await fixture.claim()).toMatchObject([{ id, attempts: 1 }]);
    });

    test('leaves no job and no ticket when it rolls back', async () => {
      const rolledBack = fixture.get(DataSource).transaction(async (manager) => {
        await enqueueWith(manager);
        throw new Error('no');
      });
      await expect(rolledBack).rejects.toThrow('no');
      expect(await fixture.rows('SELECT 1 FROM jobs')).toEqual([]);
      expect(await fixture.tickets()).toEqual([]);
    });

    test('refuses a manager that is in none', async () => {
      const source = fixture.get(DataSource);
      const runner = source.createQueryRunner();
      for (const manager of [source.manager, runner.manager]) {
        await expect(enqueueWith(manager)).rejects.toThrow('Pass the manager of an open transaction');
      }
      await runner.release();
      expect(await fixture.rows('SELECT 1 FROM jobs')).toEqual([]);
    });
  });
});
