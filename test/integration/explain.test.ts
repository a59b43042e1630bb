import { randomUUID } from 'node:crypto';
import { CONFIG, type Config } from '../../src/config/index.js';
import { Postgres } from '../../src/database/index.js';
import { ExplainQuery } from '../../src/jobs/explain/explain.query.js';
import { type ReasonResponse } from '../../src/jobs/explain/explanation.response.js';
import { reasonsOf } from '../../src/jobs/explain/reasons.js';
import { JobTypes, LimitUsages, Line, type NewJob } from '../../src/queue/index.js';
import { CircuitsQuery, LiveWorkersQuery } from '../../src/worker/index.js';
import { type TestQueue, WORKER, startQueue } from '../support/queue.js';

describe('why a job is not running', () => {
  let fixture: TestQueue;
  let query: ExplainQuery;
  beforeAll(async () => {
    fixture = await startQueue('explain', {
      types: [{ type: 'guarded', aliases: ['former'], circuit: { failures: 3, coolDownSeconds: 60 } }],
    });
    const postgres = fixture.get(Postgres);
    const liveWorkers = new LiveWorkersQuery(postgres, fixture.get<Config>(CONFIG));
    query = new ExplainQuery(
      postgres,
      fixture.get(Line),
      liveWorkers,
      fixture.get(JobTypes),
      new CircuitsQuery(postgres),
      fixture.get(LimitUsages),
    );
  });
  beforeEach(async () => {
    await fixture.rows(
      'TRUNCATE jobs, job_events, job_locks, job_dependencies, workers, queues, circuits; TRUNCATE pgboss.job',
    );
    await worker();
  });
  afterAll(() => fixture?.stop());

  const worker = (fields: Record<string, unknown> = {}) => {
    const row: Record<string, unknown> = { queues: ['*'], types: ['task'], slots: 4, ...fields };
    return fixture.rows(
      `INSERT INTO workers (id, hostname, pid, version, queues, slots, types, last_seen_at, stopped_at, drain_requested_at)
       VALUES ($1, 'host', 1, '1', $2, $3, $4, $5, $6, $7)`,
      [
        randomUUID(),
        row.queues,
        row.slots,
        row.types,
        row.last_seen_at ?? new Date(),
        row.stopped_at,
        row.drain_requested_at,
      ],
    );
  };
  const explain = async (id: string): Promise<ReasonResponse[]> => reasonsOf(await query.of(id));
  const codes = async (id: string) => (await explain(id)).map((reason) => reason.code);
  const enqueue = (job: Partial<NewJob> = {}) => fixture.enqueue(job);

  test.each(['guarded', 'former'])('is the open circuit of its type, stored as %s', async (name) => {
    await fixture.rows('DELETE FROM workers');
    await worker({ types: ['guarded', 'former'] });
    const { id } = await enqueue({ type: 'guarded' });
    await fixture.rows('UPDATE jobs SET type = $2 WHERE id = $1', [id, name]);
    expect(await codes(id)).toEqual(['in_line']);
    await fixture.rows(
      `INSERT INTO circuits (type, state, failures, openings, opened_at, until)
       VALUES ('guarded', 'open', 3, 1, '2030-01-01T00:00:00Z', '2099-01-01T00:00:00Z')`,
    );
    const [open, inLine] = await explain(id);
    expect(open).toEqual({
      code: 'circuit_open',
      detail: expect.stringMatching(
        /^The circuit of "\w+" is open: its jobs failed 3 times in a row. Until 2099-01-01T00:00:00.000Z none of them starts, then one is tried/,
      ),
      since: '2030-01-01T00:00:00.000Z',
      until: '2099-01-01T00:00:00.000Z',
    });
    expect(inLine?.code).toBe('in_line');
    expect(inLine?.detail).not.toContain('sooner');
    await fixture.rows(
      `UPDATE circuits SET opened_at = now() - interval '2 s', until = now() - interval '1 s'`,
    );
    expect(await explain(id)).toMatchObject([{ code: 'circuit_open', until: null }, { code: 'in_line' }]);
    await fixture.rows(`UPDATE circuits SET state = 'closed', opened_at = NULL, until = NULL`);
    expect(await codes(id)).toEqual(['in_line']);
    const plain = await enqueue({ type: 'task' });
    await fixture.rows(
      `INSERT INTO circuits (type, state, opened_at, until) VALUES ('task', 'open', now(), now())`,
    );
    expect(await codes(plain.id)).not.toContain('circuit_open');
  });

  test('a limit of its queue or its key is reached', async () => {
    const limits = (concurrency: number | null, rate: string | null) => ({ rate, burst: 1, concurrency });
    const set = (json: object) =>
      fixture.rows(
        `INSERT INTO queues (name, limits) VALUES ('default', $1) ON CONFLICT (name) DO UPDATE SET limits = $1`,
        [JSON.stringify(json)],
      );
    await set({ ...limits(2, null), per_key: limits(1, '1/hour') });
    await fixture.started({ limitKey: 'k' });
    const { id } = await enqueue({ limitKey: 'k' });
    const { id: other } = await enqueue();
    await fixture.claim(1);
    const [queue, running, rate, line] = await explain(id);
    expect(queue).toMatchObject({ code: 'limit', running: 2 });
    expect(running).toMatchObject({ code: 'limit', limit_key: 'k', running: 1 });
    expect(rate).toMatchObject({ code: 'limit', limit_key: 'k' });
    expect(Date.parse(rate!.until!) - Date.now()).toBeGreaterThan(3_500_000);
    expect(line).toMatchObject({ code: 'in_line', at_least: true });
    // More priority or workers would not start it, and how many of its key are put aside nobody knows.
    expect(line!.detail).toBe('It waits in queue "default"; 1 live worker can run 4 jobs at once.');
    expect(await codes(other)).toEqual(['running']);
    await set({ ...limits(3, null), per_key: null });
    expect(await codes(id)).toEqual(['in_line']);
  });

  test('is that it has ended, and which way', async () => {
    const job = await fixture.started();
    await fixture.settle(job, { kind: 'completed', result: null });
    const [completed] = await explain(job.id);
    const { finished_at } = await fixture.row(job.id);
    expect(completed).toEqual({
      code: 'finished',
      detail: `It completed at ${finished_at.toISOString()} in attempt 1: there is nothing left to run.`,
      since: finished_at.toISOString(),
      attempt: 1,
      error: null,
    });
    const failing = await fixture.started({ maxAttempts: 1 });
    await fixture.settle(failing, { kind: 'failed', error: { name: 'Error', message: 'out of ink' } });
    expect(await explain(failing.id)).toMatchObject([
      {
        code: 'finished',
        error: 'out of ink',
        detail: expect.stringMatching(
          /^It failed for good at .*Z in attempt 1 \(out of ink\)\. POST \/jobs\/.*\/retry/,
        ),
      },
    ]);
    const { id } = await enqueue();
    await fixture.queue.cancel([id], 'ada');
    expect(await explain(id)).toMatchObject([
      {
        code: 'finished',
        by: 'ada',
        detail: expect.stringMatching(/^It was cancelled at .*Z by ada\. POST/),
      },
    ]);
  });

  test('is that it does run, and perhaps that somebody wants it cancelled', async () => {
    const job = await fixture.started();
    const since = job.startedAt!.toISOString();
    expect(await explain(job.id)).toEqual([
      {
        code: 'running',
        detail: `It is running: attempt 1 of 3, since ${since}, on worker ${WORKER}. Wait for its end, or cancel it.`,
        since,
        attempt: 1,
        worker_id: WORKER,
      },
    ]);
    await fixture.queue.cancel([job.id], 'ada');
    const [, cancel] = await explain(job.id);
    expect(cancel).toMatchObject({ code: 'cancel_requested', by: 'ada', since: expect.any(String) });
  });

  test.each([30_000, 3_600_000])('is that it is scheduled, in %d ms', async (delayMs) => {
    const { id, scheduledAt } = await enqueue({ delayMs });
    const until = scheduledAt.toISOString();
    expect(await explain(id)).toEqual([
      {
        code: 'scheduled',
        detail: `It is scheduled for ${until}. POST /jobs/${id}/run-now starts it now.`,
        until,
      },
    ]);
  });

  test('is that a retry waits', async () => {
    const job = await fixture.started({
      backoff: { strategy: 'exponential', baseDelay: 100, maxDelay: 100, jitter: 0 },
    });
    await fixture.settle(job, { kind: 'failed', error: { name: 'Error', message: 'out of ink' } });
    const [retry, ...others] = await explain(job.id);
    expect(others).toEqual([]);
    expect(retry).toMatchObject({ code: 'waits_for_retry', attempt: 1, error: 'out of ink' });
    expect(retry!.until).toBe((await fixture.row(job.id)).scheduled_at.toISOString());
    expect(retry!.detail).toContain('After attempt 1 (out of ink) it waits until');
  });

  test('is that other jobs must complete first', async () => {
    const [running, done] = [await fixture.started(), await fixture.started()];
    const waiting = await enqueue();
    await fixture.settle(done, { kind: 'completed', result: null });
    const { id } = await enqueue({ dependsOn: [running.id, waiting.id, done.id] });
    expect(await explain(id)).toEqual([
      {
        code: 'waits_for_jobs',
        detail: `It waits until 2 other jobs are COMPLETED: ${running.id} (PROCESSING), ${waiting.id} (PENDING).`,
        jobs: [
          { job_id: running.id, status: 'PROCESSING' },
          { job_id: waiting.id, status: 'PENDING' },
        ],
        open: 2,
      },
    ]);
    await fixture.settle(running, { kind: 'completed', result: null });
    const [last] = await fixture.claim();
    expect((await explain(id))[0]).toMatchObject({
      open: 1,
      detail: expect.stringContaining('1 other job is COMPLETED'),
    });
    await fixture.settle(last!, { kind: 'completed', result: null });
    expect(await codes(id)).toEqual(['in_line']);
  });

  test('is that another job holds its lock, with its place in the line of that', async () => {
    const holder = await fixture.started({ lock: 'printer' });
    const [next, last] = [await enqueue({ lock: 'printer' }), await enqueue({ lock: 'printer' })];
    expect(await codes(holder.id)).toEqual(['running']);
    expect(await explain(next.id)).toEqual([
      {
        code: 'waits_for_lock',
        detail: `Job ${holder.id} (PROCESSING) holds its lock "printer", and it is the next. The lock goes on when the job that holds it has ended.`,
        lock: 'printer',
        jobs: [{ job_id: holder.id, status: 'PROCESSING' }],
        ahead: 0,
        at_least: false,
      },
    ]);
    expect(await explain(last.id)).toMatchObject([
      { ahead: 1, detail: expect.stringContaining(', and 1 job waits for it before this one.') },
    ]);
    await fixture.settle(holder, { kind: 'completed', result: null });
    expect(await codes(next.id)).toEqual(['in_line']);
    expect(await explain(last.id)).toMatchObject([
      { code: 'waits_for_lock', ahead: 0, jobs: [{ job_id: next.id }] },
    ]);
  });

  test('is that its queue is paused, by whom, why and until when', async () => {
    const { id } = await enqueue({ queue: 'emails' });
    const pause = (until: Date | null) =>
      fixture.rows(
        `INSERT INTO queues (name, paused_at, paused_until, paused_by, pause_reason)
         VALUES ('emails', '2026-01-01T10:00:00Z', $1, 'ada', 'SMTP is down')
         ON CONFLICT (name) DO UPDATE
         SET paused_at = excluded.paused_at, paused_until = $1, paused_by = 'ada', pause_reason = excluded.pause_reason`,
        [until],
      );
    await pause(null);
    expect((await explain(id))[0]).toEqual({
      code: 'queue_paused',
      detail:
        'Its queue "emails" is paused by ada since 2026-01-01T10:00:00.000Z ("SMTP is down"), until somebody resumes it: POST /queues/emails/resume.',
      since: '2026-01-01T10:00:00.000Z',
      until: null,
      by: 'ada',
      reason: 'SMTP is down',
    });
    expect((await explain(id))[1]!.detail).toBe(
      'It is the next of queue "emails"; 1 live worker can run 4 jobs at once.',
    );
    await pause(new Date('2099-01-01T00:00:00Z'));
    expect((await explain(id))[0]).toMatchObject({
      until: '2099-01-01T00:00:00.000Z',
      detail: expect.stringContaining('"), until 2099-01-01T00:00:00.000Z: POST'),
    });
    await pause(new Date('2026-01-02T00:00:00Z'));
    expect(await codes(id)).toEqual(['in_line']);
  });

  test.each<[string, Record<string, unknown> | undefined]>([
    ['there is none', undefined],
    ['the only one serves other queues', { queues: ['reports', 'files'] }],
    ['the only one has stopped', { stopped_at: new Date() }],
    ['the only one is to drain', { drain_requested_at: new Date() }],
    ['the only one has not been seen for long', { last_seen_at: new Date(Date.now() - 31_000) }],
  ])('is that no live worker serves its queue: %s', async (_, fields) => {
    await fixture.rows('TRUNCATE workers');
    if (fields) await worker(fields);
    const { id } = await enqueue({ queue: 'emails' });
    expect(await codes(id)).toEqual(['no_worker_for_queue', 'in_line']);
    expect((await explain(id))[0]!.detail).toContain('No live worker serves its queue "emails"');
    await worker({ queues: ['emails'] });
    expect(await codes(id)).toEqual(['in_line']);
  });

  test('is that no worker of its queue knows its type', async () => {
    await fixture.rows('TRUNCATE workers');
    await worker({ types: ['echo'] });
    await worker({ types: ['task'], queues: ['elsewhere'] });
    const { id } = await enqueue();
    const [reason] = await explain(id);
    expect(reason).toEqual({
      code: 'no_worker_for_type',
      detail:
        '1 live worker serves its queue "default", but none has a handler for its type "task": start a worker whose build has one.',
      workers: 1,
    });
    // A worker of an older build doesn't say what it knows.
    await worker({ types: [] });
    expect(await codes(id)).toEqual(['in_line']);
  });

  describe('is its place in line', () => {
    test('by priority, then by age, counting only jobs of its queue that are due', async () => {
      const first = await enqueue({ priority: 5 });
      const last = await enqueue({ priority: 9 });
      const second = await enqueue({ priority: 5 });
      const urgent = await enqueue({ priority: 1 });
      await enqueue({ priority: 1, delayMs: 30_000 });
      await enqueue({ priority: 1, queue: 'emails' });
      const ahead = async ({ id }: { id: string }) => (await explain(id))[0]!.ahead;
      expect(await Promise.all([urgent, first, second, last].map(ahead))).toEqual([0, 1, 2, 3]);
      expect(await explain(second.id)).toEqual([
        {
          code: 'in_line',
          detail:
            'In queue "default" 2 jobs wait before it; 1 live worker can run 4 jobs at once. To start it sooner, raise its priority or add workers.',
          ahead: 2,
          at_least: false,
          workers: 1,
          slots: 4,
        },
      ]);
      const order = (await fixture.claim()).map((job) => job.id);
      expect(order).toEqual([urgent, first, second, last].map((job) => job.id));
    });

    test('as it is in a batch, whose jobs are of one age', async () => {
      const jobs = await fixture.queue.enqueue(
        Array.from({ length: 50 }, () => ({ type: 'task', payload: {} })),
      );
      const places = await Promise.all(jobs.map(async ({ job }) => (await explain(job.id))[0]!.ahead));
      expect(places).toEqual(jobs.map((_, index) => index));
    });

    test('counted up to 10,000', async () => {
      for (let batch = 0; batch < 3; batch++) {
        await fixture.queue.enqueue(
          Array.from({ length: 3_400 }, () => ({ type: 'task', payload: {}, priority: 1 + batch })),
        );
      }
      const { id } = await enqueue({ priority: 10 });
      expect(await explain(id)).toMatchObject([
        {
          ahead: 10_000,
          at_least: true,
          detail: expect.stringContaining('at least 10000 jobs wait before it'),
        },
      ]);
    });

    test('or that it will get one within a moment', async () => {
      const { id } = await enqueue();
      await fixture.rows('TRUNCATE pgboss.job');
      expect(await codes(id)).toEqual(['joins_line']);
      const { id: blocked } = await enqueue({ lock: 'printer' });
      await fixture.rows(`UPDATE jobs SET status = 'BLOCKED' WHERE id = $1`, [blocked]);
      expect(await codes(blocked)).toEqual(['joins_line']);
    });
  });

  test('is that it was interrupted and must run alone, and perhaps that others do so now', async () => {
    const { id } = await enqueue();
    await fixture.rows('UPDATE jobs SET interruptions = 2');
    const [alone, next] = await explain(id);
    expect(alone).toEqual({
      code: 'runs_alone',
      detail: `It was interrupted 2 times, so it runs alone: in a process of its own, one such job at a time on each worker. None does now. POST /jobs/${id}/cancel gives it up.`,
      jobs: [],
    });
    expect(next).toMatchObject({ code: 'in_line' });
    const [running] = await fixture.claim();
    const { id: waiting } = await enqueue();
    await fixture.rows('UPDATE jobs SET interruptions = 3');
    expect((await explain(waiting))[0]).toMatchObject({
      detail: expect.stringContaining(`Now job ${running!.id} does.`),
      jobs: [{ job_id: running!.id, status: 'PROCESSING' }],
    });
    expect(await codes(running!.id)).toEqual(['running']);
  });

  test('may be several things, what has to go first, first', async () => {
    await fixture.rows('TRUNCATE workers');
    const parent = await enqueue();
    const { id } = await enqueue({ dependsOn: [parent.id], delayMs: 3_600_000, queue: 'emails' });
    await fixture.rows(`INSERT INTO queues (name, paused_at) VALUES ('emails', now())`);
    expect(await codes(id)).toEqual(['waits_for_jobs', 'scheduled', 'queue_paused', 'no_worker_for_queue']);
    expect((await explain(id))[1]!.detail).not.toContain('run-now');
  });

  test('can only be told of a job that exists', async () => {
    for (const id of ['nonsense', randomUUID()]) {
      await expect(query.of(id)).rejects.toMatchObject({ code: 'job_not_found' });
    }
  });
});
