import { ONCE_FLAG } from '../../launcher/once.js';
import type { Command } from '../command.js';
import { becomeRole } from './become-role.js';

export const worker: Command = {
  options: {
    queues: 'WORKER_QUEUES',
    concurrency: 'WORKER_CONCURRENCY',
    'metrics-port': 'WORKER_METRICS_PORT',
  },
  extras: {
    once: {
      says: 'Run what can start now, and what follows from it, then end: for a cron job, or a test. What waits for its time, a limit or a paused queue stays.',
    },
  },
  examples: [{ line: 'roundhouse worker --once --queues emails,reports', says: 'Empty two queues and end.' }],
  run: async (settings, { once }) => becomeRole('worker', settings, once === undefined ? [] : [ONCE_FLAG]),
};
