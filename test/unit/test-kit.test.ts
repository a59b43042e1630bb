import { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { jest } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { DatabaseClock } from '../../src/common/index.js';
import { Text } from '../../src/common/http/index.js';
import { QueueService } from '../../src/queue/index.js';
import { TestKit } from '../../src/testing/index.js';
import { type JobContext, JobHandler } from '../../src/worker/index.js';

class MailPayload {
  @Text({ description: 'Whom it is for.', minLength: 3, maxLength: 100, example: 'a@example.org' })
  to: string;
}

@Injectable()
class Outbox {
  readonly sent: string[] = [];
}

@JobHandler({
  type: 'mail',
  aliases: ['send-mail'],
  description: 'Sends.',
  payload: MailPayload,
  example: { to: 'a@example.org' },
  policy: { backoff: { strategy: 'exponential', baseDelay: 2, maxDelay: 300, jitter: 1 } },
})
class MailHandler {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: DatabaseClock,
  ) {}

  async run(job: JobContext<MailPayload>): Promise<{ at: string }> {
    job.log('warn', `to ${job.payload.to}`);
    job.progress(50, 'half');
    this.outbox.sent.push(job.payload.to);
    return { at: new Date(this.clock.now()).toISOString() };
  }
}

class AnyPayload {
  readonly [name: string]: unknown;
}

@JobHandler({ type: 'any', description: 'Does what its test says.', payload: AnyPayload, example: {} })
class AnyHandler {
  static work: (job: JobContext<AnyPayload>) => unknown = () => undefined;

  async run(job: JobContext<AnyPayload>): Promise<unknown> {
    return AnyHandler.work(job);
  }
}

const NOW = '2030-01-01T00:00:00.000Z';

