import { randomUUID } from 'node:crypto';
import type { INestApplicationContext, Type } from '@nestjs/common';
import {
  type Claimant,
  type ClaimedJob,
  type Job,
  type JobType,
  JobTypes,
  type NewJob,
  QueueModule,
  QueueService,
  type Settled,
} from '../../src/queue/index.js';
import type { Outcome } from '../../src/queue/index.js';
import { compile } from './compile.js';
import { type TestDatabase, createTestDatabase } from './database.js';
import { settleAll } from './settle-all.js';

/** The queue layer alone, on a migrated database of its own: no HTTP, no worker, no timers of jobs. */
export interface TestQueue {
  readonly database: TestDatabase;
  readonly queue: QueueService;
  get<T>(token: Type<T> | symbol): T;
  /** Enqueues one job of type `task`. */
  enqueue(job?: Partial<NewJob>): Promise<Job>;
  /** Claims for a worker that knows every type. */
  claim(limit?: number, from?: { queue?: string } & Partial<Claimant>): Promise<ClaimedJob[]>;
  /** Enqueues a job and claims it. */
  started(job?: Partial<NewJob>): Promise<ClaimedJob>;
  /** As a worker does it, who waits for what others hold. */
  settle(claim: ClaimedJob, outcome: Outcome): Promise<Settled>;
  /** The job's row as the database has it. */
  row(id: string): Promise<Record<string, any>>;
  rows(sql: string, values?: unknown[]): Promise<Record<string, any>[]>;
  /** The ids of the tickets of a queue. */
  tickets(queue?: string): Promise<string[]>;
  /** The ledger of a job, as `event attempt`. */
  ledger(id: string): Promise<string[]>;
  stop(): Promise<void>;
}

interface Wanted {
  /** Another way to the database, such as a proxy. */
  readonly url?: string;
  readonly environment?: Record<string, string>;
  readonly types?: readonly Partial<JobType>[];
}

/** The worker that claims, where a test doesn't say. */
export const WORKER = randomUUID();

class AnyPayload {}

/** A job type of tests: retries after 1, 2, 4 … 300 s, exactly. */
function jobType(wanted: Partial<JobType> = {}): JobType {
  return {
    type: 'task',
    aliases: [],
    queue: 'default',
    description: 'For tests.',
    payload: AnyPayload,
    example: {},
    summary: () => '',
    maxAttempts: 3,
    backoff: { strategy: 'exponential', baseDelay: 1, maxDelay: 300, jitter: 0 },
    timeoutSeconds: 60,
    ...wanted,
  };
}

/** Starts the queue layer in this process for one test file. */
export async function startQueue(test: string, wanted: Wanted = {}): Promise<TestQueue> {
  const database = await createTestDatabase(test);
  const app = await startProcess(wanted.url ?? database.url, wanted);
  const queue = app.get(QueueService);
  const rows = async (sql: string, values?: unknown[]) => (await database.pool.query(sql, values)).rows;
  const enqueue = async (job: Partial<NewJob> = {}) => {
    const [enqueued] = await queue.enqueue([{ type: 'task', payload: {}, ...job }]);
    return enqueued!.job;
  };
  const claim: TestQueue['claim'] = (limit = 10, { queue: name = 'default', ...claimant } = {}) =>
    queue.claim(name, limit, { workerId: WORKER, ...claimant });
  return {
    database,
    queue,
    get: (token) => app.get(token),
    enqueue,
    claim,
    started: async (job) => {
      const { id, queue: name } = await enqueue(job);
      const claimed = await claim(1_000, { queue: name });
      return claimed.find((candidate) => candidate.id === id)!;
    },
    settle: (settled, outcome) => settleAll(queue, [{ claim: settled, outcome }]),
    row: async (id) => (await rows('SELECT * FROM jobs WHERE id = $1', [id]))[0]!,
    rows,
    tickets: async (name = 'default') =>
      (await rows('SELECT id FROM pgboss.job WHERE name = $1 ORDER BY id', [name])).map((row) => row.id),
    ledger: async (id) =>
      (await rows('SELECT event, attempt FROM job_events WHERE job_id = $1 ORDER BY id', [id])).map(
        ({ event, attempt }) => `${event} ${attempt}`,
      ),
    stop: async () => {
      await app.close();
      await database.drop();
    },
  };
}

/** Another process on the same database. */
export async function startProcess(
  url: string,
  { environment = {}, types = [] }: Omit<Wanted, 'url'> = {},
): Promise<INestApplicationContext> {
  const app = await compile(url, { imports: [QueueModule], environment });
  await app.init();
  for (const type of [{}, ...types]) app.get(JobTypes).add(jobType(type));
  return app;
}
