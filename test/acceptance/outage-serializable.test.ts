import { eventually } from '../support/eventually.js';
import { FIXTURE_APP, type ProductProcess, startProduct } from '../support/product.js';
import { Client } from '../support/http.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';

const JOBS = 300;

describe('a database whose transactions are serializable by default', () => {
  let database: TestDatabase;
  let processes: ProductProcess[] = [];
  let client: Client;
  beforeAll(async () => {
    database = await createTestDatabase('outage serializable');
    const { rows } = await database.pool.query('SELECT current_database() AS name');
    await database.pool.query(
      `ALTER DATABASE ${rows[0].name} SET default_transaction_isolation = 'serializable'`,
    );
    processes = await Promise.all([
      startProduct('api', database.url, {}, FIXTURE_APP),
      startProduct('worker', database.url, { WORKER_CONCURRENCY: '16' }, FIXTURE_APP),
    ]);
    client = new Client(processes[0]!.ready);
  });
  afterAll(async () => {
    await Promise.all(processes.map((each) => each.stop()));
    await database?.drop();
  });

  test('is asked by sixteen slots and many callers at once without a single failure', async () => {
    const statuses = new Map<number, number>();
    const submit = async (n: number) => {
      const { status, body } = await client.post('/jobs', {
        type: 'sleep',
        payload: { ms: n % 5 },
        ...(n % 3 === 0 ? { lock: `lock ${n % 4}` } : {}),
        ...(n % 3 === 1 ? { idempotency_key: `key ${n}` } : {}),
      });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (n % 10 === 0) await client.get(`/jobs/${body.job_id}/attempts`);
    };
    for (let start = 0; start < JOBS; start += 30)
      await Promise.all(Array.from({ length: 30 }, (_, n) => submit(start + n)));
    expect([...statuses]).toEqual([[201, JOBS]]);
    await eventually(async () => {
      const { rows } = await database.pool.query(
        `SELECT count(*)::int AS n FROM jobs WHERE status = 'COMPLETED' AND attempts = 1`,
      );
      return rows[0].n === JOBS;
    });
    expect((await client.get('/health')).status).toBe(200);
    expect((await client.get('/queues')).status).toBe(200);
    const warnings = processes.flatMap(({ output }) =>
      output()
        .split('\n')
        .filter((line) => /"level":[45]0/.test(line)),
    );
    expect(warnings.filter((line) => line.includes('serializ'))).toEqual([]);
  });
});
