import type { Command } from '../../command.js';
import { printDetails } from '../../output/details.js';
import { terminal } from '../../output/terminal.js';
import { spoken } from '../../output/times.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';
import { type QueueAnswer, limitsOf, objectiveOf, oldestOf, pauseOf } from './queue.js';

export const show: Command = {
  operands: ['QUEUE'],
  source: 'queues',
  extras: serviceOptions,
  examples: [{ line: 'roundhouse queues show emails', says: 'Everything about one queue.' }],
  async run(_settings, extras, [name = '']) {
    const queue = await serviceFor(extras).get<QueueAnswer>(pathOf`/queues/${name}`);
    if (extras.json !== undefined) terminal.printJson(queue);
    else printQueue(queue);
    return 0;
  },
};

/** Shows a queue; what it has not is left out. */
export function printQueue(queue: QueueAnswer): void {
  const { depth, rates, limit_usage: usage, seconds_to_drain: drain } = queue;
  const { submitted, completed, failed } = rates.last_minute;
  printDetails([
    ['queue', queue.name],
    ['state', pauseOf(queue) ?? 'open'],
    ['jobs', Object.entries(depth).map(([status, count]) => `${count} ${status}`)],
    ['oldest waiting', oldestOf(queue)],
    ['last minute', `${submitted} submitted, ${completed} completed, ${failed} failed`],
    ['drained in', drain === null ? null : spoken(drain)],
    ['workers', queue.live_workers],
    ['objective', objectiveOf(queue)],
    ['limits', limitsOf(queue)],
    ['most waiting', queue.max_waiting],
    ['limited now', usage && `${usage.running} run, ${usage.keys_held_back} keys held back`],
    ['next start', usage?.next_start_at],
    ['dead letters to', queue.dead_letter_queue],
    ['retention', queue.retention],
  ]);
}
