import {
  type Job,
  JobFailedError,
  type JobNews,
  ProblemError,
  Roundhouse,
  WaitTimeoutError,
  WorkflowFailedError,
} from '../../clients/typescript/src/index.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

interface OwnTypes {
  sleep: { payload: { ms: number }; result: { attempt: number } };
}

describe('the TypeScript client', () => {
  let app: App;
  let client: Roundhouse<OwnTypes>;
  beforeAll(async () => {
    app = await startApp('typescript client', { program: FIXTURE_APP });
    client = new Roundhouse<OwnTypes>({ url: app.api.ready });
  });
  afterAll(() => app?.stop());

  const refusal = async (asking: Promise<unknown>): Promise<ProblemError> => {
    const error: unknown = await asking.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ProblemError);
    return error as ProblemError;
  };

  test('submits a job and waits for its result', async () => {
    const job = await client.jobs.submit(
      'echo',
      { hello: 'world' },
      { tags: ['greeting'], priority: 2, scheduled_at: new Date(0) },
    );
    expect(job).toMatchObject({ type: 'echo', tags: ['greeting'], priority: 2 });
    expect(job.idempotency_key).toMatch(/^[0-9a-f]{32}$/);
    const ended = await client.waitFor(job);
    expect(ended).toMatchObject({ job_id: job.job_id, status: 'COMPLETED', result: { hello: 'world' } });
    expect(await client.jobs.get(job.job_id)).toEqual(ended);
  });

  test('submits twice under a key of the caller, and one job is made', async () => {
    const submit = () => client.jobs.submit('echo', { n: 1 }, { idempotency_key: 'order-1' });
    const [one, other] = await Promise.all([submit(), submit()]);
    expect(one.job_id).toBe(other.job_id);
    const reused = await refusal(client.jobs.submit('echo', { n: 2 }, { idempotency_key: 'order-1' }));
    expect(reused).toMatchObject({ status: 422, code: 'idempotency_key_reused', retryAfter: undefined });
  });

  test('tells what is wrong with a request, and where', async () => {
    const error = await refusal(client.jobs.submit('send_email', { to: [], subject: '' }));
    expect(error).toMatchObject({ name: 'ProblemError', status: 422, code: 'validation_failed' });
    expect(error.requestId).toMatch(/\S/);
    expect(error.message).toContain(error.detail);
    expect(error.errors.map(({ pointer }) => pointer)).toEqual(
      expect.arrayContaining(['/payload/to', '/payload/subject']),
    );
    expect((await refusal(client.jobs.submit('ehco', {}))).detail).toMatch(/echo/);
    expect((await refusal(client.waitFor('nowhere'))).code).toBe('job_not_found');
  });

  test('rejects with the job when it has failed or was cancelled', async () => {
    const failing = await client.jobs.submit('fail', { message: 'no luck' }, { max_attempts: 1 });
    const failure = await client.waitFor(failing).catch((error: unknown) => error as JobFailedError);
    expect(failure).toBeInstanceOf(JobFailedError);
    expect(failure).toMatchObject({ job: { job_id: failing.job_id, status: 'FAILED' } });

    const later = await client.jobs.submit('echo', {}, { schedule_in: 3600 });
    expect((await client.jobs.cancel(later)).status).toBe('CANCELLED');
    await expect(client.waitFor(later)).rejects.toMatchObject({ job: { status: 'CANCELLED' } });
    expect((await refusal(client.jobs.cancel(later))).code).toBe('job_state_conflict');
    await client.jobs.retry(later);
    expect((await client.waitFor(later)).status).toBe('COMPLETED');
  });

  test('stops waiting when the time is up, or when it is told to', async () => {
    const job = await client.jobs.submit('echo', {}, { schedule_in: 3600 });
    await expect(client.waitFor(job, { timeout: 50 })).rejects.toThrow(WaitTimeoutError);
    const reason = new Error('enough');
    const stopping = new AbortController();
    const waiting = client.waitFor(job, { signal: stopping.signal });
    stopping.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(client.jobs.get(job, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await client.jobs.cancel(job);
  });

  test('submits many jobs at once, and follows a group as a whole', async () => {
    const { jobs, workflow_id } = await client.jobs.submitMany(
      [
        { type: 'echo', payload: { n: 1 } },
        { type: 'sleep', payload: { ms: 0 } },
      ],
      { group: { name: 'both' } },
    );
    expect(jobs).toHaveLength(2);
    const group = await client.workflows.waitFor(workflow_id!);
    expect(group).toMatchObject({ kind: 'group', status: 'COMPLETED', jobs: 2, graph: null });

    const batch = await client.jobs.submitMany([{ type: 'echo', payload: {}, idempotency_key: 'mine' }]);
    const again = await client.jobs.submitMany([{ type: 'echo', payload: {}, idempotency_key: 'mine' }]);
    expect(again.jobs).toEqual([{ ...again.jobs[0], job_id: batch.jobs[0]?.job_id, created: false }]);
  });

  test('lists jobs page by page, while they are read', async () => {
    const tag = 'listed';
    const payloads = Array.from({ length: 7 }, (_, n) => ({ n }));
    await client.jobs.submitMany(
      payloads.map((payload) => ({ type: 'echo' as const, payload, tags: [tag] })),
    );
    const found: Job[] = [];
    for await (const job of client.jobs.list({ tag, limit: 3 })) found.push(job);
    expect(found.map(({ payload }) => payload.n).sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const sizes: number[] = [];
    for await (const page of client.jobs.list({ tag, limit: 3 }).pages()) sizes.push(page.items.length);
    expect(sizes.filter((size) => size > 0)).toEqual([3, 3, 1]);
  });

  test('follows a job until its end, from where one likes', async () => {
    const job = await client.jobs.submit('speak', {});
    const told: JobNews[] = [];
    for await (const news of client.jobs.events(job)) told.push(news);
    expect(told.filter(({ kind }) => kind === 'event').map((news: any) => news.event)).toEqual([
      'submitted',
      'started',
      'completed',
    ]);
    expect(told.some(({ kind }) => kind === 'log')).toBe(true);
    expect(told.at(-1)).toMatchObject({ kind: 'end', job_id: job.job_id, status: 'COMPLETED' });
    const rest: JobNews[] = [];
    for await (const news of client.jobs.events(job, { after: told[0]!.cursor })) rest.push(news);
    const lasting = (news: JobNews[]) => news.filter(({ kind }) => kind !== 'progress');
    expect(lasting(rest)).toEqual(lasting(told.slice(1)));
    const none: JobNews[] = [];
    for await (const news of client.jobs.events(job, { after: rest.at(-1)!.cursor })) none.push(news);
    expect(none).toEqual([
      { kind: 'end', cursor: rest.at(-1)!.cursor, job_id: job.job_id, status: 'COMPLETED' },
    ]);
  });

  test('leaves a job that it follows when it is told to, or when the loop is left', async () => {
    const job = await client.jobs.submit('echo', {}, { schedule_in: 3600 });
    for await (const news of client.jobs.events(job)) {
      expect(news).toMatchObject({ kind: 'event', event: 'submitted' });
      break;
    }
    const stopping = new AbortController();
    const reason = new Error('enough');
    const following = (async () => {
      for await (const _ of client.jobs.events(job, { signal: stopping.signal })) stopping.abort(reason);
    })();
    await expect(following).rejects.toBe(reason);
    await client.jobs.cancel(job);
  });

  test('submits workflows and tells how they end', async () => {
    const started = await client.workflows.submit({
      name: 'two steps',
      jobs: [
        { ref: 'one', type: 'echo', payload: {} },
        { ref: 'two', type: 'echo', payload: {}, depends_on: ['one'] },
      ],
    });
    const ended = await client.workflows.waitFor(started);
    expect(ended).toMatchObject({ status: 'COMPLETED', progress: 100 });
    const named: string[] = [];
    for await (const { workflow_id } of client.workflows.list({ name: 'two steps' })) named.push(workflow_id);
    expect(named).toEqual([started.workflow_id]);

    const failing = await client.workflows.submit({
      jobs: [{ ref: 'only', type: 'fail', payload: {}, max_attempts: 1 }],
    });
    await expect(client.workflows.waitFor(failing)).rejects.toThrow(WorkflowFailedError);
    expect(await client.workflows.retry(failing)).toBeDefined();
  });

  test('pauses, resumes and edits queues', async () => {
    await client.jobs.submit('echo', {}, { queue: 'slow' });
    const paused = await client.queues.pause('slow', { reason: 'moving', until: new Date('2099-01-01') });
    expect(paused.paused).toMatchObject({ reason: 'moving' });
    expect((await client.queues.resume('slow')).paused).toBeNull();
    expect((await client.queues.edit('slow', { max_waiting: 5 })).max_waiting).toBe(5);
    expect((await client.queues.list()).map(({ name }) => name)).toContain('slow');
    const stale = client.queues.edit('slow', { max_waiting: 6 }, { ifMatch: '"old"' });
    expect((await refusal(stale)).code).toBe('precondition_failed');
    expect((await client.queues.get('slow')).max_waiting).toBe(5);
  });

  test('manages schedules', async () => {
    await client.schedules.create({ name: 'nightly', cron: '0 3 * * *', job: { type: 'echo', payload: {} } });
    expect((await client.schedules.pause('nightly', 'holidays')).paused).toMatchObject({
      reason: 'holidays',
    });
    expect((await client.schedules.resume('nightly')).paused).toBeNull();
    expect((await client.schedules.edit('nightly', { cron: '0 4 * * *' })).cron).toBe('0 4 * * *');
    expect((await client.schedules.preview('nightly', 2)).occurrences).toHaveLength(2);
    expect(await client.schedules.run('nightly')).toMatchObject({ job_id: expect.any(String) });
    expect((await client.schedules.get('nightly')).runs).toEqual([]);
    const names: string[] = [];
    for await (const { name } of client.schedules.list()) names.push(name);
    expect(names).toContain('nightly');
    await client.schedules.delete('nightly');
    expect((await refusal(client.schedules.get('nightly'))).status).toBe(404);
  });

  test('finds dead letters, lets them run again, and discards them', async () => {
    const job = await client.jobs.submit('fail', {}, { max_attempts: 1, queue: 'doomed' });
    await expect(client.waitFor(job)).rejects.toThrow(JobFailedError);
    const ids: string[] = [];
    for await (const letter of client.deadLetters.list({ queue: 'doomed' })) ids.push(letter.job_id);
    expect(ids).toEqual([job.job_id]);
    const groups: string[] = [];
    for await (const group of client.deadLetters.groups()) groups.push(group.fingerprint);
    expect(groups.length).toBeGreaterThan(0);
    expect(await client.deadLetters.redrive({ filter: { queue: 'doomed' }, dry_run: true })).toMatchObject({
      matched: 1,
    });
    await client.deadLetters.discard(job);
    expect((await refusal(client.jobs.get(job))).status).toBe(404);
  });

  test('reaches every other operation by its route', async () => {
    const job = await client.jobs.submit('echo', {});
    await client.waitFor(job);
    const { attempts } = await client.request('GET /jobs/{job_id}/attempts', {
      path: { job_id: job.job_id },
    });
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['completed']);
    expect(await client.request('GET /metrics')).toContain('# HELP');
    expect((await client.request('GET /health/live')).status).toBe('ok');
    const response = await client.open('GET /jobs/{job_id}', { path: { job_id: job.job_id } });
    const etag = response.headers.get('etag')!;
    await response.body?.cancel();
    const same = await client.open('GET /jobs/{job_id}', {
      path: { job_id: job.job_id },
      header: { 'If-None-Match': etag },
    });
    expect(same.status).toBe(304);
  });
});
