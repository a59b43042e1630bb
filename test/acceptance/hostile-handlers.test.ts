import { HOSTILE_ERRORS, HOSTILE_RESULTS } from '../support/fixture-app/hostile-values.js';
import { matching } from '../support/hostile.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

describe('a worker whose handlers return and throw what is hard to keep', () => {
  let app: App;
  beforeAll(async () => {
    // A slot for each: one that waited for a slot behind them would be given back, and be claimed twice.
    const environment = { WORKER_CONCURRENCY: '200' };
    app = await startApp('hostile handlers', { program: FIXTURE_APP, environment });
  });
  afterAll(() => app?.stop());

  const submitted = async (payload: object): Promise<string> =>
    (await app.client.post('/jobs', { type: 'hostile', payload })).body.job_id;

  test('completes every job that returned, and fails every one that threw, for the reason it gave', async () => {
    const results = Object.entries(HOSTILE_RESULTS);
    const errors = Object.entries(HOSTILE_ERRORS);
    const returned = await Promise.all(results.map(([result]) => submitted({ result })));
    const failed = await Promise.all(errors.map(([error]) => submitted({ error })));
    for (const [index, [name, { kept }]] of results.entries()) {
      const { result, attempts } = await app.jobWith('COMPLETED', returned[index]!, 30_000);
      expect({ name, attempts, result }).toEqual({ name, attempts: 1, result: matching(kept) });
    }
    for (const [index, [name, { kept }]] of errors.entries()) {
      const id = failed[index]!;
      const { error_message } = await app.jobWith('FAILED', id);
      expect({ name, error_message }).toEqual({ name, error_message: matching(kept.message) });
      const { attempts } = (await app.client.get(`/jobs/${id}/attempts`)).body;
      expect(attempts).toMatchObject([{ number: 1, outcome: 'failed', error: matching(kept) }]);
    }
    const { logs } = (await app.client.get(`/jobs/${returned[0]}/logs`)).body;
    expect(logs.map(({ message }: any) => message)).toEqual([
      'a value that cannot be read',
      'a value that cannot be read',
    ]);
    expect(app.workers[0]!.child.exitCode).toBeNull();
    expect([app.api, ...app.workers].map((process) => process.output()).join()).not.toContain(
      'CANARY-IN-ERRORS',
    );
    const { rows } = await app.database.pool.query(
      `SELECT FROM jobs j LEFT JOIN job_events e ON e.job_id = j.id WHERE j::text LIKE '%CANARY-IN-ERRORS%' OR e::text LIKE '%CANARY-IN-ERRORS%'`,
    );
    expect(rows).toHaveLength(0);
  });
});
