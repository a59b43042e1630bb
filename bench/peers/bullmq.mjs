import { Queue, Worker, createPostgresBackend, withBackend } from 'bullmq';
import { PAYLOAD, keepCalling, serveCommands, startOneByOne, submitBatches } from '../commands.ts';

const { DATABASE_URL, REDIS_URL } = process.env;

/** On Redis when REDIS_URL names one, on PostgreSQL otherwise. */
const { kinds, connection } = REDIS_URL
  ? { kinds: { Queue, Worker }, connection: { url: REDIS_URL, maxRetriesPerRequest: null } }
  : {
      kinds: withBackend(createPostgresBackend),
      connection: { connectionString: DATABASE_URL, max: 20, migrate: true },
    };

const NAME = 'bench';
let queue;
let worker;

/** Finished jobs are removed, which is its fastest way. */
const defaultJobOptions = { removeOnComplete: true };

function startWorker(run, concurrency) {
  worker = new kinds.Worker(NAME, run, { connection, concurrency });
  worker.on('error', (error) => process.stderr.write(`${error.message}\n`));
  return worker;
}

serveCommands({
  async prepare() {
    queue = new kinds.Queue(NAME, { connection, defaultJobOptions });
    queue.on('error', (error) => process.stderr.write(`${error.message}\n`));
    await queue.waitUntilReady();
  },
  submitSingly: (callers, ms) => keepCalling(callers, ms, () => queue.add('noop', PAYLOAD)),
  submitInBulk: (jobs) =>
    submitBatches(jobs, (size) =>
      queue.addBulk(Array.from({ length: size }, () => ({ name: 'noop', data: PAYLOAD }))),
    ),
  async drain(jobs) {
    let completed = 0;
    const startedAt = performance.now();
    await new Promise((done) => {
      startWorker(async () => undefined, 200).on('completed', () => {
        if (++completed === jobs) done();
      });
    });
    const ms = performance.now() - startedAt;
    await worker.close();
    worker = undefined;
    return { jobs, ms };
  },
  async latencies(count) {
    let started = () => undefined;
    await startWorker(async () => started(), 10).waitUntilReady();
    return startOneByOne(count, (onStart) => {
      started = onStart;
      return queue.add('noop', PAYLOAD);
    });
  },
  async stop() {
    await worker?.close(true);
    await queue?.close();
  },
});
