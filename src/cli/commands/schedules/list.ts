import type { Command } from '../../command.js';
import type { Column } from '../../output/table.js';
import { terminal } from '../../output/terminal.js';
import { ago } from '../../output/times.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pageOptions, printPages } from '../../service/pages.js';
import { type ScheduleAnswer, timingOf, whatOf } from './schedule.js';

const columns: readonly Column<ScheduleAnswer>[] = [
  { title: 'SCHEDULE', of: ({ name }) => name, shrinks: true },
  {
    title: 'STATE',
    of: ({ state }) => state,
    style: ({ state }) => (state === 'active' ? undefined : terminal.style('yellow')),
  },
  { title: 'WHEN', of: timingOf, shrinks: true },
  { title: 'TIMEZONE', of: ({ timezone }) => timezone },
  { title: 'STARTS', of: whatOf, shrinks: true },
  { title: 'NEXT', of: (schedule) => ago(schedule.next_run_at), isRight: true },
  { title: 'LAST', of: (schedule) => ago(schedule.last_run_at), isRight: true },
  { title: 'ERROR', of: (schedule) => schedule.last_error?.message, shrinks: true },
];

export const list: Command = {
  extras: { ...pageOptions, ...serviceOptions },
  examples: [{ line: 'roundhouse schedules list', says: 'What comes again and again, and when next.' }],
  run: async (_settings, extras) =>
    printPages(
      serviceFor(extras),
      { path: '/schedules', member: 'schedules', columns, otherwise: 'There are no schedules.' },
      extras,
    ),
};
