import type { Command } from '../../command.js';
import { jobsOf } from '../../output/counted.js';
import { terminal } from '../../output/terminal.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';
import type { QueueAnswer } from './queue.js';

export const resume: Command = {
  operands: ['QUEUE'],
  source: 'queues',
  extras: serviceOptions,
  examples: [{ line: 'roundhouse queues resume emails', says: 'Its jobs start again.' }],
  async run(_settings, extras, [name = '']) {
    const queue = await serviceFor(extras).post<QueueAnswer>(pathOf`/queues/${name}/resume`);
    if (extras.json !== undefined) terminal.printJson(queue);
    else terminal.print(`${queue.name} is open, with ${jobsOf(queue.depth.PENDING ?? 0)} waiting.`);
    return 0;
  },
};
