import type { Command, Extras } from '../../command.js';
import { terminal } from '../../output/terminal.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';
import { UsageError } from '../../usage.error.js';
import { type QueueAnswer, objectiveOf } from './queue.js';

export const objective: Command = {
  operands: ['QUEUE'],
  source: 'queues',
  extras: {
    within: { value: 'SECONDS', says: 'How soon jobs are to start.' },
    target: { value: 'FRACTION', says: 'How many of them, such as 0.95.' },
    none: { says: 'Take it away: DEFAULT_OBJECTIVE holds again, if there is one.' },
    ...serviceOptions,
  },
  details:
    'Without options it shows the objective, how many of the last hour and the last three days kept it.',
  examples: [
    {
      line: 'roundhouse queues objective emails --within 10 --target 0.95',
      says: 'Of a hundred jobs, 95 start within 10 s.',
    },
    { line: 'roundhouse queues objective emails', says: 'How well that is kept.' },
    { line: 'roundhouse queues objective emails --none', says: 'No objective of its own.' },
  ],
  async run(_settings, extras, [name = '']) {
    const service = serviceFor(extras);
    const path = pathOf`/queues/${name}`;
    const wanted = objectiveFrom(extras);
    const queue = await (wanted === undefined
      ? service.get<QueueAnswer>(path)
      : service.patch<QueueAnswer>(path, { objective: wanted }));
    if (extras.json !== undefined) terminal.printJson(queue);
    else terminal.print(`${queue.name}: ${objectiveOf(queue) ?? 'no objective'}.`);
    return 0;
  },
};

/** What it is to be; null = none, undefined = as it is. */
function objectiveFrom({ within, target, none }: Extras): object | null | undefined {
  if (within === undefined && target === undefined) return none === undefined ? undefined : null;
  if (none !== undefined) throw new UsageError('--none takes the objective away: leave the others out.');
  if (within === undefined || target === undefined)
    throw new UsageError('An objective needs both, as in: --within 10 --target 0.95');
  return { start_within: numberOf(within, '--within'), target: numberOf(target, '--target') };
}

function numberOf(text: string, option: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new UsageError(`${option} takes a number, not "${text}".`);
}
