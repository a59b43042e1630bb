import { randomUUID } from 'node:crypto';
import { QueueService } from '../../src/queue/index.js';
import { type Hands, startHands } from '../support/hands.js';
import { startProcess } from '../support/queue.js';

const DONE = { kind: 'completed', result: null } as const;
const UNIQUE = { key: 'U', while: 'unfinished', onConflict: 'return' } as const;

describe('what somebody does in psql', () => {
  let hands: Hands;
  beforeAll(async () => {
    hands = await startHands('hands on the line');
  });
  beforeEach(() => hands.clear());
  afterAll(() => hands?.stop());

  const insertTicket = (id: string, queue: string, more = 'now()') =>
    hands.psql(
      `INSERT INTO pgboss.job (id, name, retry_limit, retry_backoff, keep_until, expire_seconds, deletion_seconds, policy, created_on)
       VALUES ($1, $2, 0, false, now() + interval '1 day', 900, 0, 'standard', ${more})`,
      [id, queue],
    );

  describe('to the engine: every waiting job has one place in line within a minute', () => {
    test.each(['DELETE FROM pgboss.job', 'TRUNCATE pgboss.job'])('%s', async (sql) => {
      const jobs = [
        await hands.waiting(),
        await hands.waiting({ lock: 'L' }),
        await hands.waiting({ lock: 'L' }),
      ];
      await hands.psql(sql);
      expect(await hands.followUp()).toEqual({ lost_ticket: 2 });
      expect(await hands.ledger(jobs[0]!.id)).toEqual(['mended 0']);
      expect((await hands.runAll()).sort()).toEqual(jobs.map((job) => job.id).sort());
    });

    test('TRUNCATE pgboss.job with more jobs than one batch: all at once', async () => {
      await hands.queue.enqueue(Array.from({ length: 2_500 }, () => ({ type: 'task', payload: {} })));
      await hands.psql('TRUNCATE pgboss.job');
      expect(await hands.followUp()).toEqual({ lost_ticket: 2_500 });
      expect(await hands.tickets()).toHaveLength(2_500);
    });

    test.each([
      `state = 'active'`,
      `state = 'completed'`,
      `state = 'cancelled'`,
      `state = 'failed'`,
      `start_after = now() + interval '1 year'`,
      `priority = 1`,
      `group_id = 'nobody'`,
      `group_id = NULL`,
      `blocked = true`,
      `state = 'active', created_on = 'infinity'`,
    ])('UPDATE pgboss.job SET %s', async (assignment) => {
      const job = await hands.waiting();
      await hands.psql(`UPDATE pgboss.job SET ${assignment}`);
      expect(await hands.followUp()).toEqual({ wrong_ticket: 1, lost_ticket: 1 });
      expect(await hands.runAll()).toEqual([job.id]);
    });

    test('a ticket that is moved to another queue', async () => {
      const [job] = [await hands.waiting(), await hands.waiting({ queue: 'elsewhere' })];
      await hands.psql(`UPDATE pgboss.job SET name = 'elsewhere' WHERE id = $1`, [job.id]);
      expect(await hands.followUp()).toEqual({ wrong_ticket: 1, lost_ticket: 1 });
      expect(await hands.runAll()).toEqual([job.id]);
    });

    test('forged tickets, in whatever queue, and of whatever job', async () => {
      const job = await hands.waiting();
      const running = await hands.waiting({ queue: 'elsewhere' });
      const [claim] = await hands.claim(1, { queue: 'elsewhere' });
      for (const queue of ['__forged', 'Forged Queue', 'constructor'])
        await hands.psql(
          `INSERT INTO pgboss.queue (name, policy, retry_limit, retry_delay, retry_backoff, expire_seconds, retention_seconds, deletion_seconds, partition, table_name)
           VALUES ($1, 'standard', 0, 0, false, 900, 900, 0, false, 'job_common') ON CONFLICT DO NOTHING`,
          [queue],
        );
      for (const queue of ['__forged', 'Forged Queue', 'constructor', 'elsewhere', 'default'])
        await insertTicket(randomUUID(), queue);
      await insertTicket(job.id, 'elsewhere');
      await insertTicket(running.id, 'elsewhere');
      expect(await hands.followUp()).toMatchObject({ wrong_ticket: 7 });
      expect(await hands.runAll('elsewhere')).toEqual([]);
      expect(await hands.runAll()).toEqual([job.id]);
      expect((await hands.settle(claim!, DONE)).refused).toEqual([]);
      await hands.psql(`DELETE FROM pgboss.queue WHERE name IN ('__forged', 'Forged Queue', 'constructor')`);
    });

    test('DELETE FROM pgboss.queue: the next use creates it again, in every process', async () => {
      await hands.runAll();
      const other = await startProcess(hands.database.url);
      await other.get(QueueService).enqueue([{ type: 'task', payload: {} }]);
      await hands.runAll();
      await hands.psql(`DELETE FROM pgboss.queue WHERE name = 'default'`);
      const job = await hands.waiting();
      await hands.psql('TRUNCATE pgboss.queue CASCADE');
      expect(await hands.followUp()).toEqual({ lost_ticket: 1 });
      const { length } = await other.get(QueueService).enqueue([{ type: 'task', payload: {} }]);
      await other.close();
      expect(length).toBe(1);
      expect(await hands.runAll()).toEqual([job.id, expect.any(String)]);
    });
  });

  describe('to what we keep beside the jobs', () => {
    test('DELETE FROM job_locks: who runs has its lock back, and nobody starts beside it', async () => {
      const running = await hands.started({ lock: 'L' });
      const next = await hands.waiting({ lock: 'L' });
      const [inLine, behind] = [await hands.waiting({ lock: 'M' }), await hands.waiting({ lock: 'M' })];
      await hands.psql('DELETE FROM job_locks');
      expect(await hands.followUp()).toEqual({ lost_lock: 2 });
      expect(await hands.statusOf(next)).toBe('BLOCKED');
      expect(await hands.runAll()).toEqual([inLine.id, behind.id]);
      await hands.settle(running, DONE);
      expect(await hands.runAll()).toEqual([next.id]);
    });

    test.each([
      ['nobody that exists', () => randomUUID()],
      ['one that waits behind it', (id: string) => id],
    ])('UPDATE job_locks SET holder to %s: who runs has its lock back', async (_, holder) => {
      const running = await hands.started({ lock: 'L' });
      const next = await hands.waiting({ lock: 'L' });
      await hands.psql('UPDATE job_locks SET holder = $1', [holder(next.id)]);
      expect(await hands.followUp()).toEqual({ wrong_holder: 1 });
      expect(await hands.claim()).toEqual([]);
      await hands.settle(running, DONE);
      expect(await hands.runAll()).toEqual([next.id]);
      expect(await hands.rows('SELECT * FROM job_locks')).toEqual([]);
    });

    test('DELETE FROM job_keys: unfinished jobs have their unique keys back, ended ones have not', async () => {
      const job = await hands.waiting({ unique: UNIQUE });
      const taken = await hands.waiting({ unique: { ...UNIQUE, key: 'taken', while: 'waiting' } });
      const ended = await hands.started({ unique: { ...UNIQUE, key: 'ended' } });
      for (const claim of [ended]) await hands.settle(claim, DONE);
      await hands.psql('DELETE FROM job_keys');
      expect(await hands.followUp()).toEqual({ lost_key: 1 });
      expect((await hands.waiting({ unique: UNIQUE })).id).toBe(job.id);
      expect((await hands.waiting({ unique: { ...UNIQUE, key: 'taken' } })).id).not.toBe(taken.id);
    });

    test('DELETE FROM job_dependencies: the parent tells its dependents all the same', async () => {
      const parent = await hands.started();
      const job = await hands.waiting({ dependsOn: [parent.id] });
      await hands.psql('DELETE FROM job_dependencies');
      expect(await hands.followUp()).toEqual({ lost_parent: 1 });
      await hands.settle(parent, DONE);
      expect(await hands.runAll()).toEqual([job.id]);
    });

    test('DELETE FROM job_dependencies and the end of the parent: its dependents are cancelled', async () => {
      const parent = await hands.started();
      const job = await hands.waiting({ dependsOn: [parent.id] });
      await hands.psql('DELETE FROM job_dependencies');
      await hands.settle(parent, {
        kind: 'failed',
        error: { name: 'Error', message: 'no' },
        permanent: true,
      });
      expect(await hands.followUp()).toEqual({ forgotten_dependent: 1 });
      expect(await hands.row(job.id)).toMatchObject({
        status: 'CANCELLED',
        error_message: `Job ${parent.id}, which this one depends on, ended FAILED`,
      });
    });

    test('DELETE FROM queues: they are listed again', async () => {
      await hands.waiting();
      await hands.psql(`UPDATE pgboss.queue SET created_on = created_on - interval '2 minutes'`);
      await hands.psql('DELETE FROM queues');
      expect(Object.keys(await hands.followUp())).toEqual(['lost_queue']);
      expect(await hands.rows(`SELECT name FROM queues WHERE name = 'default'`)).toHaveLength(1);
    });
  });

  describe('DELETE FROM jobs', () => {
    test('that wait: their places in line go', async () => {
      await hands.waiting();
      await hands.psql('DELETE FROM jobs');
      expect(await hands.followUp()).toEqual({ wrong_ticket: 1 });
      expect(await hands.runAll()).toEqual([]);
    });

    test('that run, hold a lock, have dependents and a key: the outcome is refused, and all others go on', async () => {
      const job = await hands.started({
        lock: 'L',
        unique: UNIQUE,
        idempotency: { key: 'I', fingerprint: 'f' },
      });
      const [next, child] = [
        await hands.waiting({ lock: 'L' }),
        await hands.waiting({ dependsOn: [job.id] }),
      ];
      await hands.psql('DELETE FROM jobs WHERE id = $1', [job.id]);
      expect(await hands.followUp()).toEqual({ wrong_holder: 1, forgotten_dependent: 1 });
      expect((await hands.settle(job, DONE)).refused).toEqual([job.id]);
      expect((await hands.runAll()).sort()).toEqual([next.id, child.id].sort());
      expect((await hands.waiting({ idempotency: { key: 'I', fingerprint: 'f' } })).id).toBe(job.id);
      expect((await hands.waiting({ unique: UNIQUE })).id).not.toBe(job.id);
    });
  });

  describe('INSERT INTO jobs', () => {
    const insert = (columns: Record<string, unknown> = {}) => {
      const row = { id: randomUUID(), type: 'task', queue: 'default', payload: {}, ...columns };
      const places = Object.keys(row).map((_, index) => `$${index + 1}`);
      const names = Object.keys(row);
      return hands
        .psql(`INSERT INTO jobs (${names.join(', ')}) VALUES (${places.join(', ')})`, Object.values(row))
        .then(() => row.id);
    };

    test.each([
      ['with the least there can be', {}],
      ['in a queue that is new', { queue: 'by-hand' }],
      ['that says it is in line', { ticketed: true }],
      ['that says it runs', { status: 'PROCESSING' }],
      ['that says it is blocked', { status: 'BLOCKED' }],
      ['with a lock', { lock: 'L' }],
    ])('%s: it runs', async (_, columns) => {
      const id = await insert(columns);
      await hands.followUp();
      expect(await hands.runAll('queue' in columns ? columns.queue : 'default')).toEqual([id]);
    });

    test('with a lock that is held, a parent that runs, or a unique key: they hold for it too', async () => {
      const running = await hands.started({ lock: 'L' });
      const locked = await insert({ lock: 'L' });
      const child = await insert({ depends_on: [running.id] });
      const unique = await insert({ unique_key: 'U', unique_while: 'unfinished' });
      await hands.followUp();
      expect((await hands.waiting({ unique: UNIQUE })).id).toBe(unique);
      expect(await hands.runAll()).toEqual([unique]);
      await hands.settle(running, DONE);
      expect((await hands.runAll()).sort()).toEqual([locked, child].sort());
    });
  });
});
