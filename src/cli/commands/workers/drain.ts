import type { Command } from '../../command.js';
import { jobsOf } from '../../output/counted.js';
import { terminal } from '../../output/terminal.js';
import { each } from '../../service/each.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';

export const drain: Command = {
  operands: ['ID...'],
  extras: serviceOptions,
  details:
    'A drained worker takes no more jobs, finishes those it runs, and ends; "npm start" starts a fresh one.',
  examples: [{ line: 'roundhouse workers drain $WORKER', says: 'Before its machine goes.' }],
  async run(_settings, extras, ids) {
    const service = serviceFor(extras);
    return each(ids, async (id) => {
      const worker = await service.post<{ id: string; busy: number }>(pathOf`/workers/${id}/drain`);
      if (extras.json !== undefined) terminal.printJsonLine(worker);
      else terminal.print(`${worker.id}  drains: ${jobsOf(worker.busy)} to finish first.`);
    });
  },
};
