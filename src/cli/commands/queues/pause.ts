import type { Command } from '../../command.js';
import { terminal } from '../../output/terminal.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';
import { type QueueAnswer, pauseOf } from './queue.js';

export const pause: Command = {
  operands: ['QUEUE'],
  source: 'queues',
  extras: {
    reason: { value: 'TEXT', says: 'For whoever wonders.' },
    until: { value: 'TIME', says: 'When it ends by itself, such as 2030-01-31T15:00:00Z.' },
    ...serviceOptions,
  },
  details: 'No job of the queue starts on any worker from the answer on; running ones go on.',
  examples: [
    {
      line: `roundhouse queues pause emails --reason 'The mail provider is down'`,
      says: 'Until somebody resumes it.',
    },
  ],
  async run(_settings, extras, [name = '']) {
    const { reason, until } = extras;
    const queue = await serviceFor(extras).post<QueueAnswer>(pathOf`/queues/${name}/pause`, {
      reason,
      until,
    });
    if (extras.json !== undefined) terminal.printJson(queue);
    else terminal.print(`${queue.name} is ${pauseOf(queue)}.`);
    return 0;
  },
};
