import type { Command } from '../../command.js';
import { terminal } from '../../output/terminal.js';
import type { Column } from '../../output/table.js';
import { countFrom } from '../../service/pages.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';
import { UsageError } from '../../usage.error.js';
import { timingFrom, timingOptions } from './timing.js';

interface Preview {
  readonly timezone: string;
  readonly occurrences: readonly { readonly utc: string; readonly local: string }[];
}

const columns: readonly Column<Preview['occurrences'][number]>[] = [
  { title: 'UTC', of: ({ utc }) => utc },
  { title: 'LOCAL', of: ({ local }) => local },
];

export const preview: Command = {
  operands: ['[NAME]'],
  source: 'schedules',
  extras: {
    ...timingOptions,
    count: { value: 'N', says: 'How many occurrences; 10 otherwise.' },
    ...serviceOptions,
  },
  examples: [
    { line: 'roundhouse schedules preview weekday-report --count 3', says: 'When a schedule fires next.' },
    {
      line: `roundhouse schedules preview --cron '30 2 * * *' --timezone Europe/Berlin`,
      says: 'When one would fire, also where clocks change.',
    },
  ],
  async run(_settings, extras, [name]) {
    const service = serviceFor(extras);
    const count = countFrom(extras.count, '--count');
    const timing = timingFrom(extras);
    const isTimed = Object.values(timing).some((value) => value !== undefined);
    if ((name === undefined) !== isTimed)
      throw new UsageError('Name a schedule, or say with --cron or --rrule what to try, and not both.');
    const answer = await (name === undefined
      ? service.post<Preview>('/schedules/preview', { ...timing, count })
      : service.get<Preview>(pathOf`/schedules/${name}/preview`, { query: { count } }));
    if (extras.json !== undefined) terminal.printJson(answer);
    else terminal.printTable(columns, answer.occurrences, 'It never fires again.');
    return 0;
  },
};
