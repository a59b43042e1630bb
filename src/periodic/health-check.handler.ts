import { Logger } from '@nestjs/common';
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import { JobHandler, LiveWorkersQuery } from '../worker/index.js';
import { NoPayload } from './no-payload.js';

const DAY_SECONDS = 86_400;

/** Looks at the database, the workers, this process and its machine. Fails when the database does not answer. */
@JobHandler({
  type: 'health_check_task',
  description: 'Checks the database, counts the live workers, and measures the process and its machine.',
  payload: NoPayload,
  example: {},
  unique: { by: ['type'], while: 'waiting', onConflict: 'return' },
  policy: ({ jobs }) => ({
    maxAttempts: 2,
    backoff: { strategy: 'exponential', baseDelay: 10, maxDelay: 30, jitter: jobs.jitter },
    timeoutSeconds: DAY_SECONDS,
  }),
})
export class HealthCheckHandler {
  private readonly logger = new Logger('HealthCheck');

  constructor(private readonly liveWorkers: LiveWorkersQuery) {}

  async run() {
    const start = performance.now();
    const workers = await this.liveWorkers.count();
    const latency = performance.now() - start;
    this.logger.log('Health check passed: Database connection OK');
    return {
      database: { status: 'up', latency_ms: Math.round(latency * 10) / 10 },
      workers: { live: workers },
      process: processFigures(),
      system: systemFigures(),
    };
  }
}

function processFigures() {
  const { rss, heapUsed } = process.memoryUsage();
  return { uptime_seconds: Math.round(process.uptime()), memory_bytes: rss, heap_used_bytes: heapUsed };
}

function systemFigures() {
  const [lastMinute = 0] = loadavg();
  return {
    cpus: availableParallelism(),
    load_average: lastMinute,
    memory_bytes: totalmem(),
    free_memory_bytes: freemem(),
  };
}
