import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApi } from '../../src/api-application.js';
import { loadConfig } from '../../src/config/index.js';
import { migrateDatabase } from '../../src/migrate.js';
import { JobEvents, QueueService } from '../../src/queue/index.js';
import { EchoHandler } from '../../src/tasks/index.js';
import { createWorker } from '../../src/worker-application.js';
import { WorkerRuntime } from '../../src/worker/index.js';
import {
  PAYLOAD,
  type Subject,
  type Work,
  keepCalling,
  serveCommands,
  startOneByOne,
  submitBatches,
} from '../commands.js';

const config = loadConfig();
const JOB = { type: 'echo', payload: PAYLOAD };

/** As shipped: WORKER_CONCURRENCY=10, ledger, fence and validation on. */
class Roundhouse implements Subject {
  private closers: (() => Promise<void>)[] = [];
  private submitter: Promise<QueueService> | undefined;

  async prepare(): Promise<void> {
    await migrateDatabase(config);
  }

  async submitSingly(callers: number, ms: number): Promise<Work> {
    const queue = await this.queue();
    return keepCalling(callers, ms, () => queue.enqueue([JOB]));
  }

  async submitInBulk(jobs: number): Promise<Work> {
    const queue = await this.queue();
    return submitBatches(jobs, (size) => queue.enqueue(Array.from({ length: size }, () => JOB)));
  }

  async drain(jobs: number): Promise<Work> {
    const worker = await createWorker(config);
    const events = worker.get(JobEvents);
    let startedAt = 0;
    let settled = 0;
    // Before the worker starts: it would have settled its first jobs by the time it says so.
    events.on('claimed', () => (startedAt ||= performance.now()));
    const drained = new Promise<void>((done) => {
      events.on('settled', () => {
        if (++settled === jobs) done();
      });
    });
    await start(worker);
    await drained;
    const ms = performance.now() - startedAt;
    await worker.close();
    return { jobs, ms };
  }

  async latencies(count: number): Promise<number[]> {
    const worker = await createWorker(config);
    await start(worker);
    this.closers.push(() => worker.close());
    const queue = worker.get(QueueService);
    const handler = worker.get(EchoHandler, { strict: false });
    let started: () => void = () => undefined;
    handler.run = async (job) => {
      started();
      return job.payload;
    };
    return startOneByOne(count, (onStart) => {
      started = onStart;
      return queue.enqueue([JOB]);
    });
  }

  async work(): Promise<void> {
    const worker = await createWorker(config);
    this.closers.push(() => worker.close());
    await start(worker);
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

  private queue(): Promise<QueueService> {
    this.submitter ??= this.startSubmitter();
    return this.submitter;
  }

  private async startSubmitter(): Promise<QueueService> {
    const api = await createApi(config);
    await api.init();
    this.closers.push(() => api.close());
    return api.get(QueueService);
  }
}

/** As `npm run start:worker` does, without a port of its own. */
async function start(worker: NestFastifyApplication): Promise<void> {
  await worker.init();
  await worker.get(WorkerRuntime).start();
}

serveCommands(new Roundhouse());