describe('the test kit', () => {
  let kit: TestKit;
  beforeAll(async () => {
    kit = await TestKit.start({ providers: [MailHandler, Outbox, AnyHandler], now: NOW });
  });
  beforeEach(() => {
    AnyHandler.work = () => undefined;
    return kit.reset();
  });
  afterAll(() => kit?.stop());

  /** Runs all jobs there are while this is what they do. */
  const working = (work: (job: JobContext<AnyPayload>) => unknown) => {
    AnyHandler.work = work;
  };
  const untilAborted = ({ signal }: JobContext<AnyPayload>) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

  test('starts without any connection', async () => {
    const connect = jest.spyOn(Socket.prototype, 'connect');
    const from = performance.now();
    const other = await TestKit.start({ providers: [AnyHandler] });
    const took = performance.now() - from;
    await other.enqueue({ type: 'any' });
    expect(await other.runUntilEmpty()).toBe(1);
    await other.stop();
    expect(connect).not.toHaveBeenCalled();
    connect.mockRestore();
    process.stdout.write(`A test kit starts in ${took.toFixed(0)} ms\n`);
  });

  test('runs a job by its alias and tells all about it', async () => {
    const { id } = await kit.enqueue({ type: 'send-mail', payload: { to: 'ada@example.org' }, tags: ['eu'] });
    expect(kit.job(id)).toMatchObject({ type: 'mail', status: 'PENDING', attempts: 0, tags: ['eu'] });
    expect(await kit.runUntilEmpty()).toBe(1);
    expect(kit.job(id)).toMatchObject({
      status: 'COMPLETED',
      attempts: 1,
      result: { at: NOW },
      error: null,
      progress: { percent: 50, message: 'half' },
      logs: [{ attempt: 1, level: 'warn', message: 'to ada@example.org' }],
      finishedAt: new Date(NOW),
    });
    expect(kit.job(id).history.map(({ event }) => event)).toEqual(['started', 'completed']);
    expect(kit.get(Outbox).sent).toContain('ada@example.org');
  });

  test('refuses what the service would refuse, in the same words', async () => {
    await expect(kit.enqueue({ type: 'mail', payload: { to: 'x', cc: 1 } })).rejects.toMatchObject({
      code: 'validation_failed',
      options: { faults: [{ pointer: '/payload/cc' }, { pointer: '/payload/to' }] },
    });
    await expect(kit.enqueue({ type: 'mial' })).rejects.toThrow('Did you mean "mail"?');
    await expect(kit.enqueue({ type: 'any', queue: 'Not A Queue!' })).rejects.toMatchObject({
      code: 'validation_failed',
    });
    await expect(kit.enqueue({ type: 'any', delay: 1, scheduledAt: new Date() })).rejects.toThrow('not both');
    expect(kit.jobs()).toEqual([]);
  });

  test('finds what a handler enqueued', async () => {
    working((job) =>
      job.enqueue({ type: 'mail', payload: { to: 'bob@example.org', extra: { n: [1] } }, priority: 2 }),
    );
    await kit.enqueue({ type: 'any', payload: { order: 1 } });
    await kit.runUntilEmpty();
    const [mail] = kit.expectEnqueued({ type: 'mail', payload: { extra: { n: [1] } }, priority: 2 }, 1);
    expect(mail).toMatchObject({ payload: { to: 'bob@example.org' } });
    kit.expectEnqueued({ type: 'mail', payload: { to: 'eve@example.org' } }, 0);
    expect(() => kit.expectEnqueued({ type: 'mail', payload: { extra: { n: [1, 2] } } })).toThrow(
      /Expected at least one job like .*, but found 0 among 2:\n.*type: 'any'.*\n.*bob@example\.org/,
    );
    expect(kit.jobs({ type: 'mail', status: 'COMPLETED' })).toHaveLength(1);
  });

  test('lets an attempt time out when the clock passes its time', async () => {
    working(untilAborted);
    const { id } = await kit.enqueue({ type: 'any', timeoutSeconds: 60 });
    const run = kit.runUntilEmpty();
    await kit.advance({ seconds: 59 });
    expect(kit.job(id).status).toBe('PROCESSING');
    await kit.advance({ seconds: 1 });
    expect(await run).toBe(1);
    expect(kit.job(id)).toMatchObject({ status: 'PENDING', attempts: 1, error: { name: 'TimeoutError' } });
    expect(kit.job(id).scheduledAt).toEqual(new Date(Date.parse(NOW) + 61_000));
  });

  test('gives up a handler that ignores its signal, 5 s later', async () => {
    working(() => new Promise(() => undefined));
    const { id } = await kit.enqueue({ type: 'any', timeoutSeconds: 10, maxAttempts: 1 });
    const run = kit.runUntilEmpty();
    await kit.advance(15);
    await run;
    expect(kit.job(id)).toMatchObject({ status: 'FAILED', error: { name: 'TimeoutError' } });
  });

  test('cancels a running job through its signal', async () => {
    working(untilAborted);
    const { id } = await kit.enqueue({ type: 'any' });
    const run = kit.runUntilEmpty();
    expect(() => kit.reset()).toThrow(`Await runUntilEmpty() before reset(): there still runs ${id} (any)`);
    expect(await kit.cancel(id)).toMatchObject({ result: 'requested' });
    await run;
    expect(kit.job(id)).toMatchObject({ status: 'CANCELLED', attempts: 1 });
  });

  test('runs everything to its end, retries and all', async () => {
    working(({ attempt }) => {
      if (attempt < 5) throw new RangeError(`failure ${attempt}`);
    });
    const { id } = await kit.enqueue({ type: 'any', maxAttempts: null, delay: { days: 1 } });
    expect(await kit.runUntilFinished()).toBe(5);
    expect(kit.job(id)).toMatchObject({ status: 'COMPLETED', attempts: 5, error: null });
    const ends = kit.job(id).history.filter(({ event }) => event === 'failed');
    expect(ends.map(({ error }) => error?.message)).toEqual([1, 2, 3, 4].map((n) => `failure ${n}`));
    expect(kit.now).toEqual(new Date(Date.parse(NOW) + 86_400_000 + 15_000));
  });

  test('adds no jitter, so that every wait is the table’s', async () => {
    jest.spyOn(kit.get(Outbox).sent, 'push').mockImplementationOnce(() => {
      throw new Error('no');
    });
    const { id } = await kit.enqueue({ type: 'mail', payload: { to: 'ada@example.org' } });
    await kit.runUntilEmpty();
    expect(kit.job(id).scheduledAt).toEqual(new Date(Date.parse(NOW) + 2_000));
  });

  test('ends a test whose jobs never end', async () => {
    working((job) => job.enqueue({ type: 'any', payload: {} }));
    await kit.enqueue({ type: 'any' });
    await expect(kit.runUntilEmpty()).rejects.toThrow('10000 attempts have run');
  });

  test('gives a handler a payload of its own, as a database does', async () => {
    const payload = { list: [1] };
    working((job) => (job.payload.list as number[]).push(2));
    const { id } = await kit.enqueue({ type: 'any', payload });
    await kit.runUntilEmpty();
    expect(payload).toEqual({ list: [1] });
    expect(kit.job(id).payload).toStrictEqual({ list: [1] });
  });

  test('keeps the files that handlers write, in the bounds of the real store', async () => {
    working(async ({ artifacts }) => {
      await artifacts.write('rows.csv', 'TEXT/CSV', 'a;b\n');
      const large = await artifacts.write(
        'large.bin',
        'application/octet-stream',
        Buffer.alloc(2_000_000, 7),
      );
      return large.sha256;
    });
    const { id } = await kit.enqueue({ type: 'any' });
    await kit.runUntilEmpty();
    expect(kit.job(id).artifacts).toMatchObject([
      { name: 'large.bin', bytes: 2_000_000, sha256: kit.job(id).result },
      { name: 'rows.csv', contentType: 'text/csv', bytes: 4, createdAt: new Date(NOW) },
    ]);
    expect(kit.artifact(id, 'rows.csv').toString()).toBe('a;b\n');
    expect(kit.artifact(id, 'large.bin')).toHaveLength(2_000_000);

    working(async ({ artifacts }) => text((await artifacts.open(id, 'rows.csv')).content));
    const reader = await kit.enqueue({ type: 'any' });
    await kit.runUntilEmpty();
    expect(kit.job(reader.id).result).toBe('a;b\n');
    working(({ artifacts }) => artifacts.write('../x', 'text/csv', ''));
    const badName = await kit.enqueue({ type: 'any' });
    await kit.runUntilEmpty();
    expect(kit.job(badName.id)).toMatchObject({ status: 'FAILED', error: { name: 'InvalidArtifactError' } });
    expect(() => kit.artifact(id, 'nothing')).toThrow('has no artifact "nothing"');
  });

  test('answers providers that ask the queue themselves', async () => {
    const [enqueued] = await kit.get(QueueService).enqueue([{ type: 'any', payload: {} }]);
    expect(kit.expectEnqueued({ type: 'any' }, 1)[0]?.id).toBe(enqueued?.job.id);
  });

  test('refuses a time that is none', async () => {
    await expect(TestKit.start({ providers: [], now: 'soon' })).rejects.toThrow('"soon" is not a time');
  });
});

