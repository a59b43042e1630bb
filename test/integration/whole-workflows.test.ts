import type { INestApplicationContext } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import {
  Mender,
  Promoter,
  Retention,
  WorkflowControl,
  Workflows,
  WorkflowsQuery,
} from '../../src/queue/index.js';
import { eventually } from '../support/eventually.js';
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

const ALWAYS = { DELETE_JOBS: 'always' };

describe('a workflow', () => {
  let fixture: TestQueue;
  let other: INestApplicationContext;
  beforeAll(async () => {
    fixture = await startQueue('whole workflows');
    other = await startProcess(fixture.database.url);
  });
  beforeEach(() => clear(fixture));
  afterEach(() => expectNothingToMend(fixture));
  afterAll(async () => {
    await other?.close();
    await fixture?.stop();
  });

  const started = (shape: Shape, more = {}) => start(fixture, { ...workflowOf(shape), ...more });

  describe('as a whole', () => {
    test('is cancelled: at once what waits, through its worker what runs', async () => {
      const flow = await started(DIAMOND, { onFinished: FINISHER });
      const top = await claimed(fixture, 'top', flow);
      const managed = await fixture.get(WorkflowControl).cancel(flow.id, 'ann');
      expect(managed.map(({ result }) => result)).toEqual(['requested', 'done', 'done', 'done']);
      expect(await flow.row()).toMatchObject({ open: 1, cancelled: 3, finished_at: null });
      await fixture.settle(top, DONE);
      expect(await flow.row()).toMatchObject({ open: 0, cancelled: 4 });
      expect(await flow.finishers()).toHaveLength(1);
      expect(await fixture.get(WorkflowControl).cancel(flow.id, 'ann')).toEqual([]);
    });

    test('runs again what failed or was cancelled, by whomever', async () => {
      const flow = await started(DIAMOND);
      await fixture.queue.cancel([flow.idOf('bottom')], 'ann');
      await run(fixture, 'left');
      const managed = await fixture.get(WorkflowControl).retry(flow.id, 'ann');
      expect(managed.map(({ result }) => result)).toEqual(['done', 'done']);
      expect(await run(fixture)).toEqual(['left', 'bottom']);
      expect(await flow.row()).toMatchObject({ open: 0, failed: 0, cancelled: 0 });
      expect(await fixture.get(WorkflowControl).retry(flow.id, 'ann')).toEqual([]);
    });

    test('is the same when it is started again under its id, also at the same time', async () => {
      const id = uuidv7();
      const again = () => ({ ...workflowOf({ a: [], b: ['a'] }), id });
      const [first, second] = await Promise.all([
        fixture.get(Workflows).start(again()),
        other.get(Workflows).start(again()),
      ]);
      const third = await fixture.get(Workflows).start(again());
      expect([first, second, third].filter(({ created }) => created)).toHaveLength(1);
      expect(new Set([first, second, third].map(({ jobs }) => jobs[0]!.id)).size).toBe(1);
      expect(await fixture.rows('SELECT 1 FROM jobs')).toHaveLength(2);
    });

    test('is the same under its key, also at the same time, and another request is refused', async () => {
      const asked = (fingerprint: string) => ({
        ...workflowOf({ a: [] }),
        idempotency: { key: 'k', fingerprint },
      });
      const all = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          [fixture.get(Workflows), other.get(Workflows)][index % 2]!.start(asked('one')),
        ),
      );
      expect(all.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(all.map(({ id }) => id)).size).toBe(1);
      await expect(fixture.get(Workflows).start(asked('two'))).rejects.toMatchObject({
        code: 'idempotency_key_reused',
      });
    });

    test('is all or nothing: a unique key that is taken refuses it', async () => {
      const unique = { key: 'taken', while: 'waiting', onConflict: 'return' } as const;
      await fixture.enqueue({ unique });
      const shape = workflowOf({ a: [], b: [] });
      const jobs = shape.jobs.map((job, index) => (index === 1 ? { ...job, unique } : job));
      await expect(fixture.get(Workflows).start({ jobs })).rejects.toMatchObject({
        code: 'job_already_exists',
      });
      expect(await fixture.rows('SELECT 1 FROM workflows')).toEqual([]);
      expect(await fixture.rows('SELECT 1 FROM jobs')).toHaveLength(1);
    });

    test('has no place in a queue that keeps nothing', async () => {
      await fixture.enqueue({ queue: 'forgetful' });
      await fixture.rows(`UPDATE queues SET retention = 'none' WHERE name = 'forgetful'`);
      const asked = workflowOf({ a: [] }, { queue: 'forgetful' });
      await eventually(async () => {
        const refusal = await fixture
          .get(Workflows)
          .start(asked)
          .catch((error: unknown) => error);
        return (refusal as { code?: string }).code === 'validation_failed';
      });
    });

    test('keeps its jobs until it has ended, and goes after the last of them', async () => {
      const sweepWith = async (): Promise<void> => {
        const process = await startProcess(fixture.database.url, { environment: ALWAYS });
        await process.get(Retention).sweep();
        await process.close();
      };
      const age = (table: string) =>
        fixture.rows(`UPDATE ${table} SET finished_at = finished_at - interval '60 days'`);
      const flow = await started({ a: [], b: [] });
      const [a, b] = await fixture.claim(2);
      await fixture.settle(a!, BROKEN);
      await age('jobs');
      await sweepWith();
      expect(await flow.statuses()).toMatchObject({ a: 'FAILED' });
      await fixture.settle(b!, DONE);
      await age('jobs');
      await sweepWith();
      expect(await flow.statuses()).toEqual({});
      expect(await fixture.get(WorkflowsQuery).find(flow.id)).toMatchObject({
        status: 'FAILED',
        counts: { completed: 1, failed: 1 },
      });
      await age('workflows');
      await sweepWith();
      expect(await flow.row()).toBeUndefined();
    });

    test('ends at once when its jobs do: they depend on one that has failed', async () => {
      const failed = await fixture.started();
      await fixture.settle(failed, BROKEN);
      const jobs = [{ ref: '0', type: 'task', payload: {}, dependsOn: [failed.id] }];
      const flow = await start(fixture, { jobs, kind: 'group', onFinished: FINISHER });
      expect(await flow.row()).toMatchObject({ open: 0, cancelled: 1 });
      expect(await flow.finishers()).toHaveLength(1);
    });
  });

  describe('after a hand in the tables', () => {
    const mended = async () => {
      await fixture.rows(`UPDATE pgboss.job SET created_on = created_on - interval '1 minute'`);
      const count = await fixture.get(Mender).mend();
      await fixture.get(Promoter).promote();
      return count;
    };

    test('ends when somebody ends its last job', async () => {
      const flow = await started({ a: [], b: ['a'] }, { onFinished: FINISHER });
      await fixture.rows(`UPDATE jobs SET status = 'FAILED' WHERE id = $1`, [flow.idOf('a')]);
      expect(await mended()).toBeGreaterThan(0);
      expect(await flow.row()).toMatchObject({ open: 0, failed: 1, cancelled: 1 });
      expect(await flow.finishers()).toHaveLength(1);
    });

    test('goes on when somebody lets a job run again', async () => {
      const flow = await started({ a: [] }, { onFinished: FINISHER });
      await run(fixture, 'a');
      await fixture.rows(`UPDATE jobs SET status = 'PENDING' WHERE id = $1`, [flow.idOf('a')]);
      await mended();
      expect(await flow.row()).toMatchObject({ open: 1, failed: 0, finished_at: null });
      expect(await run(fixture)).toEqual(['a']);
      expect(await flow.finishers()).toHaveLength(2);
    });

    test('counts what was deleted before its end as cancelled, and ends', async () => {
      const flow = await started({ a: [], b: [], c: [] }, { onFinished: FINISHER });
      const [a] = await fixture.claim(1);
      await fixture.settle(a!, DONE);
      await fixture.rows('DELETE FROM jobs WHERE workflow_ref IS NOT NULL AND status = $1', ['PENDING']);
      await mended();
      expect(await flow.row()).toMatchObject({ open: 0, failed: 0, cancelled: 2 });
      expect(await flow.finishers()).toHaveLength(1);
    });
  });
});
