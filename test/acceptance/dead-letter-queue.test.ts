import { byHand } from '../support/by-hand.js';
import { eventually } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

describe('the dead letter queue of a queue', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('dead letter queue', {
      program: FIXTURE_APP,
      workers: 2,
      environment: { STALLED_WORKER_TIMEOUT: '5' },
    });
    await app.database.pool.query(
      `INSERT INTO queues (name, dead_letter_queue) VALUES ('mail', 'graveyard'), ('graveyard', 'graveyard')
       ON CONFLICT (name) DO UPDATE SET dead_letter_queue = excluded.dead_letter_queue`,
    );
  });
  beforeEach(() => byHand(app.database.pool, 'DELETE FROM jobs'));
  afterAll(() => app?.stop());

  const submit = async (job: object): Promise<string> => {
    const { status, body } = await app.client.post('/jobs', { type: 'fail_as', queue: 'mail', ...job });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body.job_id;
  };
  const letters = async (): Promise<Record<string, any>[]> =>
    (await app.client.get('/jobs?type=dead_letter&limit=200')).body.jobs;
  const settled = async (): Promise<Record<string, any>[]> =>
    eventually(async () => {
      const all = await letters();
      return all.length > 0 && all.every((letter) => letter.finished_at !== null) ? all : undefined;
    });

  test('gets a job that tells of each job that fails for good, and a handler tells people', async () => {
    const payload = { message: 'Mailbox is full', to: 'jane@example.com' };
    const id = await submit({ payload });
    await app.jobWith('FAILED', id);
    const [letter, ...more] = await settled();
    expect(more).toEqual([]);
    expect(letter).toMatchObject({
      type: 'dead_letter',
      queue_name: 'graveyard',
      status: 'COMPLETED',
      payload: { job_id: id, type: 'fail_as', payload, error: 'Mailbox is full', attempts: 1 },
      result: { told: id },
    });
    const line = `Job ${id} (fail_as) failed after 1 attempts: Mailbox is full`;
    await eventually(() => app.workers.some((worker) => worker.output().includes(line)));
  });

  test('gets nothing from jobs that succeed, are retried, cancelled, or wait in other queues', async () => {
    const retried = await submit({
      type: 'fail',
      payload: { times: 1 },
      backoff: { base_delay: 0, jitter: 0 },
    });
    const completed = await submit({ type: 'echo', payload: {} });
    const elsewhere = await submit({ payload: {}, queue: 'default' });
    const cancelled = await submit({ payload: {}, schedule_in: 3600 });
    await app.client.post('/bulk-operations', { action: 'cancel', filter: { job_ids: [cancelled] } });
    await app.jobWith('COMPLETED', retried);
    await app.jobWith('COMPLETED', completed);
    await app.jobWith('FAILED', elsewhere);
    await app.jobWith('CANCELLED', cancelled);
    expect(await letters()).toEqual([]);
  });

  test('gets another letter when a job that was redriven fails again', async () => {
    const id = await submit({ payload: {} });
    await app.jobWith('FAILED', id);
    await app.client.post('/dead-letters/redrive', { filter: { job_ids: [id] } });
    await eventually(async () => (await letters()).length === 2);
    expect((await settled()).map((letter) => [letter.payload.job_id, letter.payload.attempts])).toEqual([
      [id, 2],
      [id, 1],
    ]);
  });

  test('gets no letter about a letter that fails, even when it is its own dead letter queue', async () => {
    const id = await submit({ payload: { undeliverable: true } });
    await app.jobWith('FAILED', id);
    const [letter] = await settled();
    expect(letter).toMatchObject({
      status: 'FAILED',
      attempts: 2,
      error_message: 'Nobody wants to hear of it',
    });
    // Whatever a failing letter brought about was stored with its end.
    expect(await letters()).toHaveLength(1);
    const { body } = await app.client.get('/dead-letters?type=dead_letter');
    expect(body.dead_letters).toHaveLength(1);
  });

  test('gets exactly one letter for each failed job, however many workers are killed', async () => {
    const ids: string[] = [];
    const killing = (async () => {
      for (let kill = 0; kill < 3; kill++) {
        await eventually(() => ids.length >= (kill + 1) * 60, 40_000);
        await app.workers.shift()!.stop('SIGKILL');
        await app.addWorker();
      }
    })();
    for (let number = 0; number < 240; number++)
      ids.push(await submit({ payload: { message: `failure ${number}` } }));
    await killing;
    for (const id of ids) await app.jobWith('FAILED', id, 40_000);
    const { rows } = await app.database.pool.query(
      `SELECT letters, count(*)::int AS jobs
       FROM (SELECT j.id, count(l.id)::int AS letters FROM jobs j
             LEFT JOIN jobs l ON l.type = 'dead_letter' AND l.payload ->> 'job_id' = j.id::text
             WHERE j.type = 'fail_as' GROUP BY j.id) AS counted
       GROUP BY letters`,
    );
    expect(rows).toEqual([{ letters: 1, jobs: 240 }]);
    const isDelivered = async () => {
      const { rows: open } = await app.database.pool.query(
        `SELECT FROM jobs WHERE type = 'dead_letter' AND status <> 'COMPLETED'`,
      );
      return open.length === 0;
    };
    await eventually(isDelivered, 40_000);
  });
});
