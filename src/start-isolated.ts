import { NestFactory } from '@nestjs/core';
import { IsolatedAppModule } from './app.module.js';
import { NestLog, createLog } from './common/logging.js';
import type { Config } from './config/index.js';
import { QueueReadiness } from './queue/index.js';
import { stopTelemetry } from './telemetry/start-telemetry.js';
import { AttemptHost, wearLeash } from './worker/index.js';

/** Runs single attempts for the worker that started this process, until that worker has no more of them, or is gone. */
export async function startIsolated(config: Config): Promise<void> {
  // Who stops a whole group of processes means the worker, which decides what becomes of its attempts.
  process.on('SIGTERM', () => undefined).on('SIGINT', () => undefined);
  const leave = () => process.exit(0);
  process.once('disconnect', leave);
  wearLeash(config.worker.deadAfterSeconds);
  const app = await NestFactory.createApplicationContext(IsolatedAppModule, {
    logger: new NestLog(createLog(config.logLevel, 'isolated')),
    abortOnError: false,
  });
  await app.get(QueueReadiness).ready;
  const host = app.get(AttemptHost);
  process.off('disconnect', leave).once('disconnect', () => end(host));
  host.serve();
}

/** A handler must not go on beside its successor, not even for the sake of its trace. */
function end(host: AttemptHost): void {
  if (!host.isIdle) process.exit(0);
  void stopTelemetry().finally(() => process.exit(0));
}