describe('job.transaction() in the test kit', () => {
  const inTransaction = async (job: JobContext<AnyPayload>) =>
    job.transaction(async (manager) => {
      await manager.query('INSERT');
      await job.enqueue({ type: 'any', payload: { child: true } });
      if (job.payload.fails === true) throw new Error('rolled back');
      return { written: true };
    });
  const start = (manager?: { query: () => Promise<never> }) => {
    AnyHandler.work = (job) => (job.payload.child === true ? undefined : inTransaction(job));
    return TestKit.start({ providers: [AnyHandler], ...(manager ? { manager } : {}) });
  };

  test('fails without a stand-in, and says what to do', async () => {
    const kit = await start();
    const { id } = await kit.enqueue({ type: 'any', maxAttempts: 1 });
    await kit.runUntilEmpty();
    expect(kit.job(id)).toMatchObject({ status: 'FAILED', result: null });
    expect(kit.job(id).error?.message).toContain('job.transaction() needs a database');
    await kit.stop();
  });

  test('completes the job with what it returns, and enqueues all or nothing', async () => {
    const query = jest.fn(async () => undefined as never);
    const kit = await start({ query });
    const good = await kit.enqueue({ type: 'any' });
    const bad = await kit.enqueue({ type: 'any', payload: { fails: true }, maxAttempts: 1 });
    await kit.runUntilEmpty();
    expect(query).toHaveBeenCalledTimes(2);
    expect(kit.job(good.id)).toMatchObject({ status: 'COMPLETED', result: { written: true } });
    expect(kit.job(bad.id)).toMatchObject({ status: 'FAILED', error: { message: 'rolled back' } });
    kit.expectEnqueued({ payload: { child: true } }, 1);
    await kit.stop();
  });
});
