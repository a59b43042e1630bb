import { createApi } from '../../src/api-application.js';
import { loadConfig } from '../../src/config/index.js';
import { migrateDatabase } from '../../src/migrate.js';
import { JobEvents, QueueService } from '../../src/queue/index.js';
import { EchoHandler } from '../../src/tasks/index.js';
import { createWorker } from '../../src/worker-application.js';
import { type Subject, serveCommands } from '../subject.js';

const config = loadConfig();
const BATCH = 1_000;

/** As shipped: WORKER_CONCURRENCY=10, ledger, fence and validation on. */
class Roundhouse implements Subject {
  private closers: (() => Promise<void>)[] = [];

  async prepare(): Promise<void> {
    await migrateDatabase(config);
  }

  async preload(count: number): Promise<void> {
    const api = await createApi(config);
    await api.init();
    const queue = api.get(QueueService);
    for (let sent = 0; sent < count; sent += BATCH) {
      await queue.enqueue(
        Array.from({ length: Math.min(BATCH, count - sent) }, () => ({ type: 'echo', payload: {} })),
      );
    }
    await api.close();
  }

  async drain(count: number): Promise<number> {
    const worker = await createWorker(config);
    const events = worker.get(JobEvents);
    let startedAt = 0;
    let settled = 0;
    // Before the worker starts: it would have settled its first jobs by the time it says so.
    events.on('claimed', () => (startedAt ||= performance.now()));
    const drained = new Promise<void>((done) => {
      events.on('settled', () => {
        if (++settled === count) done();
      });
    });
    await worker.init();
    await drained;
    const took = performance.now() - startedAt;
    await worker.close();
    return took;
  }

  async latencies(count: number): Promise<number[]> {
    const context = await startWorker();
    this.closers.push(() => context.close());
    const queue = context.get(QueueService);
    const handler = context.get(EchoHandler, { strict: false });
    let started: () => void = () => undefined;
    handler.run = async (job) => {
      started();
      return job.payload;
    };
    return oneByOne(count, (onStart) => {
      started = onStart;
      return queue.enqueue([{ type: 'echo', payload: {} }]);
    });
  }

  async serve(): Promise<string> {
    const api = await createApi(config);
    this.closers.push(() => api.close());
    await api.listen({ host: '127.0.0.1', port: 0 });
    return api.getUrl();
  }

  async stop(): Promise<void> {
    for (const close of this.closers) await close();
  }
}

/** A worker as `npm run start:worker` has it, but for its own port. */
async function startWorker() {
  const worker = await createWorker(config);
  await worker.init();
  return worker;
}

/** The time from each submission's call to its handler's start, one after the other. */
async function oneByOne(count: number, submit: (onStart: () => void) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const calledAt = performance.now();
    await submit(() => {
      times.push(performance.now() - calledAt);
      resolve();
    });
    await promise;
  }
  return times;
}

serveCommands(new Roundhouse());
