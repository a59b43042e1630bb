import { createTestDatabase } from '../support/database.js';
import { type App, startApp } from '../support/start-app.js';
import { RunningProgram } from '../support/running-program.js';

describe('roundhouse worker --once', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('worker once', { workers: 0 });
  });
  afterAll(() => app?.stop());

  const workOnce = async (url: string, ...options: string[]) => {
    const program = RunningProgram.node(
      ['dist/src/cli/main.js', 'worker', '--once', '--metrics-port=0', ...options],
      {
        DATABASE_URL: url,
        DATABASE_DIRECT_URL: '',
        PERIODIC_TASKS_ENABLED: 'false',
      },
    );
    return { ...(await program.exited), output: program.output };
  };
  const statuses = async (queue: string) => {
    const { body } = await app.client.get(`/jobs?queue=${queue}&limit=200`);
    return body.jobs.map(({ status }: { status: string }) => status).sort();
  };

  test('runs all that can start, with all that follows from it, and ends', async () => {
    const jobs = Array.from({ length: 60 }, (_, n) => ({ payload: { n }, queue: 'all' }));
    await app.client.post('/jobs/batch', { jobs });
    const chain = Array.from({ length: 8 }, (_, n) => ({
      ref: `step-${n}`,
      type: 'echo',
      payload: {},
      queue: 'chain',
      depends_on: n === 0 ? [] : [`step-${n - 1}`],
    }));
    expect((await app.client.post('/workflows', { jobs: chain })).status).toBe(201);
    await app.client.post('/jobs', { payload: {}, queue: 'all', schedule_in: 3_600 });
    const { code, signal, output } = await workOnce(app.database.url);
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(output).toContain('all jobs finished');
    expect(await statuses('all')).toEqual([...Array(60).fill('COMPLETED'), 'PENDING']);
    expect(await statuses('chain')).toEqual(Array(8).fill('COMPLETED'));
  });

  test('leaves alone what is paused, and queues that are not its own', async () => {
    for (const queue of ['paused', 'own', 'other']) await app.client.post('/jobs', { payload: {}, queue });
    await app.client.post('/queues/paused/pause', {});
    expect((await workOnce(app.database.url, '--queues', 'own,paused')).code).toBe(0);
    expect([await statuses('own'), await statuses('paused'), await statuses('other')]).toEqual([
      ['COMPLETED'],
      ['PENDING'],
      ['PENDING'],
    ]);
  });

  test('ends at once where there is nothing to do', async () => {
    const database = await createTestDatabase('worker once empty');
    expect((await workOnce(database.url)).code).toBe(0);
    await database.drop();
  });
});
