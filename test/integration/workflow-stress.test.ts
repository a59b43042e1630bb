import type { INestApplicationContext } from '@nestjs/common';
import fc from 'fast-check';
import { type ClaimedJob, QueueService, WorkflowControl } from '../../src/queue/index.js';
import { settleAll } from '../support/settle-all.js';
import { type TestQueue, WORKER, startProcess, startQueue } from '../support/queue.js';
import {
  BROKEN,
  DONE,
  FINISHER,
  type TestWorkflow,
  clear,
  expectNothingToMend,
  run,
  start,
  workflowOf,
} from '../support/workflows.js';

const SEED = Number(process.env.PROPERTY_SEED ?? Math.floor(Math.random() * 2 ** 31));
const WORKFLOWS = 3;
const JOBS = 40;
const LOCKS = 3;
/** Of each of the actors. */
const ACTIONS = 60;

const RETRIED = { kind: 'failed', error: { name: 'Error', message: 'once more' } } as const;

describe('workflows on which everybody acts at once', () => {
  let fixture: TestQueue;
  let other: INestApplicationContext;
  beforeAll(async () => {
    fixture = await startQueue('workflow stress');
    other = await startProcess(fixture.database.url);
  });
  beforeEach(() => clear(fixture));
  afterEach(() => expectNothingToMend(fixture));
  afterAll(async () => {
    await other?.close();
    await fixture?.stop();
  });

  test('count right, forget nobody and end', async () => {
    const chance = fc.sample(fc.infiniteStream(fc.nat()), { numRuns: 1, seed: SEED })[0]!;
    const dice = (sides: number) => chance.next().value % sides;
    const shape = () =>
      Object.fromEntries(
        Array.from({ length: JOBS }, (_, number) => {
          const parents = number === 0 ? [] : Array.from({ length: dice(4) }, () => dice(number));
          return [`j${number}`, [...new Set(parents)].map((one) => `j${one}${dice(2) === 0 ? '?' : ''}`)];
        }),
      );
    const flows: TestWorkflow[] = [];
    for (let count = 0; count < WORKFLOWS; count += 1) {
      const { jobs } = workflowOf(shape());
      const locked = jobs.map((job) => (dice(4) === 0 ? { ...job, lock: `lock ${dice(LOCKS)}` } : job));
      flows.push(await start(fixture, { jobs: locked, onFinished: FINISHER }));
    }
    const anyFlow = () => flows[dice(WORKFLOWS)]!;
    const anyJob = () => anyFlow().idOf(`j${dice(JOBS)}`);
    const held: ClaimedJob[] = [];

    const act = async (queue: QueueService, control: WorkflowControl): Promise<unknown> => {
      switch (dice(12)) {
        case 0:
          return queue.cancel([anyJob(), anyJob()], 'ann');
        case 1:
        case 2:
          return queue.retry([anyJob(), anyJob(), anyJob()], 'ann');
        case 3:
          return dice(3) === 0 ? control.cancel(anyFlow().id, 'ann') : undefined;
        case 4:
          return control.retry(anyFlow().id, 'ann');
        case 5:
          return queue.enqueue([
            {
              type: 'task',
              payload: {},
              dependsOn: [{ jobId: anyJob(), onFailure: dice(2) === 0 ? 'cancel' : 'continue' }, anyJob()],
            },
          ]);
        case 6:
        case 7:
          held.push(...(await queue.claim('default', 6, { workerId: WORKER })));
          return undefined;
        default: {
          const claims = held.splice(0, 4);
          const outcomes = claims.map((claim) => ({
            claim,
            outcome: [DONE, DONE, BROKEN, RETRIED][dice(4)]!,
          }));
          return settleAll(queue, outcomes);
        }
      }
    };
    const actor = async (app: { get: INestApplicationContext['get'] }) => {
      const [queue, control] = [app.get(QueueService), app.get(WorkflowControl)];
      for (let count = 0; count < ACTIONS; count += 1) await act(queue, control);
    };
    const here = { get: fixture.get };
    await Promise.all([actor(here), actor(other), actor(here), actor(other)]);
    await settleAll(
      fixture.queue,
      held.map((claim) => ({ claim, outcome: DONE })),
    );
    await fixture.rows(`UPDATE jobs SET scheduled_at = now() WHERE status = 'PENDING'`);
    await fixture.rows(`UPDATE pgboss.job SET start_after = now()`);
    await expectNothingToMend(fixture);
    await run(fixture);
    const unfinished = await fixture.rows(
      `SELECT id, status FROM jobs WHERE status NOT IN ('COMPLETED', 'FAILED', 'CANCELLED') AND queue = 'default'`,
    );
    expect({ seed: SEED, unfinished }).toEqual({ seed: SEED, unfinished: [] });
    for (const flow of flows) {
      const statuses = Object.values(await flow.statuses());
      const count = (status: string) => statuses.filter((one) => one === status).length;
      expect({ seed: SEED, ...(await flow.row()) }).toMatchObject({
        seed: SEED,
        open: 0,
        failed: count('FAILED'),
        cancelled: count('CANCELLED'),
      });
      expect((await flow.finishers()).length).toBeGreaterThan(0);
    }
  });
});
