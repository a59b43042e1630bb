import { setTimeout as pause } from 'node:timers/promises';
import { loadConfig } from '../../src/config/index.js';
import { EchoHandler } from '../../src/tasks/index.js';
import { createWorker } from '../../src/worker-application.js';
import { WorkerRuntime } from '../../src/worker/index.js';

/** A worker whose jobs take as many milliseconds as their payload says; it tells when each began and ended. */
const worker = await createWorker(loadConfig());
let runs: [queue: string, from: number, to: number][] = [];
worker.get(EchoHandler, { strict: false }).run = async ({ payload }) => {
  const from = performance.timeOrigin + performance.now();
  const { ms, queue } = payload as { ms: number; queue: string };
  if (ms > 0) await pause(ms);
  runs.push([queue, from, performance.timeOrigin + performance.now()]);
  return payload;
};
await worker.init();
await worker.get(WorkerRuntime).start();

process.on('message', () => {
  process.send?.(runs);
  runs = [];
});
process.on('disconnect', () => void worker.close().then(() => process.exit()));
process.send?.('ready');
