import { NestFactory } from '@nestjs/core';
import { WorkerAppModule } from './app.module.js';
import { NestLog, createLog } from './common/logging.js';
import { loadConfig } from './config/index.js';
import { runUntilStopped } from './run-until-stopped.js';

/** What a stopping worker may need beyond the time its jobs are given: aborting, settling, closing. */
const LAST_WORDS_SECONDS = 15;

/** Runs a worker until the process is told to stop. */
export async function startWorker(): Promise<void> {
  const config = loadConfig();
  const app = await NestFactory.createApplicationContext(WorkerAppModule, {
    logger: new NestLog(createLog(config.logLevel, 'worker')),
    abortOnError: false,
  });
  runUntilStopped(app, 'worker', config.worker.shutdownSeconds + LAST_WORDS_SECONDS);
}
