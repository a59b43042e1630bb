import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Config, loadConfig } from './config/index.js';
import { QueueReadiness } from './queue/index.js';
import { worksOnce } from './launcher/once.js';
import { reportFault } from './common/index.js';
import { runUntilStopped, sayReady } from './run-until-stopped.js';
import { stopTelemetry } from './telemetry/start-telemetry.js';
import { WorkerRuntime } from './worker/index.js';
import { createWorker } from './worker-application.js';

/** What a stopping worker may need beyond the time its jobs are given: aborting, settling, closing. */
const LAST_WORDS_SECONDS = 15;

/** Runs a worker until the process is told to stop. It starts to work when the database is there. */
export async function startWorker(): Promise<void> {
  const config = loadConfig();
  const app = await createWorker(config);
  await app.init();
  await showHealth(app, config);
  const runtime = app.get(WorkerRuntime);
  endWhenBroken(runtime);
  const stop = runUntilStopped(app, config.worker.shutdownSeconds + LAST_WORDS_SECONDS);
  void runtime.wantsToEnd.then(stop);
  await app.get(QueueReadiness).ready;
  await runtime.start();
  sayReady('worker');
  if (worksOnce()) void runtime.workThrough().then(() => stop(0));
}

/** What a handler throws in a callback, or leaves as a rejection that nobody sees, comes here. */
function endWhenBroken(runtime: WorkerRuntime): void {
  process.on('uncaughtException', (error) => {
    setTimeout(() => process.exit(1), LAST_WORDS_SECONDS * 1000).unref();
    reportFault(error, { where: 'outside of a handler' });
    void runtime
      .breakDown(error)
      .finally(stopTelemetry)
      .finally(() => process.exit(1));
  });
}

/** Opens the port for `/health` and `/metrics`, unless it is switched off. It is worth no worker's start to fail. */
async function showHealth(app: NestFastifyApplication, { http, worker }: Config): Promise<void> {
  if (worker.metricsPort === 0) return;
  const logger = new Logger('Worker');
  const fastify = app.getHttpAdapter().getInstance();
  const listen = (port: number) => fastify.listen({ host: http.host, port });
  const takeAnother = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    logger.warn(`Port ${worker.metricsPort} (WORKER_METRICS_PORT) is in use: taking a free one instead`);
    return listen(0);
  };
  try {
    const url = await listen(worker.metricsPort).catch(takeAnother);
    logger.log(`Health and metrics of this worker: ${url}/health and ${url}/metrics`);
  } catch (error) {
    logger.error(`This worker runs without /health and /metrics: ${(error as Error).message}`);
  }
}
