import type { Command } from '../command.js';
import { becomeRole } from './become-role.js';

export const worker: Command = {
  name: 'worker',
  summary: 'Run a worker.',
  options: {
    queues: 'WORKER_QUEUES',
    concurrency: 'WORKER_CONCURRENCY',
    'metrics-port': 'WORKER_METRICS_PORT',
  },
  run: async (settings) => becomeRole('worker', settings),
};
