import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { eventually } from './eventually.js';
import { type TestDatabase, createTestDatabase } from './database.js';
import { type Answer, Client } from './http.js';
import { type ProductProcess, startProduct } from './product.js';

/** The built product with a database of its own: an API, and workers if wanted. */
export interface App {
  readonly client: Client;
  readonly database: TestDatabase;
  readonly api: ProductProcess;
  readonly workers: ProductProcess[];
  addWorker(environment?: Record<string, string>): Promise<ProductProcess>;
  /** Resolves with the job once it has this status. */
  jobWith(status: string, jobId: string, withinMs?: number): Promise<Answer['body']>;
  /** Resolves with the worker that has started a job. */
  workerOf(jobId: string): Promise<ProductProcess>;
  stop(): Promise<void>;
}

interface Wanted {
  readonly workers?: number;
  readonly environment?: Record<string, string>;
  /** What is started instead of the product. */
  readonly program?: string;
  /** Variables that lead to the database of this address by another way. */
  readonly through?: (databaseUrl: string) => Promise<Record<string, string>>;
}

/** Starts the product's processes for one test file, named after the test. */
export async function startApp(
  test: string,
  { workers = 1, environment = {}, program, through }: Wanted = {},
): Promise<App> {
  const database = await createTestDatabase(test);
  const way = await through?.(database.url);
  const dataDir = join(tmpdir(), basename(database.url));
  const start = (role: 'api' | 'worker', more: Record<string, string> = {}) =>
    startProduct(
      role,
      asRole(role, database.url),
      { DATA_DIR: dataDir, ...way, ...environment, ...more },
      program,
    );
  const [api, ...running] = await Promise.all([
    start('api'),
    ...Array.from({ length: workers }, () => start('worker')),
  ]);
  const client = new Client(api.ready);
  const app: App = {
    client,
    database,
    api,
    workers: running,
    addWorker: async (more = {}) => {
      const worker = await start('worker', more);
      running.push(worker);
      return worker;
    },
    jobWith: (status, jobId, withinMs) =>
      eventually(async () => {
        const { body } = await client.get(`/jobs/${jobId}`);
        if (body.status !== status)
          throw new Error(`Job ${jobId} is ${body.status}: ${JSON.stringify(body)}`);
        return body;
      }, withinMs),
    workerOf: (jobId) =>
      eventually(async () => {
        const { rows } = await database.pool.query<{ pid: number }>(
          'SELECT w.pid FROM jobs j JOIN workers w ON w.id = j.worker_id WHERE j.id = $1',
          [jobId],
        );
        return running.find(({ child }) => child.pid === rows[0]?.pid);
      }),
    stop: async () => {
      await Promise.all([api, ...running].map((started) => started.stop()));
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return app;
}

/** The address under which a process has the rights of its role only, where the tests are run so. */
function asRole(role: 'api' | 'worker', address: string): string {
  if (!process.env.TEST_ROLES) return address;
  const url = new URL(address);
  return Object.assign(url, { username: `test_${role}`, password: 'test' }).href;
}
