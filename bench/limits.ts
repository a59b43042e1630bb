import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createApi } from '../src/api-application.js';
import { loadConfig } from '../src/config/index.js';
import { Postgres } from '../src/database/index.js';
import { migrateDatabase } from '../src/migrate.js';
import { LimitSettings, Pauses, QueueService } from '../src/queue/index.js';
import { LimitMeasures } from './limit-measures.js';
import { withServer } from './server.js';

/** Limits over three worker processes: whether they are ever exceeded, how much of them is used, and what they cost. */
const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });

const WORKERS = 3;
const WORKER = fileURLToPath(new URL('./subjects/sleeping-worker.js', import.meta.url));
const SECOND = 1_000;
const MINUTE = 60_000;
const BACKLOG = 100_000;

await withServer(async ({ freshDatabase }) => {
  const url = await freshDatabase();
  Object.assign(process.env, { DATABASE_URL: url, LOG_LEVEL: 'error', PERIODIC_TASKS_ENABLED: 'false' });
  const config = loadConfig();
  await migrateDatabase(config);
  const api = await createApi(config);
  await api.init();
  const workers = await Promise.all(Array.from({ length: WORKERS }, startWorker));
  const bench = new LimitMeasures(
    url,
    api.get(QueueService),
    api.get(LimitSettings, { strict: false }),
    api.get(Pauses),
    api.get(Postgres),
    workers,
  );
  const parts: Record<string, () => Promise<object>> = {
    '100/minute': () => bench.rate('slow', { rate: '100/minute' }, 100, MINUTE, 130),
    '600/minute': () => bench.rate('minute', { rate: '600/minute' }, 600, MINUTE, 130),
    '100/second, burst 3': () => bench.rate('second', { rate: '100/second', burst: 3 }, 100, SECOND, 30),
    'concurrency 5, jobs of 50 ms': () => bench.concurrency('short', 5, 50, 20),
    'concurrency 5, jobs of 500 ms': () => bench.concurrency('long', 5, 500, 20),
    'keys: concurrency 1 each of 10, jobs of 50 ms': () => bench.keys('keyed', 10, 50, 20),
    'keys: concurrency 1 each of 10, jobs of 500 ms': () => bench.keys('keyed-long', 10, 500, 20),
    'other jobs, nothing limited ahead': () => bench.others('plain', 0),
    [`other jobs, ${BACKLOG} of one limited key ahead`]: () => bench.others('behind', BACKLOG),
  };
  try {
    for (const [name, measure] of Object.entries(parts)) {
      if (name.includes(values.only)) console.log(name.padEnd(50), JSON.stringify(await measure()));
    }
  } finally {
    for (const worker of workers) worker.disconnect();
    await Promise.all(workers.map((worker) => once(worker, 'exit')));
    await api.close();
  }
});

async function startWorker(): Promise<ChildProcess> {
  const worker = fork(WORKER, { env: { ...process.env, ROLE: 'worker', WORKER_METRICS_PORT: '0' } });
  await once(worker, 'message');
  return worker;
}
