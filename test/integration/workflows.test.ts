import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { uuidv7 } from 'uuidv7';
import { LOCK_DEPENDENTS } from '../../src/queue/blocking/dependencies.sql.js';
import { QueueService, WorkflowsQuery } from '../../src/queue/index.js';
import { COUNT_JOBS } from '../../src/queue/workflows/workflows.sql.js';
import { pauseBefore, pauseBeforeCommit, sessionsWait } from '../support/pause.js';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';
import {
  BROKEN,
  DIAMOND,
  DONE,
  FINISHER,
  type Shape,
  claimed,
  clear,
  expectNothingToMend,
  run,
  start,
  workflowOf,
} from '../support/workflows.js';

describe('a workflow', () => {
  let fixture: TestQueue;
  let other: INestApplicationContext;
  let others: QueueService;
  beforeAll(async () => {
    fixture = await startQueue('workflows');
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

  describe('runs', () => {
    test('its jobs as its edges say, and ends with the last', async () => {
      const flow = await started(DIAMOND, { name: 'diamond' });
      expect(await flow.statuses()).toEqual({
        top: 'PENDING',
        left: 'BLOCKED',
        right: 'BLOCKED',
        bottom: 'BLOCKED',
      });
      expect(await run(fixture)).toEqual(['top', 'left', 'right', 'bottom']);
      expect(await flow.row()).toMatchObject({ jobs: 4, open: 0, failed: 0, cancelled: 0 });
      expect(await fixture.get(WorkflowsQuery).find(flow.id)).toMatchObject({
        status: 'COMPLETED',
        name: 'diamond',
        counts: { completed: 4, failed: 0, blocked: 0 },
      });
    });

    test('what follows its end, once, whatever the outcome; that job is of it, but not counted', async () => {
      const flow = await started({ a: [], b: ['a'] }, { onFinished: FINISHER });
      expect(await flow.finishers()).toEqual([]);
      await run(fixture, 'a');
      expect(await flow.statuses()).toEqual({ a: 'FAILED', b: 'CANCELLED' });
      const [finisher, ...more] = await flow.finishers();
      expect(more).toEqual([]);
      expect(finisher).toMatchObject({ payload: { over: true }, status: 'PENDING', ticketed: true });
      expect(await flow.row()).toMatchObject({
        on_finished_job: finisher!.id,
        open: 0,
        failed: 1,
        cancelled: 1,
      });
      const [job] = await fixture.claim(1, { queue: 'after' });
      await fixture.settle(job!, DONE);
      expect(await flow.finishers()).toHaveLength(1);
    });

    test('to its end also when its last job completes in a transaction of its handler', async () => {
      const flow = await started({ a: [] }, { onFinished: FINISHER });
      const [a] = await fixture.claim(1);
      const source = fixture.get(DataSource);
      const settle = (fails: boolean) =>
        source.transaction(async (manager) => {
          await fixture.queue.settleWithin(manager, [{ claim: a!, outcome: DONE }]);
          if (fails) throw new Error('changed its mind');
        });
      await expect(settle(true)).rejects.toThrow('changed its mind');
      expect(await flow.finishers()).toEqual([]);
      expect(await flow.row()).toMatchObject({ open: 1 });
      await settle(false);
      expect(await flow.finishers()).toHaveLength(1);
    });

    test('as it stands when two workers end its last two jobs at once: one of them ends it', async () => {
      const flow = await started({ a: [], b: [] }, { onFinished: FINISHER });
      const [a, b] = await fixture.claim(2);
      const paused = pauseBeforeCommit(other);
      const first = others.settle([{ claim: a!, outcome: DONE }]);
      await paused.reached;
      const second = fixture.queue.settle([{ claim: b!, outcome: DONE }]);
      await sessionsWait(fixture.database);
      paused.resume();
      await Promise.all([first, second.catch(() => fixture.settle(b!, DONE))]);
      expect(await flow.statuses()).toEqual({ a: 'COMPLETED', b: 'COMPLETED' });
      expect(await flow.finishers()).toHaveLength(1);
    });

    test('to its end without a job that is lost between the end of its last job and the counting', async () => {
      const flow = await started({ a: [] }, { onFinished: FINISHER });
      const [a] = await fixture.claim(1);
      const paused = pauseBefore(other, COUNT_JOBS);
      const lost = others.settle([{ claim: a!, outcome: DONE }]).catch(() => 'lost');
      await paused.reached;
      await fixture.rows(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND state = 'idle in transaction'`,
      );
      paused.resume();
      await lost;
      expect(await flow.statuses()).toEqual({ a: 'PROCESSING' });
      await fixture.settle(a!, DONE);
      expect(await flow.finishers()).toHaveLength(1);
    });
  });

  describe('each edge of it decides on its own', () => {
    test.each([
      ['cancels', ['left', 'right'], 'CANCELLED'],
      ['cancels although the other goes on', ['left', 'right?'], 'CANCELLED'],
      ['goes on', ['left?', 'right'], 'COMPLETED'],
      ['goes on', ['left?', 'right?'], 'COMPLETED'],
    ] as const)('after a failure on the left: it %s with %j', async (_, parents, status) => {
      const flow = await started({ ...DIAMOND, bottom: parents, end: ['bottom'] });
      await run(fixture, 'left');
      expect(await flow.statuses('bottom', 'end')).toEqual({ bottom: status, end: status });
    });

    test('also for jobs that come after the parent has ended', async () => {
      const failed = await fixture.started();
      await fixture.settle(failed, BROKEN);
      const dependsOn = (onFailure: 'cancel' | 'continue') => [{ jobId: failed.id, onFailure }];
      const waiting = await fixture.started();
      const patient = await fixture.enqueue({
        dependsOn: [{ jobId: failed.id, onFailure: 'continue' }, waiting.id],
      });
      expect(patient).toMatchObject({ status: 'BLOCKED', openDependencies: 1 });
      expect(await fixture.enqueue({ dependsOn: dependsOn('cancel') })).toMatchObject({
        status: 'CANCELLED',
      });
      expect(await fixture.enqueue({ dependsOn: dependsOn('continue') })).toMatchObject({
        status: 'PENDING',
      });
      expect(await fixture.row(patient.id)).toMatchObject({ status: 'BLOCKED', open_dependencies: 1 });
      const [doomed, after, never] = [uuidv7(), uuidv7(), uuidv7()];
      const together = await fixture.queue.enqueue([
        { type: 'task', payload: {}, id: doomed, dependsOn: dependsOn('cancel') },
        { type: 'task', payload: {}, id: after, dependsOn: [{ jobId: doomed, onFailure: 'continue' }] },
        { type: 'task', payload: {}, id: never, dependsOn: [doomed] },
      ]);
      expect(together.map(({ job }) => job.status)).toEqual(['CANCELLED', 'PENDING', 'CANCELLED']);
      await fixture.settle(waiting, DONE);
      expect(await fixture.row(patient.id)).toMatchObject({ status: 'PENDING' });
    });

    test('also while a dependent comes for a job that is about to be cancelled', async () => {
      const flow = await started({ a: [], b: ['a'] });
      const a = await claimed(fixture, 'a', flow);
      const paused = pauseBefore(other, LOCK_DEPENDENTS);
      const settled = others.settle([{ claim: a, outcome: BROKEN }]);
      await paused.reached;
      const late = await fixture.enqueue({ dependsOn: [flow.idOf('b')] });
      const patient = await fixture.enqueue({
        dependsOn: [{ jobId: flow.idOf('b'), onFailure: 'continue' }],
      });
      paused.resume();
      await settled;
      expect(await flow.statuses()).toEqual({ a: 'FAILED', b: 'CANCELLED' });
      expect(await fixture.row(late.id)).toMatchObject({ status: 'CANCELLED' });
      expect(await fixture.row(patient.id)).toMatchObject({ status: 'PENDING' });
    });
  });
});
