import type { INestApplicationContext } from '@nestjs/common';
import { LOCK_PARENTS } from '../../src/queue/blocking/dependencies.sql.js';
import { QueueService } from '../../src/queue/index.js';
import { pauseBefore, pauseBeforeCommit, sessionsWait } from '../support/pause.js';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';
import {
  BROKEN,
  DONE,
  FINISHER,
  type Shape,
  clear,
  expectNothingToMend,
  run,
  start,
  workflowOf,
} from '../support/workflows.js';

describe('a workflow, or dependents of any kind,', () => {
  let fixture: TestQueue;
  let other: INestApplicationContext;
  let others: QueueService;
  beforeAll(async () => {
    fixture = await startQueue('revival');
    other = await startProcess(fixture.database.url);
    others = other.get(QueueService);
  });
  beforeEach(() => clear(fixture));
  afterEach(() => expectNothingToMend(fixture));
  afterAll(async () => {
    await other?.close();
    await fixture?.stop();
  });

  const started = (shape: Shape, more = {}) => start(fixture, { ...workflowOf(shape), ...more });

  describe('whose failed job runs again', () => {
    test('revives what was cancelled because of it, with its history, and what follows fires again', async () => {
      const flow = await started({ a: [], b: ['a'], c: ['b'], d: ['c?', 'a'] }, { onFinished: FINISHER });
      await run(fixture, 'a');
      expect(await flow.statuses()).toMatchObject({ b: 'CANCELLED', c: 'CANCELLED', d: 'CANCELLED' });
      await fixture.queue.retry([flow.idOf('a')], 'ann');
      expect(await flow.statuses()).toEqual({ a: 'PENDING', b: 'BLOCKED', c: 'BLOCKED', d: 'BLOCKED' });
      expect(await fixture.row(flow.idOf('d'))).toMatchObject({ open_dependencies: 2, last_actor: 'ann' });
      expect(await fixture.ledger(flow.idOf('b'))).toEqual(['cancelled 0', 'revived 0']);
      expect(await flow.row()).toMatchObject({ open: 4, failed: 0, cancelled: 0, finished_at: null });
      expect(await run(fixture, 'c')).toEqual(['a', 'b', 'c', 'd']);
      expect(await flow.finishers()).toHaveLength(2);
    });

    test('leaves alone what somebody cancelled, and what depends on that', async () => {
      const flow = await started({ a: [], b: ['a'], c: ['b'] });
      await fixture.queue.cancel([flow.idOf('b')], 'ann');
      await run(fixture, 'a');
      await fixture.queue.retry([flow.idOf('a')], 'ann');
      expect(await run(fixture)).toEqual(['a']);
      expect(await flow.statuses()).toEqual({ a: 'COMPLETED', b: 'CANCELLED', c: 'CANCELLED' });
      await fixture.queue.retry([flow.idOf('b')], 'ann');
      expect(await run(fixture)).toEqual(['b', 'c']);
    });

    test('waits for the other one that failed as well', async () => {
      const flow = await started({ a: [], b: [], c: ['a', 'b'], d: ['c'] });
      await run(fixture, 'a', 'b');
      await fixture.queue.retry([flow.idOf('a')], 'ann');
      expect(await run(fixture)).toEqual(['a']);
      expect(await flow.statuses('c', 'd')).toEqual({ c: 'CANCELLED', d: 'CANCELLED' });
      await fixture.queue.retry([flow.idOf('b')], 'ann');
      expect(await run(fixture)).toEqual(['b', 'c', 'd']);
    });

    test('revives none whose unique key another job has taken, nor what depends on that', async () => {
      const unique = { key: 'k', while: 'unfinished', onConflict: 'return' } as const;
      const shape = workflowOf({ a: [], b: ['a'], c: ['b'], d: ['a'] });
      const jobs = shape.jobs.map((job) => (job.ref === 'b' ? { ...job, unique } : job));
      const flow = await start(fixture, { ...shape, jobs });
      await run(fixture, 'a');
      const taker = await fixture.enqueue({ unique });
      await fixture.queue.retry([flow.idOf('a')], 'ann');
      expect(await flow.statuses()).toEqual({ a: 'PENDING', b: 'CANCELLED', c: 'CANCELLED', d: 'BLOCKED' });
      const [refused] = await fixture.queue.retry([flow.idOf('b')], 'ann');
      expect(refused).toMatchObject({ result: 'conflict', code: 'job_already_exists' });
      expect(refused!.detail).toContain(taker.id);
    });

    test('makes those wait again that had gone on after it and wait for others still', async () => {
      const flow = await started({ a: [], b: [], c: ['a?', 'b'] });
      const [a, b] = await fixture.claim(2);
      await fixture.settle(a!, BROKEN);
      expect(await fixture.row(flow.idOf('c'))).toMatchObject({ open_dependencies: 1 });
      await fixture.queue.retry([a!.id], 'ann');
      expect(await fixture.row(flow.idOf('c'))).toMatchObject({ open_dependencies: 2 });
      const [again] = await fixture.claim(1);
      await fixture.settle(again!, DONE);
      expect(await flow.statuses('c')).toEqual({ c: 'BLOCKED' });
      await fixture.settle(b!, DONE);
      expect(await flow.statuses('c')).toEqual({ c: 'PENDING' });
    });

    test('while another parent completes: nobody is forgotten', async () => {
      const flow = await started({ a: [], b: [], c: ['a', 'b'] });
      const [a, b] = await fixture.claim(2);
      await fixture.settle(a!, BROKEN);
      const paused = pauseBeforeCommit(other);
      const retried = others.retry([a!.id], 'ann');
      await paused.reached;
      const settled = fixture.settle(b!, DONE);
      await Promise.race([sessionsWait(fixture.database), settled]);
      paused.resume();
      await Promise.all([retried, settled]);
      expect(await fixture.row(flow.idOf('c'))).toMatchObject({ status: 'BLOCKED', open_dependencies: 1 });
      expect(await run(fixture)).toEqual(['a', 'c']);
    });

    test('and a dependent that comes while it is asked for is revived too', async () => {
      const failed = await fixture.started();
      await fixture.settle(failed, BROKEN);
      const paused = pauseBefore(other, LOCK_PARENTS);
      const first = await fixture.enqueue({ dependsOn: [failed.id] });
      const retried = others.retry([failed.id], 'ann');
      await paused.reached;
      const late = await fixture.enqueue({ dependsOn: [failed.id] });
      expect(late.status).toBe('CANCELLED');
      paused.resume();
      await retried;
      expect(await fixture.row(first.id)).toMatchObject({ status: 'BLOCKED' });
      expect(await fixture.row(late.id)).toMatchObject({ status: 'BLOCKED' });
    });

    test('a thousand jobs deep: cancelled and revived in seconds', async () => {
      const names = Array.from({ length: 1_000 }, (_, index) => `j${index}`);
      const shape = Object.fromEntries(
        names.map((name, index) => [name, index === 0 ? [] : [`j${index - 1}`]]),
      );
      const flow = await started(shape, { onFinished: FINISHER });
      const [first] = await fixture.claim(1);
      let before = performance.now();
      await fixture.settle(first!, BROKEN);
      expect(performance.now() - before).toBeLessThan(15_000);
      expect(await flow.row()).toMatchObject({ open: 0, failed: 1, cancelled: 999 });
      before = performance.now();
      await fixture.queue.retry([first!.id], 'ann');
      expect(performance.now() - before).toBeLessThan(15_000);
      expect(await flow.row()).toMatchObject({ open: 1_000, failed: 0, cancelled: 0 });
      await fixture.rows('TRUNCATE jobs, job_events, job_dependencies, workflows, pgboss.job');
    });
  });
});
