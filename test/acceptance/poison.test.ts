import { once } from 'node:events';
import { eventually } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

/** Processes start in a second on a quiet machine, and in ten on one that is busy with other tests. */
const LONG_MS = 60_000;

describe('a job that harms what it runs in', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('poison', {
      program: FIXTURE_APP,
      workers: 0,
      environment: { STALLED_WORKER_TIMEOUT: '5', WORKER_CONCURRENCY: '25' },
    });
  });
  afterAll(() => app?.stop());

  const submit = async (type: string, payload: object): Promise<string> =>
    (await app.client.post('/jobs', { type, payload })).body.job_id;
  const outcomesOf = async (id: string): Promise<string[]> =>
    (await app.client.get(`/jobs/${id}/attempts`)).body.attempts.map((attempt: any) => attempt.outcome);

  test(
    'by killing its process is FAILED after five runs, the last three alone, and twenty innocents lose nothing',
    async () => {
      const innocents = await Promise.all(
        Array.from({ length: 20 }, () => submit('sleep', { ms: 600_000, times: 2 })),
      );
      const first = await app.addWorker();
      for (const id of innocents) await app.jobWith('PROCESSING', id, LONG_MS);
      const died = once(first.child, 'exit');
      const poison = await submit('poison', {});
      await died;
      const second = await app.addWorker();
      if (second.child.signalCode === null) await once(second.child, 'exit');
      // Now all are suspects, also those that did nothing.
      const third = await app.addWorker();
      expect(await app.jobWith('FAILED', poison, 2 * LONG_MS)).toMatchObject({
        attempts: 5,
        error_message:
          'Lost 3 times while running alone, so it is not started again by itself. The last time: The process of this attempt was killed by SIGKILL',
      });
      expect(await outcomesOf(poison)).toEqual(Array(5).fill('interrupted'));
      for (const id of innocents) {
        const { attempts, max_attempts } = await app.jobWith('COMPLETED', id, LONG_MS);
        expect(max_attempts - attempts).toBe(2);
        expect(await outcomesOf(id)).toEqual([...Array(attempts - 1).fill('interrupted'), 'completed']);
      }
      // By the handlers' own clock: an outcome is written a moment after its handler has ended.
      const { rows } = await app.database.pool.query(
        `WITH suspects AS (
           SELECT id, (result ->> 'from')::bigint AS begun, (result ->> 'to')::bigint AS ended
           FROM jobs WHERE type = 'sleep' AND interruptions >= 2)
         SELECT a.id, b.id FROM suspects a JOIN suspects b ON a.id < b.id AND a.begun < b.ended AND b.begun < a.ended`,
      );
      expect(rows).toEqual([]);
      expect(await third.stop()).toBe(0);
    },
    5 * LONG_MS,
  );

  test('by an error that nobody catches ends its worker, and those that end soon are finished before', async () => {
    const worker = await app.addWorker();
    const neighbour = await submit('sleep', { ms: 2_000 });
    await app.jobWith('PROCESSING', neighbour);
    const stray = await submit('stray_error', {});
    await once(worker.child, 'exit');
    expect(worker.child.exitCode).toBe(1);
    await worker.says(new RegExp(`this worker ends with 1.*${stray}.*nobody catches this`));
    expect(await app.jobWith('COMPLETED', neighbour)).toMatchObject({ attempts: 1 });
    const other = await app.addWorker();
    await app.jobWith('COMPLETED', stray, LONG_MS);
    expect(await outcomesOf(stray)).toEqual(['interrupted', 'completed']);
    await other.stop();
  });

  test('by keeping the event loop busy is named in the log', async () => {
    const worker = await app.addWorker();
    const id = await submit('block', { ms: 3_500 });
    await app.jobWith('COMPLETED', id);
    await eventually(() => /The event loop was blocked for \d/.test(worker.output()));
    await worker.says(`${id} (block)`);
    await worker.stop();
  });
});
