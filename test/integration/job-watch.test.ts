import { once } from 'node:events';
import { jest } from '@jest/globals';
import { getRepositoryToken } from '@nestjs/typeorm';
import { CONFIG, type Config } from '../../src/config/index.js';
import { Pooler, Postgres } from '../../src/database/index.js';
import { HeldRequests } from '../../src/held-requests/index.js';
import { EventStreams, type StreamSettings, streamSettings } from '../../src/jobs/events/event-streams.js';
import { NewsQuery } from '../../src/jobs/events/news.query.js';
import { ResultWait } from '../../src/jobs/wait/result-wait.js';
import { JobWatch } from '../../src/jobs/watch/job-watch.js';
import { Job } from '../../src/queue/index.js';
import { SOON_MS, eventually } from '../support/eventually.js';
import { type TestQueue, startQueue } from '../support/queue.js';

describe('watching jobs', () => {
  let fixture: TestQueue;
  let watch: JobWatch;
  let wait: ResultWait;
  let held: HeldRequests;
  /** Statements the watch and the streams have sent. */
  let statements: string[];
  /** Statements that read finished jobs. */
  let reads: number;
  let postgres: Postgres;
  beforeAll(async () => {
    fixture = await startQueue('job watch');
  });
  beforeEach(() => {
    statements = [];
    reads = 0;
    const real = fixture.get(Postgres);
    postgres = {
      query: (text: string, values?: unknown[]) => {
        statements.push(text);
        return real.query(text, values);
      },
    } as Postgres;
    watch = new JobWatch(postgres, fixture.get(Pooler), fixture.get<Config>(CONFIG));
    const jobs = fixture.get<any>(getRepositoryToken(Job) as never);
    const counted = { findBy: (where: object) => ((reads += 1), jobs.findBy(where)) };
    held = new HeldRequests(fixture.get<Config>(CONFIG));
    wait = new ResultWait(watch, counted as never, held);
  });
  afterEach(() => watch.beforeApplicationShutdown());
  afterAll(() => fixture?.stop());

  const looks = () => statements.filter((text) => text.includes('AS version')).length;
  const streamsWith = (settings: Partial<StreamSettings>) =>
    new EventStreams(new NewsQuery(postgres), watch, { ...streamSettings, ...settings }, held);
  const listeners = async () =>
    (
      await fixture.rows(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
                          AND application_name LIKE 'roundhouse % listen'`)
    ).length;
  const standing = () => fixture.rows('SELECT id FROM job_watchers WHERE watches_until > now()');
  const isAnnounced = () =>
    eventually(async () => (await standing()).length === 1 && (await listeners()) === 1);

  test('200 callers wait over one connection, and few statements answer them all at once', async () => {
    await Promise.all(Array.from({ length: 200 }, () => fixture.enqueue()));
    const jobs = await fixture.claim(200);
    const startedAt = performance.now();
    const secondsSince = (time: number) => Math.ceil((performance.now() - time) / 1_000);
    const answers = jobs.map((job) => wait.untilFinished(job.id, 60));
    await isAnnounced();
    await eventually(() => looks() >= 4);
    expect(looks()).toBeLessThanOrEqual(4 + secondsSince(startedAt));
    expect(await listeners()).toBe(1);
    const before = statements.length;
    await fixture.queue.settle(jobs.map((claim) => ({ claim, outcome: { kind: 'completed', result: 1 } })));
    for (const job of await Promise.all(answers))
      expect(job).toMatchObject({ status: 'COMPLETED', result: 1 });
    expect(statements.length - before).toBeLessThanOrEqual(5);
    expect(reads).toBeLessThanOrEqual(10);
  });

  test('a job that ends is told at once, not at the next look', async () => {
    const delays: number[] = [];
    for (let round = 0; round < 9; round++) {
      const job = await fixture.started();
      const answer = wait.untilFinished(job.id, 60);
      await isAnnounced();
      await fixture.settle(job, { kind: 'completed', result: null });
      const endedAt = performance.now();
      await answer;
      delays.push(performance.now() - endedAt);
    }
    expect(delays.sort((a, b) => a - b)[4]).toBeLessThan(SOON_MS);
  });

  test('a job that had ended before is told at once, also one that ends while the watch begins', async () => {
    const ended = await fixture.started();
    await fixture.settle(ended, { kind: 'completed', result: null });
    expect(await wait.untilFinished(ended.id, 60)).toMatchObject({ status: 'COMPLETED' });
    const ending = await fixture.started();
    const [answer] = await Promise.all([
      wait.untilFinished(ending.id, 60),
      fixture.settle(ending, { kind: 'completed', result: null }),
    ]);
    expect(answer).toMatchObject({ status: 'COMPLETED' });
  });

  test('a commit that nobody announced is seen within two seconds', async () => {
    const job = await fixture.started();
    const answer = wait.untilFinished(job.id, 60);
    await isAnnounced();
    await fixture.rows('DELETE FROM job_watchers');
    const startedAt = performance.now();
    await fixture.settle(job, { kind: 'completed', result: null });
    expect(await answer).toMatchObject({ status: 'COMPLETED' });
    expect(performance.now() - startedAt).toBeLessThan(SOON_MS);
  });

  test('a statement over more jobs than a notice can name is seen like any other', async () => {
    const jobs = await Promise.all(
      Array.from({ length: 300 }, () => fixture.enqueue({ delayMs: 3_600_000 })),
    );
    const answer = wait.untilFinished(jobs[150]!.id, 60);
    await isAnnounced();
    const before = looks();
    await fixture.queue.cancel(
      jobs.map((job) => job.id),
      'somebody',
    );
    expect(await answer).toMatchObject({ status: 'CANCELLED' });
    expect(looks() - before).toBeLessThanOrEqual(5);
  });

  test('who waits gets the job as it is when the time is over, when the caller is gone, or when the process stops', async () => {
    const job = await fixture.started();
    expect(await wait.untilFinished(job.id, 0.05)).toMatchObject({ status: 'PROCESSING' });
    const gone = new AbortController();
    const abandoned = wait.untilFinished(job.id, 60, gone.signal);
    gone.abort();
    expect(await abandoned).toMatchObject({ status: 'PROCESSING' });
    expect(await wait.untilFinished(job.id, 60, gone.signal)).toMatchObject({ status: 'PROCESSING' });

    const last = wait.untilFinished(job.id, 60);
    await isAnnounced();
    await watch.beforeApplicationShutdown();
    expect(await last).toMatchObject({ status: 'PROCESSING' });
    expect(await wait.untilFinished(job.id, 60)).toMatchObject({ status: 'PROCESSING' });
    expect([await standing(), await listeners()]).toEqual([[], 0]);
  });

  test('nobody for a minute ends the announcements; the next one starts them again', async () => {
    const { id } = await fixture.enqueue({ delayMs: 3_600_000 });
    const look = () => watch.watch(id, { onChange: () => undefined, onStop: () => undefined });
    const realTimeout = setTimeout;
    const hurry = jest
      .spyOn(globalThis, 'setTimeout')
      .mockImplementation((run: () => void, ms?: number, ...rest: []) =>
        realTimeout(run, ms === 60_000 ? 50 : ms, ...rest),
      );
    const [unwatch, other] = [look(), look()];
    await isAnnounced();
    unwatch();
    other();
    await eventually(async () => (await standing()).length === 0 && (await listeners()) === 0);
    hurry.mockRestore();
    look();
    await isAnnounced();
  });

  test('rows of processes that died without a word are forgotten', async () => {
    await fixture.rows(`INSERT INTO job_watchers VALUES (gen_random_uuid(), now() - interval '2 minutes')`);
    watch.watch((await fixture.enqueue()).id, { onChange: () => undefined, onStop: () => undefined });
    await isAnnounced();
    expect(await fixture.rows('SELECT id FROM job_watchers')).toHaveLength(1);
  });

  describe('as streams', () => {
    test('is limited to so many at once; who leaves makes room at once', async () => {
      const streams = streamsWith({ most: 2 });
      const { id } = await fixture.enqueue({ delayMs: 3_600_000 });
      const [first, second] = [(await streams.of(id))!, (await streams.of(id))!];
      const tooMany = { code: 'too_many_streams', options: { retryAfterSeconds: 5 } };
      await expect(streams.of(id)).rejects.toMatchObject(tooMany);
      first.resume();
      await once(first, 'data');
      first.destroy();
      const third = (await streams.of(id))!;
      await expect(streams.of(id)).rejects.toMatchObject(tooMany);
      for (const stream of [second, third]) stream.destroy();
      expect(await streams.of(id)).toBeDefined();
    });

    test('shows signs of life while nothing happens', async () => {
      const { id } = await fixture.enqueue({ delayMs: 3_600_000 });
      const stream = (await streamsWith({ heartbeatMs: 60 }).of(id))!;
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      await eventually(() => text.split(': heartbeat\n\n').length > 3);
      expect(text).toMatch(/^retry: 1000\n\nid: 0\.0\nevent: submitted\ndata: \{.*\}\n\n(: heartbeat\n\n)+$/);
      stream.destroy();
    });

    test('grows no older than it may, and ends without a last word: whoever comes back goes on where it was', async () => {
      const { id } = await fixture.enqueue({ delayMs: 3_600_000 });
      let text = '';
      for await (const chunk of (await streamsWith({ lifeMs: 300, heartbeatMs: 60 }).of(id))!)
        text += String(chunk);
      expect(text).toContain('event: submitted');
      expect(text).not.toContain('event: end');
    });

    test('has all of a long history, in order, page by page, at the pace of the reader', async () => {
      const { id } = await fixture.enqueue({ delayMs: 3_600_000 });
      await fixture.rows(
        `INSERT INTO job_events (job_id, attempt, event, at) SELECT $1, 0, 'updated', now() FROM generate_series(1, 1000)`,
        [id],
      );
      await fixture.rows(
        `INSERT INTO job_logs (job_id, attempt, at, level, message) SELECT $1, 0, now(), 'info', n::text FROM generate_series(1, 700) n`,
        [id],
      );
      await fixture.queue.cancel([id], 'somebody');
      let text = '';
      for await (const chunk of (await streamsWith({}).of(id))!) text += String(chunk);
      const ids = [...text.matchAll(/^id: (.*)$/gm)].map(([, cursor]) => cursor!.split('.').map(Number));
      expect(ids).toHaveLength(1 + 1_000 + 700 + 1);
      for (const [index, [event, log]] of ids.entries()) {
        if (index > 0)
          expect(event! - ids[index - 1]![0]! >= 0 && log! - ids[index - 1]![1]! >= 0).toBe(true);
      }
      expect(new Set(ids.map(String)).size).toBe(ids.length);
      expect(text).toMatch(/event: cancelled\ndata: .*"actor":"somebody".*\n\nevent: end\n.*\n\n$/);
    });

    test('of many who follow one job reads with few statements', async () => {
      const { id } = await fixture.enqueue({ delayMs: 3_600_000 });
      const streams = streamsWith({});
      const all = await Promise.all(Array.from({ length: 150 }, async () => (await streams.of(id))!));
      const ended = all.map((stream) => once(stream.resume(), 'end'));
      await isAnnounced();
      const before = statements.length;
      await fixture.queue.cancel([id], 'somebody');
      await Promise.all(ended);
      expect(statements.length - before).toBeLessThanOrEqual(12);
    });
  });
});
