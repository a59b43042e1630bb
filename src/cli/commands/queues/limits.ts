import type { Command, Extra, Extras } from '../../command.js';
import { terminal } from '../../output/terminal.js';
import { countFrom } from '../../service/pages.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';
import { UsageError } from '../../usage.error.js';
import { type QueueAnswer, limitsOf } from './queue.js';

const limitOptions = {
  rate: { value: 'N/UNIT', says: 'Starts per second, minute, hour or day, such as 100/minute.' },
  burst: { value: 'N', says: 'Starts that may come together after a rest; 1 otherwise.' },
  concurrency: { value: 'N', says: 'Jobs that may run at once.' },
  'key-rate': { value: 'N/UNIT', says: 'The rate of each limit key on its own.' },
  'key-burst': { value: 'N', says: 'The burst of each limit key.' },
  'key-concurrency': { value: 'N', says: 'Jobs of each limit key that may run at once.' },
} as const satisfies Record<string, Extra>;

export const limits: Command = {
  operands: ['QUEUE'],
  source: 'queues',
  extras: { ...limitOptions, none: { says: 'Take all limits away.' }, ...serviceOptions },
  details:
    'Without options it shows the limits there are. With options, these are all the limits the queue has from now on.',
  examples: [
    {
      line: 'roundhouse queues limits emails --rate 100/minute --concurrency 5',
      says: 'How often, and how many at once.',
    },
    {
      line: 'roundhouse queues limits emails --key-concurrency 1',
      says: 'One job of each customer at a time.',
    },
    { line: 'roundhouse queues limits emails --none', says: 'As fast as the workers can.' },
  ],
  async run(_settings, extras, [name = '']) {
    const service = serviceFor(extras);
    const path = pathOf`/queues/${name}`;
    const wanted = limitsFrom(extras);
    const queue = await (wanted === undefined
      ? service.get<QueueAnswer>(path)
      : service.patch<QueueAnswer>(path, { limits: wanted }));
    if (extras.json !== undefined) terminal.printJson(queue);
    else terminal.print(`${queue.name}: ${limitsOf(queue) ?? 'no limits'}.`);
    return 0;
  },
};

/** What they are to be; null = none, undefined = as they are. */
function limitsFrom(extras: Extras): object | null | undefined {
  const isGiven = Object.keys(limitOptions).some((option) => extras[option] !== undefined);
  if (extras.none !== undefined && isGiven)
    throw new UsageError('--none takes all limits away: leave the others out.');
  if (extras.none !== undefined) return null;
  if (!isGiven) return undefined;
  const perKey = partOf(extras, 'key-');
  return { ...partOf(extras, ''), ...(Object.keys(perKey).length > 0 ? { per_key: perKey } : {}) };
}

function partOf(extras: Extras, prefix: '' | 'key-'): Record<string, unknown> {
  const rate = extras[`${prefix}rate`];
  const burst = countFrom(extras[`${prefix}burst`], `--${prefix}burst`);
  const concurrency = countFrom(extras[`${prefix}concurrency`], `--${prefix}concurrency`);
  return {
    ...(rate === undefined ? {} : { rate }),
    ...(burst === undefined ? {} : { burst }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
}
