import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createApi } from '../src/api-application.js';
import { loadConfig } from '../src/config/index.js';
import { migrateDatabase } from '../src/migrate.js';
import { QueueService } from '../src/queue/index.js';
import type { Gap } from './loop-probe.js';
import { QUESTIONS, writeOrders } from './orders.js';
import { withClient, withServer } from './server.js';
import { forgetPeak, peakRssMib, usageOf } from './usage.js';

/** What process_data takes for a file of so many megabytes (10^6 bytes), in a worker process of its own. */
const { values } = parseArgs({ options: { megabytes: { type: 'string', default: '1000' } } });
const megabytes = Number(values.megabytes);

const WORKER = fileURLToPath(new URL('../src/main.js', import.meta.url));
const PROBE = new URL('./loop-probe.js', import.meta.url).href;
const LOOK_EVERY_MS = 50;
/** For how long a worker with nothing to do is watched, to compare with. */
const IDLE_MS = 15_000;

await withServer(async ({ url }) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'roundhouse-bench-data-'));
  Object.assign(process.env, { DATABASE_URL: url, DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
  const config = loadConfig();
  await migrateDatabase(config);
  const api = await createApi(config);
  await api.init();
  const queue = api.get(QueueService, { strict: false });
  try {
    await mkdir(join(dataDir, 'imports'));
    const file = join(dataDir, 'imports', 'orders.csv');
    await writeOrders(file, megabytes);
    const { size } = await stat(file);
    const idle = await startWorker();
    console.log(`idle    ${report(0, await measure(idle, () => pause(IDLE_MS)))}`);
    idle.kill();
    await once(idle, 'exit');
    for (const [name, question] of Object.entries(QUESTIONS)) {
      const worker = await startWorker();
      try {
        await work({ queue, url, type: 'echo', payload: {} });
        const payload = { file: 'imports/orders.csv', output: 'artifact', ...question };
        const figures = await measure(worker, () => work({ queue, url, type: 'process_data', payload }));
        console.log(`${name.padEnd(7)} ${report(size, figures)}`);
      } finally {
        worker.kill();
        await once(worker, 'exit');
      }
    }
  } finally {
    await api.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});

interface Figures {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly mibAboveIdle: number;
  readonly gap: Gap;
}

async function measure(worker: ChildProcess, run: () => Promise<void>): Promise<Figures> {
  const pid = worker.pid!;
  await gapOf(worker);
  const idle = usageOf(pid);
  forgetPeak(pid);
  const startedAt = performance.now();
  await run();
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuSeconds = (usageOf(pid).cpuMs - idle.cpuMs) / 1000;
  return { seconds, cpuSeconds, mibAboveIdle: peakRssMib(pid) - idle.rssMib, gap: await gapOf(worker) };
}

function report(bytes: number, { seconds, cpuSeconds, mibAboveIdle, gap }: Figures): string {
  const rate = bytes / 1_000_000 / seconds;
  return [
    `${seconds.toFixed(1)} s`,
    `${rate.toFixed(0)} MB/s`,
    `${cpuSeconds.toFixed(1)} s of CPU`,
    `${mibAboveIdle.toFixed(0)} MiB above the idle worker`,
    `longest wait of its event loop ${gap.gapMs.toFixed(1)} ms (it computed for ${gap.busyMs.toFixed(1)} ms at most)`,
  ].join(', ');
}

async function startWorker(): Promise<ChildProcess> {
  const worker = spawn(process.execPath, ['--import', PROBE, WORKER], {
    env: { ...process.env, ROLE: 'worker', WORKER_METRICS_PORT: '0', PERIODIC_TASKS_ENABLED: 'false' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(worker, 'message');
  return worker;
}

async function gapOf(worker: ChildProcess): Promise<Gap> {
  const answer = once(worker, 'message');
  worker.send('gap');
  const [gap] = (await answer) as [Gap];
  return gap;
}

interface Work {
  readonly queue: QueueService;
  readonly url: string;
  readonly type: string;
  readonly payload: Record<string, any>;
}

/** Resolves when the job is done. */
async function work({ queue, url, type, payload }: Work): Promise<void> {
  const [enqueued] = await queue.enqueue([{ type, payload, timeoutSeconds: 3_600, maxAttempts: 1 }]);
  await withClient(url, async (client) => {
    for (;;) {
      const { rows } = await client.query<{ status: string; message: string }>(
        `SELECT status, last_error ->> 'message' AS message FROM jobs WHERE id = $1`,
        [enqueued!.job.id],
      );
      const { status, message } = rows[0]!;
      if (status === 'COMPLETED') return;
      if (status === 'FAILED') throw new Error(message);
      await pause(LOOK_EVERY_MS);
    }
  });
}
