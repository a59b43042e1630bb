import type { Command } from '../../command.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pageOptions, printPages } from '../../service/pages.js';
import { jobColumns } from './columns.js';
import { filterFrom, filterOptions } from './filter.js';

export const list: Command = {
  extras: {
    ...filterOptions,
    search: {
      value: 'TERMS',
      says: 'What is in payload, result or error, such as payload.user.id:42 or error:"timed out".',
    },
    ...pageOptions,
    ...serviceOptions,
  },
  examples: [
    {
      line: 'roundhouse jobs list --status failed --queue emails',
      says: 'What failed there, the newest first.',
    },
    { line: `roundhouse jobs list --search 'payload.user.id:42'`, says: 'The jobs of one user.' },
    {
      line: 'roundhouse jobs list --all --json | wc -l',
      says: 'All of them, a line each, for a script.',
    },
  ],
  run: async (_settings, extras) =>
    printPages(
      serviceFor(extras),
      {
        path: '/jobs',
        query: { ...filterFrom(extras), q: extras.search },
        member: 'jobs',
        columns: jobColumns,
        otherwise: 'There are no such jobs.',
      },
      extras,
    ),
};
