import { randomUUID } from 'node:crypto';
import { type CommitCutter, startCommitCutter } from '../support/commit-cutter.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type Answer, Client } from '../support/http.js';
import { hold } from '../support/pause.js';
import { type ProductProcess, startProduct } from '../support/product.js';
import { type TcpProxy, startTcpProxy } from '../support/tcp-proxy.js';

/** What a caller may wait for an answer, whatever happens. */
const ANSWERED_WITHIN_MS = 5_000;

const JOB = { type: 'echo', payload: {} };

describe('the API, when its database', () => {
  let database: TestDatabase;
  let cutter: CommitCutter;
  let proxy: TcpProxy;
  let api: ProductProcess;
  let client: Client;
  let jobId: string;
  beforeAll(async () => {
    database = await createTestDatabase('outage api');
    cutter = await startCommitCutter(database.url);
    proxy = await startTcpProxy(cutter.url);
    api = await startProduct('api', proxy.url, { DB_POOL_MAX: '8' });
    client = new Client(api.ready);
    jobId = (await client.post('/jobs', JOB)).body.job_id;
  });
  afterAll(async () => {
    await api?.stop();
    await Promise.all([proxy?.stop(), cutter?.stop()]);
    await database?.drop();
  });

  /** One of every kind: submit, read, list, control. */
  const requests = (): Promise<Answer>[] => [
    client.post('/jobs', JOB),
    client.post('/jobs', { ...JOB, idempotency_key: randomUUID() }),
    client.post('/jobs/batch', { jobs: [JOB, JOB] }),
    client.post('/tasks/echo', {}),
    client.get(`/jobs/${jobId}`),
    client.get(`/jobs/${jobId}/attempts`),
    client.get('/jobs'),
    client.get('/queues'),
    client.get('/admin/stats'),
    client.post(`/jobs/${jobId}/cancel`),
    client.post('/queues/default/pause'),
    client.post('/queues/default/resume'),
  ];

  async function timed(asked: Promise<Answer>): Promise<Answer & { ms: number }> {
    const since = performance.now();
    const answer = await asked;
    return { ...answer, ms: performance.now() - since };
  }

  /** Every one of these is told in time to ask again. */
  async function allAreRefused(asked: Promise<Answer>[]): Promise<number> {
    const answers = await Promise.all(asked.map(timed));
    for (const { status, headers, body } of answers) {
      expect([status, body]).toEqual([503, expect.objectContaining({ code: 'database_unavailable' })]);
      expect(headers.get('retry-after')).toBe('2');
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|ECONN|SELECT|INSERT/);
    }
    const slowest = Math.max(...answers.map(({ ms }) => ms));
    expect(slowest).toBeLessThan(ANSWERED_WITHIN_MS);
    return Math.round(slowest);
  }

  const isWell = () => eventually(async () => (await client.post('/jobs', JOB)).status === 201);

  const faults: Record<string, () => void> = {
    'is gone': () => proxy.cut(),
    hangs: () => proxy.hang(),
    'starts up': () => proxy.refuse('57P03', 'the database system is starting up'),
    'has no connection left': () => proxy.refuse('53300', 'sorry, too many clients already'),
    'refuses the password': () => proxy.refuse('28P01', 'password authentication failed'),
    'does not exist': () => proxy.refuse('3D000', 'database does not exist'),
  };

  test.each(Object.keys(faults))(
    '%s, answers every kind of request in time, and mends by itself',
    async (fault) => {
      await isWell();
      faults[fault]!();
      const first = await allAreRefused(requests());
      const second = await allAreRefused([...requests(), ...requests()]);
      expect((await client.get('/health/live')).status).toBe(200);
      expect((await client.get('/health/ready')).status).toBe(503);
      proxy.mend();
      const since = performance.now();
      await isWell();
      console.log(
        `${fault}: answered in ${first} and ${second} ms, well ${Math.round(performance.now() - since)} ms later`,
      );
      // A look that several share is not taken again at once when it failed.
      await eventually(async () => (await Promise.all(requests())).every(({ status: well }) => well < 500));
    },
  );

  test('is blocked by somebody and all connections wait, answers in time', async () => {
    await isWell();
    const stranger = await hold(database, 'LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE');
    const submissions = () => Array.from({ length: 20 }, () => client.post('/jobs', JOB));
    const reads = () => Array.from({ length: 20 }, () => client.get(`/jobs/${jobId}`));
    const slowest = await allAreRefused([...submissions(), ...reads()]);
    await stranger.rollback();
    console.log(`blocked: answered in ${slowest} ms`);
    await isWell();
  });

  test('keeps a key for somebody, tells all who want it in time', async () => {
    const key = randomUUID();
    await isWell();
    const first = await client.post('/jobs', { ...JOB, idempotency_key: key });
    const holder = await hold(database, 'SELECT 1 FROM job_keys FOR UPDATE');
    const slowest = await allAreRefused(
      Array.from({ length: 12 }, () => client.post('/jobs', { ...JOB, idempotency_key: key })),
    );
    await holder.rollback();
    console.log(`a key is held: answered in ${slowest} ms`);
    const repeated = await client.post('/jobs', { ...JOB, idempotency_key: key });
    expect([repeated.status, repeated.body.job_id]).toEqual([200, first.body.job_id]);
  });

  test('takes no writes, says so, and takes them again', async () => {
    const { rows } = await database.pool.query('SELECT current_database() AS name');
    await database.pool.query(`ALTER DATABASE ${rows[0].name} SET default_transaction_read_only = on`);
    proxy.mend();
    const { status, body } = await eventually(async () => {
      const answer = await client.post('/jobs', JOB);
      return answer.status === 503 && /standby/.test(answer.body.detail) ? answer : undefined;
    });
    expect([status, body.code]).toEqual([503, 'database_unavailable']);
    expect((await client.get(`/jobs/${jobId}`)).status).toBe(200);
    const operator = await database.pool.connect();
    await operator.query('SET default_transaction_read_only = off');
    await operator.query(`ALTER DATABASE ${rows[0].name} RESET default_transaction_read_only`);
    operator.release();
    // Each connection that met the refusal is dropped, and new ones may write.
    await isWell();
  });

  test('is lost at a commit, says that nobody knows, and the same key answers with the same job', async () => {
    await isWell();
    const key = randomUUID();
    const cut = cutter.cutNextCommit('after').then(() => proxy.cut());
    const { status, body } = await client.post('/jobs', { ...JOB, idempotency_key: key });
    await cut;
    expect(status).toBe(503);
    expect(body.detail).toContain('unknown whether the job was accepted');
    expect(body.detail).toContain('same Idempotency-Key');
    proxy.mend();
    const again = await eventually(async () => {
      const answer = await client.post('/jobs', { ...JOB, idempotency_key: key });
      return answer.status < 300 ? answer : undefined;
    });
    const { rows } = await database.pool.query('SELECT id FROM jobs WHERE idempotency_key = $1', [key]);
    expect(rows).toEqual([{ id: again.body.job_id }]);
    // It had been stored at the first time.
    expect(again.status).toBe(200);
  });

  test('comes and goes, is said with one line each time', () => {
    const lines = api
      .output()
      .split('\n')
      .filter((line) => line.includes('"level":40') || line.includes('"level":50'));
    console.log(`${lines.length} warnings of ${Object.keys(faults).length + 4} outages`);
    expect(lines.length).toBeLessThan(40);
  });
});
