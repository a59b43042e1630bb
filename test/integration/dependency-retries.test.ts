import type { INestApplicationContext } from '@nestjs/common';
import { LOCK_PARENTS } from '../../src/queue/blocking/dependencies.sql.js';
import { type ClaimedJob, Mender, QueueService } from '../../src/queue/index.js';
import { LOCK_JOBS } from '../../src/queue/jobs.sql.js';
import { pauseBefore } from '../support/pause.js';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';

const DONE = { kind: 'completed', result: null } as const;
const BROKEN = { kind: 'failed', error: { name: 'Error', message: 'no' }, permanent: true } as const;

describe('jobs that depend on others run again by hand', () => {
  let fixture: TestQueue;
  let other: INestApplicationContext;
  let others: QueueService;
  beforeAll(async () => {
    fixture = await startQueue('dependency retries');
    other = await startProcess(fixture.database.url);
    others = other.get(QueueService);
  });
  beforeEach(() =>
    fixture.rows('TRUNCATE jobs, job_events, job_keys, job_locks, job_dependencies, pgboss.job'),
  );
  afterEach(async () => {
    // Nobody was forgotten.
    expect(await fixture.get(Mender).mend()).toBe(0);
  });
  afterAll(async () => {
    await other?.close();
    await fixture?.stop();
  });

  const child = (...parents: { id: string }[]) =>
    fixture.enqueue({ dependsOn: parents.map((parent) => parent.id) });
  const row = (job: { id: string }) => fixture.row(job.id);
  const status = async (job: { id: string }) => (await fixture.row(job.id)).status;
  const settle = (claim: ClaimedJob, outcome: typeof DONE | typeof BROKEN = DONE) =>
    fixture.settle(claim, outcome);
  const ended = async (outcome: typeof DONE | typeof BROKEN = DONE): Promise<ClaimedJob> => {
    const job = await fixture.started();
    await settle(job, outcome);
    return job;
  };
  const runAll = async (): Promise<string[]> => {
    const started: string[] = [];
    for (;;) {
      const claimed = await fixture.claim(1_000);
      if (claimed.length === 0) return started;
      started.push(...claimed.map((job) => job.id));
      await fixture.queue.settle(claimed.map((claim) => ({ claim, outcome: DONE })));
    }
  };

  test('not while their parent is FAILED, and wait while it runs again', async () => {
    const parent = await fixture.started();
    const job = await child(parent);
    await settle(parent, BROKEN);
    const [refused] = await fixture.queue.retry([job.id], 'me');
    expect(refused).toMatchObject({ result: 'conflict', code: 'dependency_failed' });
    expect(refused!.detail).toContain(`job ${parent.id}, which is FAILED`);
    await fixture.queue.cancel([job.id], 'me');
    await fixture.queue.retry([parent.id], 'me');
    expect(await row(job)).toMatchObject({ status: 'BLOCKED', open_dependencies: 1 });
    expect(await runAll()).toEqual([parent.id, job.id]);
  });

  test('after a parent that had failed before they came', async () => {
    const parent = await ended(BROKEN);
    const job = await child(parent);
    await fixture.queue.retry([parent.id], 'me');
    expect(await runAll()).toEqual([parent.id, job.id]);
  });

  test('at once when all their parents have completed, or are gone', async () => {
    const [parent, gone] = [await fixture.started(), await ended()];
    const job = await child(parent, gone);
    await settle(parent);
    await fixture.queue.cancel([job.id], 'me');
    await fixture.queue.discard([gone.id]);
    expect(await fixture.queue.retry([job.id], 'me')).toMatchObject([{ job: { status: 'PENDING' } }]);
    expect(await runAll()).toEqual([job.id]);
  });

  test('not when their parent fails while they are asked for', async () => {
    const parent = await fixture.started();
    const job = await child(parent);
    await fixture.queue.cancel([job.id], 'me');
    const paused = pauseBefore(other, LOCK_PARENTS);
    const retried = others.retry([job.id], 'me');
    await paused.reached;
    await settle(parent, BROKEN);
    paused.resume();
    expect(await retried).toMatchObject([{ result: 'conflict', code: 'dependency_failed' }]);
  });

  test('for a parent without a dependent that somebody cancelled', async () => {
    const parent = await fixture.started();
    const job = await child(parent);
    await fixture.queue.cancel([job.id], 'me');
    await settle(parent, BROKEN);
    await fixture.queue.retry([parent.id], 'me');
    expect(await runAll()).toEqual([parent.id]);
    expect(await status(job)).toBe('CANCELLED');
  });

  test('not, for once, when they end while they are asked for: their keys and parents were not', async () => {
    const job = await fixture.started();
    const paused = pauseBefore(other, LOCK_JOBS);
    const retried = others.retry([job.id], 'me');
    await paused.reached;
    await settle(job, BROKEN);
    paused.resume();
    expect(await retried).toMatchObject([{ result: 'conflict', code: 'job_state_conflict' }]);
    expect(await others.retry([job.id], 'me')).toMatchObject([{ result: 'done' }]);
  });
});
