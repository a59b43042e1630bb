import type { INestApplicationContext } from '@nestjs/common';
import { JobEvents, Mender, Promoter, QueueService } from '../../src/queue/index.js';
import { type TestQueue, WORKER, startProcess, startQueue } from '../support/queue.js';
import { settleAll } from '../support/settle-all.js';

const DONE = { kind: 'completed', result: null } as const;
const ROUNDS = process.env.TEST_LONG ? 500 : 25;

describe('without a human hand', () => {
  let fixture: TestQueue;
  let others: INestApplicationContext[];
  beforeAll(async () => {
    fixture = await startQueue('mending under load');
    others = await Promise.all([1, 2].map(() => startProcess(fixture.database.url)));
  });
  afterAll(async () => {
    for (const other of others ?? []) await other.close();
    await fixture?.stop();
  });

  /** Jobs of every kind come, run, fail, are cancelled and retried. */
  const work = async (app: INestApplicationContext, round: number): Promise<void> => {
    const queue = app.get(QueueService);
    const submitted = await queue.enqueue(
      Array.from({ length: 20 }, (_, index) => ({
        type: 'task',
        payload: {},
        ...(index % 3 === 0 ? { lock: `L${index % 2}` } : {}),
        ...(index % 5 === 0
          ? { unique: { key: `U${index}`, while: 'unfinished', onConflict: 'return' } as const }
          : {}),
        ...(index % 7 === 0 ? { delayMs: 50 } : {}),
      })),
    );
    const ids = submitted.map(({ job }) => job.id);
    await queue.enqueue([{ type: 'task', payload: {}, dependsOn: ids.slice(0, 2) }]);
    await queue.cancel(ids.slice(2, 4), 'ada');
    await queue.retry(ids.slice(2, 3), 'ada');
    await queue.edit(ids.slice(4, 6), { priority: (round % 10) + 1 }, 'ada');
    const claimed = await queue.claim('default', 15, { workerId: WORKER });
    await settleAll(
      queue,
      claimed.map((claim, index) => ({
        claim,
        outcome: index % 4 === 0 ? { kind: 'snoozed', delayMs: 10 * index } : DONE,
      })),
    );
    await app.get(Promoter).promote();
  };

  test('nothing is mended, whatever the mender looks at while jobs come and go', async () => {
    const mended: unknown[] = [];
    for (const app of [...others]) app.get(JobEvents).on('mended', (kind, ids) => mended.push([kind, ids]));
    fixture.get(JobEvents).on('mended', (kind, ids) => mended.push([kind, ids]));
    let working = others.length;
    const workers = others.map(async (app) => {
      for (let round = 0; round < ROUNDS; round++) await work(app, round);
      working -= 1;
    });
    let looks = 0;
    const mending = (async () => {
      // Also what is younger than the few seconds it leaves to others.
      while (working > 0) {
        looks += 1;
        await fixture.get(Mender).mend();
        await fixture.rows(
          `UPDATE pgboss.job SET created_on = created_on - interval '10 seconds'
           WHERE id IN (SELECT id FROM pgboss.job FOR UPDATE SKIP LOCKED)`,
        );
      }
    })();
    await Promise.all([...workers, mending]);
    expect(looks).toBeGreaterThan(1);
    expect(mended).toEqual([]);
  });
});
