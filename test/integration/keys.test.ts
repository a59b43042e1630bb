import { DataSource } from 'typeorm';
import { DomainError } from '../../src/common/index.js';
import { type Enqueued, Keys, type NewJob } from '../../src/queue/index.js';
import { ormOptions } from '../../src/database/orm-options.js';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';
import { QueueService } from '../../src/queue/index.js';

describe('keys', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('keys', { environment: { IDEMPOTENCY_TTL: '60' } });
  });
  afterAll(() => fixture?.stop());
  beforeEach(() => fixture.rows('TRUNCATE jobs, job_events, job_keys, job_locks, pgboss.job'));

  const submit = async (job: Partial<NewJob>) =>
    (await fixture.queue.enqueue([{ type: 'task', payload: {}, ...job }]))[0]!;
  const keyed = (key: string, fingerprint = 'f', more: Partial<NewJob> = {}) =>
    submit({ idempotency: { key, fingerprint }, ...more });

  describe('of idempotency', () => {
    test('give back the first job, in whatever state it is', async () => {
      const first = await keyed('k');
      expect(first).toMatchObject({ created: true, replayed: false });
      const replay = async () => {
        const again = await keyed('k');
        expect(again).toMatchObject({ created: false, replayed: true });
        expect(again.job.id).toBe(first.job.id);
        return again.job.status;
      };
      expect(await replay()).toBe('PENDING');
      const [claimed] = await fixture.claim();
      expect(await replay()).toBe('PROCESSING');
      await fixture.settle(claimed!, { kind: 'failed', error: { name: 'E', message: 'e' }, permanent: true });
      expect(await replay()).toBe('FAILED');
      await fixture.queue.retry([first.job.id], 'me');
      expect(await replay()).toBe('PENDING');
      await fixture.queue.cancel([first.job.id], 'me');
      expect(await replay()).toBe('CANCELLED');
      expect(await fixture.rows('SELECT id FROM jobs')).toHaveLength(1);
    });

    test('refuse another request', async () => {
      const { job } = await keyed('k', 'one');
      await expect(keyed('k', 'two')).rejects.toMatchObject({
        code: 'idempotency_key_reused',
        options: { members: { job_id: job.id } },
      });
    });

    test('belong to their caller', async () => {
      const ours = await keyed('k', 'f', { createdBy: 'a' });
      const theirs = await keyed('k', 'f', { createdBy: 'b' });
      expect(theirs.created).toBe(true);
      expect(theirs.job.id).not.toBe(ours.job.id);
    });

    test('go on answering for a job that was purged, without payload and result', async () => {
      const { job } = await keyed('k', 'f', { payload: { a: 1 }, tags: ['t'] });
      const [claimed] = await fixture.claim();
      await fixture.settle(claimed!, { kind: 'completed', result: { b: 2 } });
      await fixture.queue.discard([job.id]);
      expect(await fixture.rows('SELECT id FROM jobs')).toEqual([]);
      const again = await keyed('k');
      expect(again).toMatchObject({ created: false, replayed: true });
      expect(again.job).toMatchObject({
        id: job.id,
        status: 'COMPLETED',
        attempts: 1,
        tags: ['t'],
        payload: null,
        result: null,
        createdAt: job.createdAt,
      });
      await expect(keyed('k', 'other')).rejects.toMatchObject({ code: 'idempotency_key_reused' });
    });

    test('go on answering for a purged job that answered for another one', async () => {
      const unique = { key: 'u', while: 'waiting', onConflict: 'return' } as const;
      const { job } = await submit({ unique });
      expect((await keyed('k', 'f', { unique })).job.id).toBe(job.id);
      await fixture.queue.cancel([job.id], 'me');
      await fixture.queue.discard([job.id]);
      expect(await keyed('k', 'f', { unique })).toMatchObject({
        replayed: true,
        job: { id: job.id, status: 'CANCELLED' },
      });
    });

    test('are free again once their time has passed and their job is gone, not before', async () => {
      const { job } = await keyed('k');
      const expire = () => fixture.rows(`UPDATE job_keys SET expires_at = now() - interval '1 second'`);
      await expire();
      expect((await keyed('k')).job.id).toBe(job.id);
      await fixture.queue.cancel([job.id], 'me');
      await fixture.queue.discard([job.id]);
      await expire();
      const next = await keyed('k', 'another request');
      expect(next).toMatchObject({ created: true });
      expect((await keyed('k', 'another request')).job.id).toBe(next.job.id);
    });

    test('make one job of a batch that names them twice', async () => {
      const job = { type: 'task', payload: {}, idempotency: { key: 'k', fingerprint: 'f' } };
      const [first, second] = await fixture.queue.enqueue([job, job]);
      expect(second).toMatchObject({ created: false, replayed: true });
      expect(second!.job.id).toBe(first!.job.id);
    });

    test('make one job each, whoever races for them in however many processes', async () => {
      const other = await startProcess(fixture.database.url);
      const queues = [fixture.queue, other.get(QueueService)];
      const ask = (index: number): Promise<Enqueued[]> =>
        queues[index % 2]!.enqueue([
          { type: 'task', payload: {}, idempotency: { key: `k${index % 50}`, fingerprint: 'f' } },
        ])
          // Whoever gets no answer asks again: that is what the key is for.
          .catch((error: unknown) => {
            if (error instanceof DomainError && error.code === 'database_unavailable') return ask(index);
            throw error;
          });
      const answers = await Promise.all(Array.from({ length: 1_000 }, (_, index) => ask(index)));
      await other.close();
      const ids = answers.map(([enqueued]) => enqueued!.job.id);
      expect(new Set(ids).size).toBe(50);
      ids.forEach((id, index) => expect(id).toBe(ids[index % 50]));
      expect(await fixture.rows('SELECT id FROM jobs')).toHaveLength(50);
    });

    test("held by a caller's long transaction hold up nobody else", async () => {
      const source = await new DataSource(ormOptions(fixture.database.url, 1)).initialize();
      const taken = Promise.withResolvers<void>();
      const held = Promise.withResolvers<void>();
      const transaction = source.transaction(async (manager) => {
        await fixture.queue.enqueue(
          [{ type: 'task', payload: {}, idempotency: { key: 'k', fingerprint: 'f' } }],
          { manager },
        );
        taken.resolve();
        await held.promise;
      });
      await taken.promise;
      const blocked = keyed('k');
      const others = Promise.all(Array.from({ length: 20 }, (_, index) => keyed(`other ${index}`)));
      const answers = await others.finally(() => held.resolve());
      expect(answers.every(({ created }) => created)).toBe(true);
      await transaction;
      await source.destroy();
      expect(await blocked).toMatchObject({ replayed: true });
    });

    test('are swept when they hold nobody back any more', async () => {
      const keys = fixture.get(Keys);
      const { job } = await keyed('gone');
      await keyed('there');
      await submit({ unique: { key: 'waiting', while: 'waiting', onConflict: 'return' } });
      await submit({ unique: { key: 'claimed', while: 'waiting', onConflict: 'return' } });
      await fixture.rows(`UPDATE jobs SET attempts = 1 WHERE unique_key = 'claimed'`);
      await fixture.queue.cancel([job.id], 'me');
      await fixture.queue.discard([job.id]);
      await fixture.rows(`UPDATE job_keys SET expires_at = now() - interval '1 second'`);
      expect(await keys.sweep()).toBe(2);
      const left = await fixture.rows('SELECT key FROM job_keys ORDER BY key');
      expect(left.map(({ key }) => key)).toEqual(['there', 'waiting']);
    });
  });

  describe('of unique jobs', () => {
    const unique = (onConflict: 'return' | 'replace' | 'reject', more: Partial<NewJob> = {}) =>
      submit({ unique: { key: 'u', while: 'waiting', onConflict }, ...more });
    const unfinished = (onConflict: 'return' | 'replace' | 'reject', more: Partial<NewJob> = {}) =>
      submit({ unique: { key: 'u', while: 'unfinished', onConflict }, ...more });

    test('held while waiting give back the waiting job until its first claim, and are not taken back', async () => {
      const { job } = await unique('return');
      expect((await unique('return')).job.id).toBe(job.id);
      const [claimed] = await fixture.claim();
      const sibling = await unique('return');
      expect(sibling.created).toBe(true);
      // The first one's retry goes on beside its sibling.
      await fixture.settle(claimed!, { kind: 'failed', error: { name: 'E', message: 'e' } });
      expect((await unique('return')).job.id).toBe(sibling.job.id);
      await fixture.settle(claimed!, { kind: 'completed', result: null });
      await fixture.queue.runNow([job.id], 'me');
      expect((await fixture.claim()).map(({ id }) => id).sort()).toEqual([job.id, sibling.job.id].sort());
    });

    test('held while unfinished give back the job until it has ended', async () => {
      const { job } = await unfinished('return');
      const [claimed] = await fixture.claim();
      expect((await unfinished('return')).job.id).toBe(job.id);
      await fixture.settle(claimed!, { kind: 'failed', error: { name: 'E', message: 'e' } });
      expect((await unfinished('return')).job).toMatchObject({ id: job.id, status: 'PENDING' });
      await fixture.queue.cancel([job.id], 'me');
      expect((await unfinished('return')).created).toBe(true);
    });

    test('held for a time give back the job also when it has ended', async () => {
      const submitFor = (seconds: number) =>
        submit({ unique: { key: 'u', while: { seconds }, onConflict: 'return' } });
      const { job } = await submitFor(60);
      const [claimed] = await fixture.claim();
      await fixture.settle(claimed!, { kind: 'completed', result: null });
      expect((await submitFor(60)).job).toMatchObject({ id: job.id, status: 'COMPLETED' });
      await fixture.rows(
        `UPDATE job_keys SET expires_at = now(); UPDATE jobs SET created_at = now() - interval '61 seconds'`,
      );
      expect((await submitFor(60)).created).toBe(true);
    });

    test('are refused with the job that holds them', async () => {
      const { job } = await unique('reject');
      await expect(unique('reject')).rejects.toMatchObject({
        code: 'job_already_exists',
        options: { members: { existing_job_id: job.id, job_status: 'PENDING' } },
      });
    });

    test('let a waiting job take over payload, priority and schedule', async () => {
      const { job } = await unique('replace', { payload: { n: 1 }, scheduledAt: new Date('2040-01-01') });
      const again = await unique('replace', { payload: { n: 2 }, priority: 2 });
      expect(again).toMatchObject({ created: false, job: { id: job.id, payload: { n: 2 }, priority: 2 } });
      expect(await fixture.tickets()).toEqual([job.id]);
      expect(await fixture.ledger(job.id)).toEqual(['replaced 0']);
      await unique('replace', { payload: { n: 3 }, delayMs: 3_600_000 });
      expect(await fixture.tickets()).toEqual([]);
      expect(await fixture.row(job.id)).toMatchObject({ payload: { n: 3 }, priority: 5, ticketed: false });
    });

    test('never touch a job that has started', async () => {
      const { job } = await unfinished('replace', { payload: { n: 1 } });
      const [claimed] = await fixture.claim();
      expect(await unfinished('replace', { payload: { n: 2 } })).toMatchObject({ created: false });
      await fixture.settle(claimed!, { kind: 'failed', error: { name: 'E', message: 'e' } });
      expect((await unfinished('replace', { payload: { n: 3 } })).job.id).toBe(job.id);
      expect((await fixture.row(job.id)).payload).toEqual({ n: 1 });
    });

    test('are resolved inside a batch as if its jobs had come one after the other', async () => {
      const job = (n: number, onConflict: 'return' | 'replace') => ({
        type: 'task',
        payload: { n },
        unique: { key: 'u', while: 'waiting', onConflict } as const,
      });
      const answers = await fixture.queue.enqueue([job(1, 'return'), job(2, 'return'), job(3, 'replace')]);
      expect(answers.map(({ created }) => created)).toEqual([true, false, false]);
      expect(new Set(answers.map(({ job: { id } }) => id)).size).toBe(1);
      expect((await fixture.row(answers[0]!.job.id)).payload).toEqual({ n: 3 });
      expect(await fixture.tickets()).toEqual([answers[0]!.job.id]);
    });

    test('stay with one job while many race and claims go on', async () => {
      let claimed = 0;
      let stop = false;
      const claims = (async () => {
        while (!stop) claimed += (await fixture.claim(5)).length;
      })();
      const racing = Promise.all(Array.from({ length: 300 }, () => unique('replace')));
      const answers = await racing.finally(() => (stop = true));
      await claims;
      const created = answers.filter((answer) => answer.created).length;
      const [{ n } = { n: 0 }] = (await fixture.rows(
        `SELECT count(*)::int AS n FROM jobs WHERE status = 'PENDING'`,
      )) as { n: number }[];
      expect(n).toBeLessThanOrEqual(1);
      expect(created).toBe(claimed + n);
      expect(await fixture.tickets()).toHaveLength(n);
    });

    test('go to one of the jobs that are retried together', async () => {
      const { job: first } = await unfinished('return');
      await fixture.queue.cancel([first.id], 'me');
      const { job: second } = await unfinished('return');
      await fixture.queue.cancel([second.id], 'me');
      expect(await fixture.queue.retry([second.id, first.id], 'me')).toMatchObject([
        { id: second.id, result: 'conflict', code: 'job_already_exists' },
        { id: first.id, result: 'done' },
      ]);
    });

    test('leave a waiting job its ticket when they replace nothing, because its own request came again', async () => {
      const asked = { idempotency: { key: 'k', fingerprint: 'f' } };
      const { job } = await unique('replace', asked);
      expect(await unique('replace', asked)).toMatchObject({ replayed: true, job: { id: job.id } });
      expect(await fixture.tickets()).toEqual([job.id]);
      expect(await fixture.claim()).toMatchObject([{ id: job.id }]);
    });

    test('point an idempotency key to the job that answers', async () => {
      const { job } = await unique('return');
      const asked = { idempotency: { key: 'k', fingerprint: 'f' } };
      expect(await unique('return', asked)).toMatchObject({ created: false, replayed: false });
      await fixture.claim();
      expect(await unique('return', asked)).toMatchObject({ replayed: true, job: { id: job.id } });
    });

    test('refuse a retry by hand while another job has the key, and take it back otherwise', async () => {
      const { job } = await unfinished('return');
      await fixture.queue.cancel([job.id], 'me');
      const sibling = await unfinished('return');
      expect(await fixture.queue.retry([job.id], 'me')).toMatchObject([
        { result: 'conflict', code: 'job_already_exists' },
      ]);
      await fixture.queue.cancel([sibling.job.id], 'me');
      expect(await fixture.queue.retry([job.id], 'me')).toMatchObject([{ result: 'done' }]);
      expect((await unfinished('return')).job.id).toBe(job.id);
    });
  });
});
