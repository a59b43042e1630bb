import type { Command } from '../../command.js';
import { terminal } from '../../output/terminal.js';
import type { Column } from '../../output/table.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { type QueueAnswer, limitsOf, oldestOf } from './queue.js';

const columns: readonly Column<QueueAnswer>[] = [
  { title: 'QUEUE', of: ({ name }) => name, shrinks: true },
  {
    title: 'STATE',
    of: ({ paused }) => (paused ? 'paused' : 'open'),
    style: ({ paused }) => (paused ? terminal.style('yellow') : undefined),
  },
  { title: 'WAITING', of: ({ depth }) => (depth.PENDING ?? 0) + (depth.BLOCKED ?? 0), isRight: true },
  { title: 'RUNNING', of: ({ depth }) => depth.PROCESSING, isRight: true },
  { title: 'FAILED', of: ({ depth }) => depth.FAILED, isRight: true },
  { title: 'OLDEST', of: oldestOf, isRight: true },
  { title: 'DONE/MIN', of: ({ rates }) => rates.last_minute.completed, isRight: true },
  { title: 'LATE', of: (queue) => queue.objective_status?.late_now, isRight: true },
  { title: 'WORKERS', of: (queue) => queue.live_workers, isRight: true },
  { title: 'LIMITS', of: limitsOf, shrinks: true },
];

export const list: Command = {
  extras: serviceOptions,
  examples: [{ line: 'roundhouse queues list', says: 'What waits where, and since when.' }],
  async run(_settings, extras) {
    const answer = await serviceFor(extras).get<{ queues: QueueAnswer[] }>('/queues');
    if (extras.json !== undefined) terminal.printJson(answer);
    else
      terminal.printTable(columns, answer.queues, 'There are no queues yet: each begins with its first job.');
    return 0;
  },
};
